#include "algebra/sums/fermion_numbers.h"

#if __FLINT_RELEASE >= 30000
#include <flint/arb_fmpz_poly.h>
#else
#include <arb_fmpz_poly.h>
#endif

arb_struct *fermion_real_roots(const fmpq_poly_t f) {
  slong d = fmpq_poly_degree(f);
  fmpz_poly_t whole;
  acb_struct *roots = _acb_vec_init(d);
  arb_struct *out = _arb_vec_init(d);
  fmpz_poly_init(whole);
  fmpq_poly_get_numerator(whole, f);
  arb_fmpz_poly_complex_roots(roots, whole, 0, FERMION_PREC_BITS);
  for (slong i = 0; i < d; i++) {
    slong k = i;
    for (; k && arb_lt(acb_realref(roots + i), out + k - 1); k--)
      arb_set(out + k, out + k - 1);
    arb_set(out + k, acb_realref(roots + i));
  }
  fmpz_poly_clear(whole);
  _acb_vec_clear(roots, d);
  return out;
}

void fermion_pfaffian(fmpq_t out, const fmpq_mat_t x) {
  slong m = fmpq_mat_nrows(x);
  fmpq_mat_t a;
  fmpq_t u, v, term;
  fmpq_mat_init(a, m, m);
  fmpq_init(u);
  fmpq_init(v);
  fmpq_init(term);
  fmpq_mat_set(a, x);
  fmpq_one(out);
  for (slong k = 0; k + 1 < m; k += 2) {
    slong pivot = k + 1;
    while (pivot < m && fmpq_is_zero(fmpq_mat_entry(a, k, pivot))) pivot++;
    if (pivot == m) {
      fmpq_zero(out);
      break;
    }
    if (pivot != k + 1) {
      for (slong j = 0; j < m; j++)
        fmpq_swap(fmpq_mat_entry(a, k + 1, j), fmpq_mat_entry(a, pivot, j));
      for (slong j = 0; j < m; j++)
        fmpq_swap(fmpq_mat_entry(a, j, k + 1), fmpq_mat_entry(a, j, pivot));
      fmpq_neg(out, out);
    }
    const fmpq *head = fmpq_mat_entry(a, k, k + 1);
    fmpq_mul(out, out, head);
    for (slong i = k + 2; i < m; i++) {
      fmpq_div(u, fmpq_mat_entry(a, k, i), head);
      fmpq_div(v, fmpq_mat_entry(a, k + 1, i), head);
      for (slong j = k + 2; j < m; j++) {
        fmpq_mul(term, u, fmpq_mat_entry(a, k + 1, j));
        fmpq_sub(fmpq_mat_entry(a, i, j), fmpq_mat_entry(a, i, j), term);
        fmpq_mul(term, v, fmpq_mat_entry(a, k, j));
        fmpq_add(fmpq_mat_entry(a, i, j), fmpq_mat_entry(a, i, j), term);
      }
    }
  }
  fmpq_mat_clear(a);
  fmpq_clear(u);
  fmpq_clear(v);
  fmpq_clear(term);
}

void fermion_expectation(fmpq_t out, const pauli_sum_t o, const quantum_state_t state) {
  const stabilizer_state_struct *stabilizer = quantum_state_stabilizer(state);
  stabilizer_echelon_t echelon;
  fmpq_t value;
  fmpq_init(value);
  if (stabilizer) stabilizer_echelon_init(echelon, stabilizer);
  for (size_t i = 0; i < o->length; i++) {
    if (stabilizer)
      fmpq_set_si(value, stabilizer_echelon_expectation(
                             echelon, pauli_sum_string(o, i)), 1);
    else
      quantum_state_expectation(value, state, pauli_sum_string(o, i));
    fmpq_addmul(out, value, o->coeffs + i);
  }
  if (stabilizer) stabilizer_echelon_clear(echelon);
  fmpq_clear(value);
}

bool fermion_commutes(const pauli_sum_t rest, const pauli_sum_struct *generators,
                      size_t num_generators) {
  for (size_t j = 0; j < num_generators; j++)
    if (!pauli_sum_commute(rest, generators + j)) return false;
  return true;
}
