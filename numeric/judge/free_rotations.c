#include "numeric/judge/free_rotations.h"

#include <math.h>
#include <stdlib.h>

#include "numeric/machine/memory.h"
#include "numeric/sample/minima_law.h"

/* Amplitude updates of a gate at least, and for a term of an exponential. */
static const double least_updates = 16, exponential_factor = 250;
/* Wishart variance over variance where the ensemble does not know N. */
static const double most_ratio = 1.1;

/* Has the parameter a second drive? Its gradient is then that of all together, and
   says nothing of one, which may not move the loss at all. */
static bool is_split(const gate_list_t *layer, size_t parameter, size_t d) {
  for (size_t g = 0; g < layer->num_gates; g++)
    for (size_t t = 0; t < layer->gates[g].num_terms; t++)
      if (layer->gates[g].terms[t].parameter == parameter &&
          layer->gates[g].terms[t].drive != d)
        return true;
  return false;
}

/* Rotation that drive d of a layer turns, and nothing else, with a parameter that drives
   nothing else; 0: there is none. */
static double scale_of(size_t *parameter, const program_t *program, size_t d) {
  const gate_list_t *layer = &program->layer;
  double scale = 0;
  size_t found = 0;
  for (size_t g = 0; g < layer->num_gates; g++)
    for (size_t t = 0; t < layer->gates[g].num_terms; t++) {
      if (layer->gates[g].terms[t].drive != d) continue;
      found++;
      *parameter = layer->gates[g].terms[t].parameter;
      scale = layer->gates[g].sum == PROGRAM_NONE
                  ? fabs(layer->gates[g].terms[t].coeff)
                  : 0;
    }
  if (found != 1 || *parameter == PROGRAM_NONE || is_split(layer, *parameter, d))
    return 0;
  return scale;
}

void free_rotations_init(free_rotations_t *out, const program_t *program,
                         const verify_landscape_struct *claim,
                         size_t num_parameters) {
  size_t drives = program->num_drives;
  double *scales = memory_get(drives, sizeof *scales), greatest = 0;
  double *moments = memory_get(drives, sizeof *moments);
  out->count = 0;
  out->drives = memory_get(drives, sizeof *out->drives);
  out->scales = memory_get(drives, sizeof *out->scales);
  for (size_t d = 0; d < drives; d++) {
    size_t k = PROGRAM_NONE;
    scales[d] = scale_of(&k, program, d);
    moments[d] = 0;
    if (!(scales[d] > 0) || k >= num_parameters) continue;
    moments[d] = claim->gradient_variance[k] / (scales[d] * scales[d]);
    if (moments[d] > greatest) greatest = moments[d];
  }
  for (size_t d = 0; d < drives; d++) {
    if (!(moments[d] > 0 && moments[d] >= greatest * (1 - 1e-9))) continue;
    out->drives[out->count] = d;
    out->scales[out->count++] = scales[d];
  }
  free(moments);
  free(scales);
}

void free_rotations_clear(free_rotations_t *r) {
  free(r->drives);
  free(r->scales);
}

static bool varies(const verify_block_struct *b) {
  return b->num_eigenvalues > 1 && b->rank < b->dimension;
}

double free_rotations_dimension(bool *finite, int *beta,
                                const verify_landscape_struct *claim) {
  const verify_block_struct *only = NULL;
  size_t varying = 0;
  double all = 0;
  bool covered = claim->has_law;
  *finite = false;
  *beta = 0;
  for (size_t i = 0; i < claim->num_blocks; i++) {
    const verify_block_struct *b = claim->blocks + i;
    if (!varies(b)) continue;
    varying++;
    only = b;
    all += b->beta * (double)b->dimension;
    covered = covered && minima_law_covers(b->beta);
  }
  if (!covered || !varying) return 0;
  *finite = varying == 1 && only->num_eigenvalues == 2 && only->rank == 1;
  if (!*finite && claim->blocks_turn_together) return all;
  if (varying != 1 ||
      (!*finite && !(claim->normal_variance <= most_ratio * claim->variance)))
    return 0;
  *beta = (int)only->beta;
  return all;
}

double free_rotations_layer_cost(const program_t *program, size_t num_qubits) {
  double gates = 0;
  for (size_t g = 0; g < program->layer.num_gates; g++) {
    size_t sum = program->layer.gates[g].sum;
    gates += sum == PROGRAM_NONE
                 ? 1
                 : exponential_factor * (double)program->sums[sum].length;
  }
  return gates * fmax(least_updates, ldexp(1, (int)num_qubits));
}
