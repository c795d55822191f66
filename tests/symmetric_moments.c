#include "tests/symmetric_moments.h"

#include <stdlib.h>

#include "algebra/sums/sum_moments.h"
#include "tests/tap.h"

void symmetric_generators(generator_set_t g, const symmetric_set_struct *set,
                          const pauli_sum_t o) {
  ansatz_t ansatz;
  ansatz_init(ansatz, ANSATZ_OPERATORS, set->n);
  for (size_t j = 0; j < set->count; j++) ansatz_add_generator(ansatz, set->list + j);
  for (size_t j = 0; j < set->count; j++) ansatz_add_parameter(ansatz, NULL, false);
  ansatz_add_observable(ansatz, o, "O");
  generator_set_init(g, ansatz);
  ansatz_clear(ansatz);
}

void symmetric_product(quantum_state_struct *out, const slong (*bloch)[4], size_t length,
                       bool all) {
  product_state_t p;
  fmpq_t c[3];
  const slong *v = bloch[tap_random_below(length)];
  for (int k = 0; k < 3; k++) fmpq_init(c[k]);
  product_state_init(p, out->num_qubits);
  for (size_t j = 0; j < out->num_qubits; j++) {
    if (!all) v = bloch[tap_random_below(length)];
    for (int k = 0; k < 3; k++) fmpq_set_si(c[k], v[k], (ulong)v[3]);
    if (product_state_set_bloch(p, j, c[0], c[1], c[2]) != STATUS_OK) abort();
  }
  quantum_state_set_product(out, p);
  product_state_clear(p);
  for (int k = 0; k < 3; k++) fmpq_clear(c[k]);
}

void symmetric_stabilizers(stabilizer_state_t s, size_t rank) {
  while (s->rank < rank) {
    uint64_t p[2] = {tap_random_below((size_t)1 << s->num_qubits),
                     tap_random_below((size_t)1 << s->num_qubits)};
    if (!pauli_is_identity(p, 1)) stabilizer_state_add(s, p, tap_random() & 1);
  }
}

bool symmetric_near(const char *what, const fmpq_t got, const fmpq_t expected) {
  if (fmpq_equal(got, expected)) return true;
  char *a = fmpq_get_str(NULL, 10, got), *b = fmpq_get_str(NULL, 10, expected);
  tap_diag("%s: %s, expected %s", what, a, b);
  flint_free(a);
  flint_free(b);
  return false;
}

bool symmetric_moments_agree(const sector_moments_struct *m, const generator_set_t g,
                             const pauli_sum_t o, const quantum_state_struct *a,
                             const quantum_state_struct *b, long *compared) {
  sum_moments_t w;
  sum_input_t x, y;
  bool ok = true;
  sum_moments_init(w, g, o, NULL);
  if (!w->reason && !sum_input_init(x, w, a)) {
    if (!sum_input_init(y, w, b)) {
      fmpq_t expected;
      fmpq *gradient = _fmpq_vec_init((slong)g->num_parameters + 1);
      ++*compared;
      fmpq_init(expected);
      sum_covariance(expected, w, x, y);
      ok = symmetric_near("mean", m->mean, x->mean) &&
           symmetric_near("mean", m->mean + 1, y->mean) &&
           symmetric_near("covariance", m->covariance, expected);
      if (a == b && ok && !sum_gradient(gradient, w, x))
        for (size_t u = 0; u < g->num_uses && ok; u++) {
          fmpq_mul(expected, g->uses[u].scale, g->uses[u].scale);
          fmpq_mul(expected, expected, m->gradient + g->uses[u].generator);
          ok = symmetric_near("gradient", expected, gradient + g->uses[u].parameter);
        }
      fmpq_clear(expected);
      _fmpq_vec_clear(gradient, (slong)g->num_parameters + 1);
      sum_input_clear(y);
    }
    sum_input_clear(x);
  }
  sum_moments_clear(w);
  return ok;
}

void symmetric_traces(fmpq out[4], const pauli_sum_t o) {
  fmpq_t c;
  fmpq_init(c);
  for (size_t i = 0; i < o->length; i++) {
    fmpq_addmul(out + 2, o->coeffs + i, o->coeffs + i);
    for (size_t j = 0; j < o->length; j++) {
      uint64_t product[2];
      unsigned phase = pauli_mul(product, pauli_sum_string(o, i), pauli_sum_string(o, j), 1);
      pauli_sum_coefficient(c, o, product);
      if (phase & 1) continue; /* cancels with (j, i) */
      fmpq_mul(c, c, o->coeffs + i);
      fmpq_mul(c, c, o->coeffs + j);
      if (phase & 2) fmpq_sub(out + 3, out + 3, c);
      else fmpq_add(out + 3, out + 3, c);
    }
  }
  for (int k = 2; k < 4; k++) fmpq_mul_2exp(out + k, out + k, o->num_qubits);
  fmpq_clear(c);
}
