#include "cli/certify/width_analysis.h"

#include "cli/certify/depth_analysis.h"

void width_analysis_width(fmpq_t width, int row) {
  fmpq_one(width);
  if (row + WIDTH_LEAST < 0) fmpq_div_2exp(width, width, (flint_bitcnt_t)(-row - WIDTH_LEAST));
  else fmpq_mul_2exp(width, width, (flint_bitcnt_t)(row + WIDTH_LEAST));
}

void width_analysis_init(width_analysis_t *out, const ansatz_t ansatz, size_t observable,
                         size_t state, const certify_limits_t *limits,
                         stopwatch_t *watch) {
  size_t p = ansatz->num_parameters;
  depth_distribution_t *laws = flint_malloc((p + 1) * sizeof *laws);
  depth_limits_t own;
  fmpq_t width;
  fmpq_init(width);
  depth_analysis_limits(&own, limits);
  own.abort = stopwatch_is_up;
  own.abort_data = watch;
  own.noisy = out->noisy = ansatz->noise->given;
  for (int row = 0; row < WIDTH_ROWS; row++) {
    width_analysis_width(width, row);
    for (size_t k = 0; k < p; k++)
      laws[k] = (depth_distribution_t){ANGLE_NORMAL, false, width};
    finite_depth_init(out->rows[row]);
    finite_depth_exact(out->rows[row], ansatz, ansatz->observables[observable].sum,
                       depth_analysis_input(ansatz->states[state].state), laws, &own);
  }
  flint_free(laws);
  fmpq_clear(width);
}

void width_analysis_clear(width_analysis_t *widths) {
  for (int row = 0; row < WIDTH_ROWS; row++) finite_depth_clear(widths->rows[row]);
}
