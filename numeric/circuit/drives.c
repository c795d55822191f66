#include "numeric/circuit/drives.h"

#include <math.h>
#include <stdlib.h>

#include "numeric/machine/memory.h"
#include "numeric/machine/random.h"

/* A second uniform number for normal variates, of coordinates of its own. */
static const uint64_t second_uniform = UINT64_C(1) << 62;

/* Overwrites the drives that have a law. */
static void draw_laws(double *drives, size_t stride, const double *uniforms,
                      const program_t *program, uint64_t seed, uint64_t purpose,
                      uint64_t sample, uint64_t layer) {
  size_t count = program->num_drives;
  double *second = memory_get(count, sizeof *second);
  random_uniforms(second, count, seed, purpose, sample, second_uniform + layer);
  for (size_t d = 0; d < count; d++) {
    const drive_law_t *law = program->laws + d;
    double u = uniforms[d];
    if (law->law == ANGLE_INTERVAL)
      drives[d * stride] = law->width * (2 * u - 1);
    else if (law->law == ANGLE_NORMAL) /* G. Box and M. Muller 1958 */
      drives[d * stride] =
          law->width * sqrt(-2 * log(u)) * cos(2 * M_PI * second[d]);
  }
  free(second);
}

void drives_draw(double *drives, size_t stride, double *uniforms, size_t extra,
                 const program_t *program, uint64_t seed, uint64_t purpose,
                 uint64_t sample, uint64_t layer) {
  size_t count = program->num_drives;
  random_uniforms(uniforms, count + extra, seed, purpose, sample, layer);
  for (size_t d = 0; d < count; d++)
    drives[d * stride] = program->windows[d] * uniforms[d];
  if (program->laws)
    draw_laws(drives, stride, uniforms, program, seed, purpose, sample, layer);
}
