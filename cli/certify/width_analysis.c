#include "cli/certify/width_analysis.h"

#include "cli/certify/depth_analysis.h"
#include "cli/format/certificate_format.h"
#include "cli/format/json_number.h"
#include "cli/format/json_reason.h"

enum { PREC_BITS = 128 };

static void set_width(fmpq_t width, int row) {
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
    set_width(width, row);
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

static json_t *row_json(const finite_depth_t depth, const fmpq_t width) {
  json_t *out = json_object();
  depth_number_t median;
  depth_number_init(median);
  depth_number_set_median(median, depth->gradient, depth->num_parameters, PREC_BITS);
  json_object_set_new(out, "width", cert_fmpq(width));
  json_object_set_new(out, "mean", depth_number_json(depth->mean));
  json_object_set_new(out, "variance", depth_number_json(depth->variance));
  json_object_set_new(out, "median_gradient_variance", depth_number_json(median));
  json_object_set_new(out, "mean_square", depth_number_json(depth->mean_square));
  json_object_set_new(out, "mean_square_bounded", json_boolean(depth->square_bounded));
  cert_set_code(out, "reason", depth->reason);
  depth_number_clear(median);
  return out;
}

json_t *width_analysis_json(const width_analysis_t *widths) {
  json_t *list = json_array();
  fmpq_t width;
  fmpq_init(width);
  for (int row = 0; row < WIDTH_ROWS; row++) {
    set_width(width, row);
    json_array_append_new(list, row_json(widths->rows[row], width));
  }
  fmpq_clear(width);
  return json_pack("{s:s, s:b, s:o}", "law", "normal", "noisy", widths->noisy, "widths",
                   list);
}
