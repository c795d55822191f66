/* check_covariance.c - the covariance of the losses of two states, by listing
   orbits; see check_covariance.h. */
#include "algebra/check_covariance.h"

/* Everything reached from `start` by P -> P + G; false when it is too much. */
static bool list_orbit(string_list_t out, const uint64_t *start,
                       const check_generators_t g, size_t max_elements) {
  uint64_t *next = flint_malloc((2 * g->num_words + 1) * sizeof *next);
  string_list_add(out, start);
  for (size_t i = 0; i < out->length && out->length <= max_elements; i++)
    for (size_t j = 0; j < g->strings->length; j++) {
      const uint64_t *h = string_list_row(g->strings, j);
      if (!pauli_anticommute(string_list_row(out, i), h, g->num_words))
        continue;
      pauli_xor(next, string_list_row(out, i), h, g->num_words);
      string_list_add(out, next);
    }
  flint_free(next);
  return out->length <= max_elements;
}

static bool commutes_with_all(const uint64_t *string,
                              const check_generators_t g) {
  for (size_t j = 0; j < g->strings->length; j++)
    if (pauli_anticommute(string, string_list_row(g->strings, j),
                          g->num_words))
      return false;
  return true;
}

/* Real part of sum over Q of a_Q b_[Q + L] i^(phase of Q L - turn), |C| = the
   length of the list. */
static slong sum_over_orbit(const string_list_t orbit, const uint64_t *l,
                            unsigned turn, const stabilizer_echelon_t a,
                            const stabilizer_echelon_t b, size_t w) {
  static const slong real[4] = {1, 0, -1, 0};
  uint64_t *moved = flint_malloc((2 * w + 1) * sizeof *moved);
  slong sum = 0;
  for (size_t i = 0; i < orbit->length; i++) {
    const uint64_t *q = string_list_row(orbit, i);
    int value = stabilizer_echelon_expectation(a, q);
    if (!value) continue;
    unsigned phase = pauli_mul(moved, q, l, w);
    value *= stabilizer_echelon_expectation(b, moved);
    sum += real[(phase + 4 - turn) % 4] * value;
  }
  flint_free(moved);
  return sum;
}

/* All pairs (P, P') with P the given term. */
static bool add_term(fmpq_t out, const check_generators_t g,
                     const pauli_sum_t o, size_t term,
                     const stabilizer_echelon_t a, const stabilizer_echelon_t b,
                     size_t max_elements) {
  size_t w = g->num_words;
  const uint64_t *p = pauli_sum_string(o, term);
  if (commutes_with_all(p, g)) return true;
  string_list_t orbit;
  fmpq_t share;
  uint64_t *l = flint_malloc((4 * w + 1) * sizeof *l);
  string_list_init(orbit, w);
  fmpq_init(share);
  bool ok = list_orbit(orbit, p, g, max_elements);
  for (size_t other = 0; other < o->length && ok; other++) {
    pauli_xor(l, p, pauli_sum_string(o, other), w);
    if (!commutes_with_all(l, g)) continue;
    unsigned turn = pauli_mul(l + 2 * w, p, l, w); /* P L = i^turn P' */
    fmpq_set_si(share, sum_over_orbit(orbit, l, turn, a, b, w), orbit->length);
    fmpq_mul(share, share, o->coeffs + term);
    fmpq_mul(share, share, o->coeffs + other);
    fmpq_add(out, out, share);
  }
  string_list_clear(orbit);
  fmpq_clear(share);
  flint_free(l);
  return ok;
}

bool check_covariance(fmpq_t covariance, const check_generators_t g,
                      const pauli_sum_t observable,
                      const stabilizer_state_t a, const stabilizer_state_t b,
                      size_t max_elements) {
  stabilizer_echelon_t echelon_a, echelon_b;
  bool ok = true;
  stabilizer_echelon_init(echelon_a, a);
  stabilizer_echelon_init(echelon_b, b);
  fmpq_zero(covariance);
  for (size_t t = 0; t < observable->length && ok; t++)
    ok = add_term(covariance, g, observable, t, echelon_a, echelon_b,
                  max_elements);
  stabilizer_echelon_clear(echelon_a);
  stabilizer_echelon_clear(echelon_b);
  return ok;
}
