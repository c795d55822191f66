/* Gradients per parameter; see check_strings.h. */
#include <stdlib.h>

#include "algebra/check/check_strings.h"

bool check_any_moments(fmpq_t mean, fmpq_t variance, fmpq *gradient,
                       const check_components_t components,
                       const pauli_sum_t observable,
                       const quantum_state_t state, size_t max_elements) {
  const stabilizer_state_struct *rho = quantum_state_stabilizer(state);
  return (rho && check_large_moments(mean, variance, gradient, components,
                                     observable, rho)) ||
         check_moments(mean, variance, gradient, components->g, observable,
                       state, max_elements);
}

static bool is_central(const check_components_t all,
                       const check_use_struct *use) {
  return use->sum->length == 1 &&
         all->list[all->component[use->generator]].central;
}

/* out += i[H, O], H = coeff P: 2 i P Q for every Q that anticommutes with P,
   and P Q = i^e [P + Q]. */
static void add_bracket(pauli_sum_t out, const pauli_sum_t h,
                        const pauli_sum_t o) {
  size_t w = o->num_words;
  uint64_t *row = flint_malloc((2 * w + 1) * sizeof *row);
  fmpq_t coeff;
  fmpq_init(coeff);
  for (size_t t = 0; t < o->length; t++) {
    unsigned e =
        pauli_mul(row, pauli_sum_string(h, 0), pauli_sum_string(o, t), w);
    if (e % 2 == 0) continue;
    fmpq_mul(coeff, h->coeffs, o->coeffs + t);
    fmpq_mul_2exp(coeff, coeff, 1);
    if ((e + 1) & 2) fmpq_neg(coeff, coeff);
    pauli_sum_push(out, coeff, row);
  }
  fmpq_clear(coeff);
  flint_free(row);
}

/* The central uses of one parameter together. */
static bool central_gradient(fmpq_t out, const check_components_t all,
                             size_t parameter, const pauli_sum_t observable,
                             const quantum_state_t state,
                             size_t max_elements) {
  const check_generators_struct *g = all->g;
  pauli_sum_t bracket;
  fmpq_t mean, variance;
  fmpq *gradient = flint_malloc((g->strings->length + 1) * sizeof *gradient);
  for (size_t j = 0; j < g->strings->length; j++) fmpq_init(gradient + j);
  fmpq_init(mean);
  fmpq_init(variance);
  pauli_sum_init(bracket, g->num_qubits);
  for (size_t i = 0; i < g->num_uses; i++)
    if (g->uses[i].parameter == parameter && is_central(all, g->uses + i))
      add_bracket(bracket, g->uses[i].sum, observable);
  pauli_sum_canonicalise(bracket);
  bool ok = check_any_moments(mean, variance, gradient, all, bracket, state,
                              max_elements);
  fmpq_addmul(variance, mean, mean);
  fmpq_add(out, out, variance);
  for (size_t j = 0; j < g->strings->length; j++) fmpq_clear(gradient + j);
  flint_free(gradient);
  fmpq_clear(mean);
  fmpq_clear(variance);
  pauli_sum_clear(bracket);
  return ok;
}

bool check_gradients(fmpq *out, bool *rational, const check_components_t all,
                     const fmpq *per_string, const pauli_sum_t observable,
                     const quantum_state_t state, size_t max_elements) {
  const check_generators_struct *g = all->g;
  size_t *central = flint_calloc(g->num_parameters + 1, sizeof *central);
  bool ok = true;
  fmpq_t share;
  fmpq_init(share);
  *rational = true;
  for (size_t i = 0; i < g->num_uses; i++)
    if (g->uses[i].parameter != SIZE_MAX && is_central(all, g->uses + i))
      central[g->uses[i].parameter]++;
  for (size_t i = 0; i < g->num_uses; i++) {
    const check_use_struct *use = g->uses + i;
    if (use->parameter == SIZE_MAX || use->sum->length != 1) continue;
    fmpq_mul(share, use->sum->coeffs, use->sum->coeffs);
    fmpq_mul_2exp(share, share, 2);
    fmpq_mul(share, share, per_string + use->generator);
    if (use->times_pi && !fmpq_is_zero(share)) *rational = false;
    if (is_central(all, use) && central[use->parameter] > 1) continue;
    fmpq_add(out + use->parameter, out + use->parameter, share);
  }
  for (size_t k = 0; k < g->num_parameters && ok; k++)
    if (central[k] > 1 && *rational)
      ok = central_gradient(out + k, all, k, observable, state, max_elements);
  fmpq_clear(share);
  flint_free(central);
  return ok;
}
