#include "algebra/check/check_square.h"

bool check_product(pauli_sum_t out, const pauli_sum_t a, const pauli_sum_t b,
                   size_t *budget) {
  size_t w = b->num_words;
  if (a->length && b->length > *budget / a->length) return false;
  *budget -= a->length * b->length;
  uint64_t *row = flint_malloc((2 * w + 1) * sizeof *row);
  fmpq_t coeff;
  fmpq_init(coeff);
  pauli_sum_zero(out);
  for (size_t i = 0; i < a->length; i++)
    for (size_t j = 0; j < b->length; j++) {
      unsigned e =
          pauli_mul(row, pauli_sum_string(a, i), pauli_sum_string(b, j), w);
      if (e & 1) continue;
      fmpq_mul(coeff, a->coeffs + i, b->coeffs + j);
      if (e == 2) fmpq_neg(coeff, coeff);
      pauli_sum_push(out, coeff, row);
    }
  pauli_sum_canonicalise(out);
  fmpq_clear(coeff);
  flint_free(row);
  return true;
}

bool check_square(pauli_sum_t out, const pauli_sum_t o, size_t max_pairs) {
  return check_product(out, o, o, &max_pairs);
}

void check_square_bound(fmpq_t bound, const pauli_sum_t o) {
  fmpq_zero(bound);
  for (size_t i = 0; i < o->length; i++) {
    if (fmpq_sgn(o->coeffs + i) < 0) fmpq_sub(bound, bound, o->coeffs + i);
    else fmpq_add(bound, bound, o->coeffs + i);
  }
  fmpq_mul(bound, bound, bound);
}

static void add_term(fmpq_t mean, const pauli_sum_t x, size_t term,
                     const quantum_state_t state) {
  fmpq_t value;
  fmpq_init(value);
  quantum_state_expectation(value, state, pauli_sum_string(x, term));
  fmpq_addmul(mean, value, x->coeffs + term);
  fmpq_clear(value);
}

void check_fixed_mean(fmpq_t mean, const pauli_sum_t x,
                      const check_generators_t g, const quantum_state_t state) {
  fmpq_zero(mean);
  for (size_t i = 0; i < x->length; i++)
    if (check_is_fixed(pauli_sum_string(x, i), g)) add_term(mean, x, i, state);
}

static bool meets_a_gate(const uint64_t *string, const check_generators_t g) {
  for (size_t k = 0; k < g->num_gates; k++)
    if (pauli_anticommute(string, g->gates[k].string, g->num_words)) return true;
  return false;
}

void check_gates_mean(fmpq_t mean, const pauli_sum_t x,
                      const check_generators_t g, const quantum_state_t state) {
  fmpq_zero(mean);
  for (size_t i = 0; i < x->length; i++)
    if (!meets_a_gate(pauli_sum_string(x, i), g)) add_term(mean, x, i, state);
}
