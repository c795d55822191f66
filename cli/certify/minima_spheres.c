#include "cli/certify/minima_spheres.h"

#include <stdlib.h>

#include "numeric/sample/sphere_minima.h"

/* Are there spheres only? The number of those that move. */
static bool count_spheres(size_t *moving, const fermion_loss_struct *loss) {
  const adjoint_law_struct *law = loss->law;
  *moving = 0;
  for (size_t i = 0; i < law->num_families; i++) {
    if (fmpq_is_zero(law->families[i].second)) continue;
    if (!adjoint_family_is_uniform(law->families + i)) return false;
    *moving += law->families[i].count;
  }
  return loss->speeds && *moving > 0;
}

double minima_middle(const arb_t ball) {
  return arf_get_d(arb_midref(ball), ARF_RND_NEAR);
}

/* Weights |O||rho| of the spheres that move, and of each parameter its speeds there; false
   when one does not turn. */
static bool fill(double *weights, double *speeds, size_t spheres,
                 const fermion_loss_struct *loss, const size_t *generators, size_t p) {
  const adjoint_law_struct *law = loss->law;
  size_t ideal = 0, at = 0;
  bool turns = true;
  for (size_t i = 0; i < law->num_families; i++) {
    const adjoint_family_struct *f = law->families + i;
    for (size_t c = 0; c < f->count; c++, ideal++) {
      if (fmpq_is_zero(f->second)) continue;
      weights[at] = minima_middle(f->observable + c) * minima_middle(f->state + c);
      turns = turns && weights[at] > 0;
      for (size_t k = 0; k < p; k++) {
        speeds[k * spheres + at] = minima_middle(loss->speeds + ideal * loss->num_slopes +
                                          generators[k]);
        turns = turns && speeds[k * spheres + at] > 0;
      }
      at++;
    }
  }
  return turns;
}

bool minima_spheres_find(minima_law_t *out, const adjoint_struct *adjoint,
                         const generator_set_struct *set, const size_t *live, size_t num_live,
                         const minima_law_options_t *options) {
  size_t spheres;
  if (!adjoint->has_law || !count_spheres(&spheres, adjoint->loss)) return false;
  size_t *generators = flint_malloc((num_live + 1) * sizeof *generators);
  bool ok = generator_set_only_uses(generators, set, live, num_live);
  for (size_t k = 0; k < num_live && ok; k++)
    ok = generators[k] < adjoint->loss->num_slopes;
  double *weights = flint_malloc(spheres * sizeof *weights);
  double *speeds = flint_malloc((num_live * spheres + 1) * sizeof *speeds);
  ok = ok && fill(weights, speeds, spheres, adjoint->loss, generators, num_live);
  sphere_minima_model_t model = {spheres, weights, num_live, speeds};
  ok = ok && sphere_minima_law(out, &model, options) == STATUS_OK;
  flint_free(generators);
  flint_free(weights);
  flint_free(speeds);
  return ok;
}
