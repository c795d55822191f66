/* The object finite_depth of a certificate: see depth_analysis.h. */
#include <stdlib.h>

#include "cli/certify/depth_analysis.h"
#include "cli/certify/width_analysis.h"
#include "cli/format/certificate_format.h"
#include "cli/format/json_number.h"
#include "cli/format/json_reason.h"
#include "cli/read/noise_spec.h"

static json_t *depth_gradient_json(const finite_depth_t depth) {
  cert_fmpq_cache_t cache;
  json_t *list = json_array();
  cert_fmpq_cache_init(cache);
  for (size_t k = 0; k < depth->num_parameters; k++) {
    const depth_number_struct *x = depth->gradient + k;
    json_array_append_new(list, x->kind == DEPTH_EXACT &&
                                        depth_number_is_rational(x)
                                    ? cert_fmpq_cached(cache, x->rational)
                                    : depth_number_json(x));
  }
  cert_fmpq_cache_clear(cache);
  return list;
}

/* --- sampled numbers -------------------------------------------------------------- */

/* Numbers, not strings: nothing of it is exact. */
json_t *depth_estimate_json(const path_number_t *x) {
  return json_pack("{s:f, s:f, s:f, s:f}", "estimate", x->estimate,
                   "standard_error", x->standard_error, "low", x->low, "high",
                   x->high);
}

static json_t *sampled_json(const depth_analysis_t depth) {
  const path_estimate_struct *p = depth->paths;
  json_t *list = json_array();
  for (size_t k = 0; k < p->num_parameters; k++)
    json_array_append_new(list, path_number_is_nothing(p->gradient + k)
                                    ? json_string("0")
                                    : depth_estimate_json(p->gradient + k));
  return json_pack("{s:s, s:I, s:s, s:f, s:o, s:o}", "method", "pauli paths",
                   "paths", (json_int_t)p->num_paths, "seed", "", "confidence",
                   p->confidence, "variance", depth_estimate_json(&p->variance),
                   "gradient_variance", list);
}

/* --- numbers of layers -------------------------------------------------------------- */

/* Exact entries first, as anywhere, then sampled ones. */
static json_t *layer_entries(const depth_number_struct *exact, size_t num_exact,
                       const path_number_t *sampled, size_t num_sampled) {
  json_t *list = json_array();
  for (size_t l = 0; l < num_exact; l++)
    json_array_append_new(list, depth_number_json(exact + l));
  for (size_t l = 0; l < num_sampled; l++)
    json_array_append_new(list, depth_estimate_json(sampled + l));
  return list;
}

/* What the table of the noisy circuit has too. */
json_t *depth_layers_noisy_json(const depth_layers_t layers) {
  const depth_profile_struct *e = layers->exact;
  if (!layers->present) return NULL;
  return json_pack("{s:I, s:I, s:I, s:o, s:o}", "rotations",
                   (json_int_t)layers->rotations, "repetitions",
                   (json_int_t)layers->count, "exact", (json_int_t)e->num_layers,
                   "variance",
                   layer_entries(e->variance, e->num_layers, layers->variance,
                                 layers->num_sampled),
                   "median_gradient_variance",
                   layer_entries(e->gradient, e->num_layers, layers->gradient,
                                 layers->num_sampled));
}

json_t *depth_layers_json(const depth_layers_t layers) {
  const depth_profile_struct *e = layers->exact;
  json_t *out = depth_layers_noisy_json(layers);
  if (!out) return NULL;
  json_object_set_new(out, "deep_variance",
                      layers->haar_known ? cert_fmpq(layers->haar) : json_null());
  json_object_set_new(out, "tolerance", json_string("1/10"));
  json_object_set_new(
      out, "layers_to_deep",
      e->settled ? json_integer((json_int_t)e->layers_to_haar) : json_null());
  if (e->settled) /* that it stays so beyond them is not proved */
    json_object_set_new(out, "layers_seen", json_integer((json_int_t)e->num_layers));
  if (!layers->haar_known)
    cert_set_code(out, "reason", layers->no_limit ? REASON_LAYERS_WITHOUT_LIMIT
                                                  : REASON_LAYERS_LIMIT_UNKNOWN);
  return out;
}

/* --- all of it ----------------------------------------------------------------------- */

static json_t *moments_json(const depth_analysis_t depth) {
  const finite_depth_struct *exact = depth->exact;
  json_t *out = json_object();
  json_object_set_new(out, "mean", depth_number_json(exact->mean));
  json_object_set_new(out, "variance", depth_number_json(exact->variance));
  json_object_set_new(out, "gradient_variance", depth_gradient_json(exact));
  json_object_set_new(out, "mean_square", depth_number_json(exact->mean_square));
  json_object_set_new(out, "mean_square_bounded",
                      json_boolean(exact->square_bounded));
  cert_set_code(out, "reason", exact->reason);
  if (depth->sampled) {
    char seed[32];
    json_t *sampled = sampled_json(depth);
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)depth->seed);
    json_object_set_new(sampled, "seed", json_string(seed));
    json_object_set_new(out, "sampled", sampled);
  }
  return out;
}

static json_t *with_layers(json_t *out, json_t *layers) {
  if (layers) json_object_set_new(out, "layers", layers);
  json_object_set_new(out, "kind", json_string(depth_json_kind(out)));
  return out;
}

json_t *depth_analysis_json(const depth_analysis_t depth) {
  return with_layers(moments_json(depth), depth_layers_json(depth->layers));
}

json_t *depth_noise_json(const depth_analysis_t noisy, const ansatz_t ansatz) {
  json_t *out = moments_json(noisy);
  char *channel = noise_spec_text(ansatz->noise);
  json_object_set_new(out, "channel", json_string(channel));
  json_object_set_new(out, "places", json_integer((json_int_t)ansatz->num_places));
  free(channel);
  return with_layers(out, depth_layers_noisy_json(noisy->layers));
}

/* --- widths of the first angles ------------------------------------------------- */

enum { PREC_BITS = 128 };

static json_t *width_json(const finite_depth_t depth, const fmpq_t width) {
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
    width_analysis_width(width, row);
    json_array_append_new(list, width_json(widths->rows[row], width));
  }
  fmpq_clear(width);
  return json_pack("{s:s, s:b, s:o}", "law", "normal", "noisy", widths->noisy, "widths",
                   list);
}
