#include "cli/certify/minima_analysis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "algebra/laws/laws.h"
#include "numeric/sample/curvature_law.h"
#include "numeric/sample/minima_law.h"

enum { PREC_BITS = 64 };

/* --- the model -------------------------------------------------------------------- */

typedef struct {
  minima_model_t model;
  minima_block_t *blocks;
} work_t;

/* weight sqrt(R) obar, of all copies together. */
static double block_height(const laws_block_struct *b,
                           const laws_wishart_struct *w) {
  arb_t height;
  arb_init(height);
  arb_mul_fmpz(height, w->mean_eigenvalue_ball, b->count, PREC_BITS);
  double value = arf_get_d(arb_midref(height), ARF_RND_NEAR);
  fmpq_t weight;
  fmpq_init(weight);
  fmpq_abs(weight, b->weight);
  arb_set_fmpq(height, weight, PREC_BITS);
  value *= arf_get_d(arb_midref(height), ARF_RND_NEAR);
  fmpq_clear(weight);
  arb_clear(height);
  return value;
}

/* One block that is the law of one vector and two levels: its D = beta N. */
static double finite_dimension(const laws_loss_struct *loss) {
  const laws_block_struct *b = loss->blocks;
  if (loss->length != 1 || !fmpz_is_one(b->count) || !fmpz_is_one(b->rank) ||
      b->num_levels != 2)
    return 0;
  return (double)b->beta * fmpz_get_d(b->dimension);
}

static bool work_init(work_t *out, const laws_loss_struct *loss) {
  double total = 0;
  bool known = loss->length > 0;
  *out = (work_t){{0}, flint_malloc(((size_t)loss->length + 1) *
                                    sizeof *out->blocks)};
  for (slong i = 0; i < loss->length && known; i++) {
    const laws_block_struct *b = loss->blocks + i;
    if (laws_block_is_constant(b)) continue;
    /* A spin factor (beta = m - 1, N = 2) is turned in a plane of m dimensions: its
       derivatives are not those of the model. At m = 3 and 5 it is a sphere of C^2
       and of H^2. */
    if (b->beta != 1 && b->beta != 2 && b->beta != 4) {
      known = false;
      break;
    }
    laws_wishart_t w;
    laws_wishart_init(w);
    known = laws_block_wishart(w, b, PREC_BITS) == STATUS_OK && w->r_is_known;
    if (known) {
      minima_block_t *block = out->blocks + out->model.num_blocks++;
      block->freedom = fmpz_get_d(b->count) * (double)b->beta *
                       fmpz_get_d(w->r) * fmpz_get_d(b->rank);
      block->weight = block_height(b, w);
      total += block->weight;
      known = isfinite(block->freedom) && block->weight > 0;
    }
    laws_wishart_clear(w);
  }
  for (size_t b = 0; b < out->model.num_blocks; b++)
    out->blocks[b].weight /= total;
  out->model.blocks = out->blocks;
  out->model.dimension = finite_dimension(loss);
  if (out->model.num_blocks == 1 &&
      !(out->blocks->freedom + 1 <= out->model.dimension))
    out->model.dimension = 0;
  return known && out->model.num_blocks > 0;
}

/* --- live parameters ------------------------------------------------------------------ */

static bool is_dead(const json_t *value) {
  return json_is_string(value) && !strcmp(json_string_value(value), "0");
}

static size_t count_live(const json_t *json) {
  const json_t *depth = json_object_get(json, "finite_depth");
  const json_t *list = json_object_get(depth, "gradient_variance");
  const json_t *sampled =
      json_object_get(json_object_get(depth, "sampled"), "gradient_variance");
  size_t live = 0;
  if (!json_is_array(list)) list = json_object_get(json, "gradient_variance");
  for (size_t k = 0; k < json_array_size(list); k++)
    live += !is_dead(json_array_get(list, k)) &&
            !is_dead(json_array_get(sampled, k));
  return live;
}

/* --- JSON ------------------------------------------------------------------------------- */

/* Four significant digits: what is sampled is not known better. */
static json_t *rounded(double x) {
  if (!isfinite(x)) return json_null();
  if (x == 0) return json_real(0);
  double unit = pow(10, floor(log10(fabs(x))) - 3);
  return json_real(unit >= 1e-300 ? round(x / unit) * unit : x);
}

static json_t *estimates(const estimate_t *list, const double *keys, size_t n,
                         bool errors) {
  json_t *out = json_object();
  for (size_t j = 0; j < n; j++) {
    char key[16];
    snprintf(key, sizeof key, "%g", keys[j]);
    json_object_set_new(out, key,
                        rounded(errors ? list[j].error : list[j].value));
  }
  return out;
}

static json_t *sampled_law(const minima_law_t *law, double edge, size_t live) {
  return json_pack(
      "{s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "kind", "sampled",
      "parameters", (json_int_t)live, "expected_number",
      rounded(law->number.value), "log10_number",
      rounded(law->log_number.value / log(10)), "number_relative_error",
      rounded(law->log_number.error), "quantiles",
      estimates(law->quantiles, minima_law_quantiles, MINIMA_LAW_QUANTILES,
                false),
      "standard_error",
      estimates(law->quantiles, minima_law_quantiles, MINIMA_LAW_QUANTILES,
                true),
      "share_below",
      estimates(law->shares, minima_law_shares, MINIMA_LAW_SHARES, false),
      "edge", rounded(edge));
}

static json_t *limit_law(double edge, size_t live) {
  return json_pack("{s:s, s:I, s:n, s:{s:o, s:o, s:o}, s:n, s:o}", "kind",
                   "limit", "parameters", (json_int_t)live, "expected_number",
                   "quantiles", "0.1", rounded(edge), "0.5", rounded(edge),
                   "0.9", rounded(edge), "standard_error", "edge",
                   rounded(edge));
}

static json_t *curvature_json(const curvature_law_t *law) {
  return json_pack(
      "{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "kind", "sampled",
      "negative_share", rounded(law->negative_share.value),
      "negative_share_error", rounded(law->negative_share.error), "least",
      rounded(law->least.value), "greatest", rounded(law->greatest.value),
      "quantiles",
      estimates(law->quantiles, minima_law_quantiles, MINIMA_LAW_QUANTILES,
                false),
      "standard_error",
      estimates(law->quantiles, minima_law_quantiles, MINIMA_LAW_QUANTILES,
                true));
}

void minima_analysis_add(json_t *json, const landscape_t landscape,
                         const certify_limits_t *limits) {
  json_t *minima = json_object_get(json, "minima");
  work_t work;
  size_t live = count_live(json);
  if (landscape->wishart_applies != ANSWER_YES || !live ||
      !json_is_object(minima))
    return;
  if (work_init(&work, landscape->loss)) {
    minima_law_t law;
    curvature_law_t curvature;
    minima_law_options_t options = {
        .seed = limits->seed,
        .num_threads = (int)limits->analysis.num_threads,
        .abort = limits->analysis.abort,
        .abort_data = limits->analysis.abort_data};
    double freedom = minima_model_freedom(&work.model);
    double edge = minima_law_edge((double)live / freedom);
    work.model.num_parameters = live;
    json_object_set_new(
        minima, "law",
        minima_law(&law, &work.model, &options) == STATUS_OK
            ? sampled_law(&law, edge, live)
            : limit_law(edge, live));
    if (curvature_law(&curvature, &work.model, &options) == STATUS_OK)
      json_object_set_new(json, "curvature", curvature_json(&curvature));
  }
  flint_free(work.blocks);
}
