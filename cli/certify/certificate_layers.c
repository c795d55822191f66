/* The object finite_depth.layers of a certificate: see depth_layers.h. */
#include "cli/certify/depth_analysis.h"
#include "cli/certify/depth_table.h"
#include "cli/format/json_number.h"

/* Exact entries first, as anywhere, then sampled ones. */
static json_t *entries(const depth_number_struct *exact, size_t num_exact,
                       const path_number_t *sampled, size_t num_sampled) {
  json_t *list = json_array();
  for (size_t l = 0; l < num_exact; l++)
    json_array_append_new(list, depth_number_json(exact + l));
  for (size_t l = 0; l < num_sampled; l++)
    json_array_append_new(list, depth_estimate_json(sampled + l));
  return list;
}

json_t *depth_layers_json(const depth_layers_t layers) {
  const depth_profile_struct *e = layers->exact;
  if (!layers->present) return NULL;
  return json_pack(
      "{s:I, s:I, s:o, s:s, s:o, s:I, s:o, s:o}", "rotations",
      (json_int_t)layers->length, "repetitions", (json_int_t)layers->count,
      "deep_variance", json_fmpq(layers->haar), "tolerance", "1/10",
      "layers_to_deep",
      e->settled ? json_integer((json_int_t)e->layers_to_haar) : json_null(),
      "exact", (json_int_t)e->num_layers, "variance",
      entries(e->variance, e->num_layers, layers->variance,
              layers->num_sampled),
      "median_gradient_variance",
      entries(e->gradient, e->num_layers, layers->gradient,
              layers->num_sampled));
}
