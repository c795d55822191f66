#include "cli/report/plot_law.h"

#include <math.h>

#include "cli/verify/certificate_claims.h"
#include "cli/format/json_number.h"

/* Adds the Wishart term of a block; false when r is unknown. */
static bool add_term(plot_law_t *law, const json_t *block) {
  double beta = cert_get_double(json_object_get(block, "beta"));
  double r = cert_get_double(json_object_get(block, "r"));
  double rank = cert_get_double(json_object_get(block, "rank"));
  double count = cert_get_double(json_object_get(block, "count"));
  double weight = cert_get_double(json_object_get(block, "weight"));
  bool spin_factor = cert_get_double(json_object_get(block, "N")) == 2;
  double obar = cert_get_double(json_object_get(block, "mean_eigenvalue"));
  double shape = beta * r * rank / 2;
  if (!isfinite(shape * count * weight * obar)) return false;
  if (shape <= 0) return true; /* a constant: in the mean already */
  law->terms = flint_realloc(law->terms,
                             (law->num_terms + 1) * sizeof *law->terms);
  law->gradient_terms =
      flint_realloc(law->gradient_terms,
                    (law->num_terms + 1) * sizeof *law->gradient_terms);
  law->terms[law->num_terms] =
      (density_gamma_t){weight * obar / shape, shape * count};
  law->gradient_terms[law->num_terms++] =
      (density_gamma_t){weight * obar / shape, (spin_factor ? 1 : shape) * count};
  law->gradient_freedom += 2 * (spin_factor ? 1 : shape) * count;
  return true;
}

static void read_wishart(plot_law_t *law, const json_t *wishart) {
  const json_t *blocks = json_object_get(wishart, "blocks");
  bool ok = json_is_true(json_object_get(wishart, "applies")) &&
            isfinite(law->mean);
  for (size_t b = 0; b < json_array_size(blocks) && ok; b++)
    ok = add_term(law, json_array_get(blocks, b));
  if (!ok) law->num_terms = 0;
}

static void find_support(plot_law_t *law) {
  law->low = law->high = law->claim.has_law ? law->claim.law_constant : NAN;
  for (size_t b = 0; b < law->claim.num_blocks; b++) {
    const verify_block_struct *block = law->claim.blocks + b;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < block->num_eigenvalues; i++) {
      low = fmin(low, block->weight * block->eigenvalues[i]);
      high = fmax(high, block->weight * block->eigenvalues[i]);
    }
    law->low += low;
    law->high += high;
  }
}

void plot_law_init(plot_law_t *law, const json_t *landscape) {
  *law = (plot_law_t){
      .mean = cert_get_double(json_object_get(landscape, "mean")),
      .variance = cert_get_double(json_object_get(landscape, "variance"))};
  claims_read_law(&law->claim, landscape);
  read_wishart(law, json_object_get(landscape, "wishart"));
  find_support(law);
}

void plot_law_clear(plot_law_t *law) {
  claims_drop_law(&law->claim);
  flint_free(law->terms);
  flint_free(law->gradient_terms);
  *law = (plot_law_t){0};
}

bool plot_law_gradient(size_t *parameter, double *variance,
                       const json_t *landscape) {
  const json_t *list = json_object_get(landscape, "gradient_variance");
  *variance = NAN;
  for (size_t k = 0; k < json_array_size(list); k++) {
    double value = cert_get_double(json_array_get(list, k));
    if (isnan(value) || value <= *variance) continue;
    *variance = value;
    *parameter = k;
  }
  return *variance > 0;
}
