/* States given by few strings: what is a state against eigenvalues of dense
   matrices (ref_matrix.h), and the vectors that purify them string by string. */
#include <math.h>
#include <stdlib.h>

#include "algebra/base/quantum_state.h"
#include "numeric/vector/statevector.h"
#include "tests/ref_matrix.h"
#include "tests/tap.h"
#include "algebra/spectrum/positive.h"

/* Identity plus random strings. Norms of the rest about 1, now and then exactly
   (pure states and states at the edge). */
static void random_sum(pauli_sum_t sum, size_t n) {
  static const slong triples[3][3] = {{3, 4, 5}, {5, 12, 13}, {8, 15, 17}};
  uint64_t s[2] = {0, 0};
  fmpq_t c;
  fmpq_init(c);
  fmpq_one(c);
  pauli_sum_init(sum, n);
  pauli_sum_push(sum, c, s);
  bool edge = tap_random_below(3) == 0;
  size_t terms = edge ? 2 : 1 + tap_random_below(5);
  const slong *triple = triples[tap_random_below(3)];
  for (size_t t = 0; t < terms; t++) {
    do {
      s[0] = tap_random_below((size_t)1 << n);
      s[1] = tap_random_below((size_t)1 << n);
    } while (!(s[0] | s[1]));
    if (edge)
      fmpq_set_si(c, tap_random_below(2) ? -triple[t] : triple[t],
                  (ulong)triple[2]);
    else
      fmpq_set_si(c, (slong)tap_random_below(9) - 4,
                  2 + 2 * tap_random_below(4));
    pauli_sum_push(sum, c, s);
  }
  pauli_sum_canonicalise(sum);
  fmpq_clear(c);
}

static double least_eigenvalue(const pauli_sum_t sum) {
  static ref_entry_t matrix[64 * 64];
  double values[64];
  int n = (int)sum->num_qubits;
  ref_matrix_zero(matrix, n);
  for (size_t t = 0; t < sum->length; t++) {
    const uint64_t *s = pauli_sum_string(sum, t);
    ref_matrix_add_string(matrix, n, fmpq_get_d(sum->coeffs + t),
                          (unsigned)(s[0] | s[1] << n));
  }
  ref_matrix_eigenvalues(values, NULL, matrix, (size_t)1 << n);
  return values[0];
}

/* Every string has its expectation in the purified vector. */
static bool vector_is_right(const quantum_state_t state) {
  size_t n = state->num_qubits;
  statevector_t v;
  fmpq_t exact;
  bool right = statevector_init(&v, n + statevector_ancillas(state), 1);
  fmpq_init(exact);
  statevector_prepare(&v, state);
  for (uint64_t x = 0; x < UINT64_C(1) << n && right; x++)
    for (uint64_t z = 0; z < UINT64_C(1) << n && right; z++) {
      double re, im;
      statevector_bracket(&re, &im, &v, x, z, &v);
      quantum_state_expectation(exact, state, (uint64_t[]){x, z});
      right = fabs(re - fmpq_get_d(exact)) < 1e-7 && fabs(im) < 1e-7;
    }
  fmpq_clear(exact);
  statevector_clear(&v);
  return right;
}

int main(void) {
  long states = 0, others = 0, edges = 0, wrong = 0;
  bool vectors = true;
  tap_begin("t-pauli-state");
  for (long i = 0; i < tap_iterations(600) || states < 20 || others < 20; i++) {
    pauli_sum_t sum;
    quantum_state_t state;
    size_t n = 1 + tap_random_below(3);
    random_sum(sum, n);
    quantum_state_init(state, n);
    double least = least_eigenvalue(sum);
    status_t status = quantum_state_set_pauli(state, sum);
    edges += fabs(least) < 1e-9;
    /* the reference cannot tell 0 from just below; those are states here */
    bool is_state = least > -1e-9;
    states += is_state;
    others += !is_state;
    if (status != (is_state ? STATUS_OK : STATUS_BAD_INPUT)) {
      char *text = pauli_sum_get_str(sum);
      tap_diag("pauli %s: least eigenvalue %g, status %d", text, least, status);
      free(text);
      wrong++;
    }
    /* a square root halves the digits of eigenvalues that should be 0 */
    if (status == STATUS_OK) vectors = vectors && vector_is_right(state);
    quantum_state_clear(state);
    pauli_sum_clear(sum);
  }
  tap_ok(!wrong, "%ld states and %ld others told apart", states, others);
  tap_occurred(edges > 0, "%ld lie at the edge", edges);
  tap_ok(vectors, "vectors have the expectations of the states");
  /* Too many qubits for the exact test: by bounds, or not at all. */
  pauli_sum_t sum;
  quantum_state_t state;
  fmpq_t c;
  uint64_t s[2] = {0, 0};
  fmpq_init(c);
  pauli_sum_init(sum, 40);
  quantum_state_init(state, 40);
  fmpq_one(c);
  pauli_sum_push(sum, c, s);
  fmpq_set_si(c, 1, 39);
  for (size_t q = 0; q + 1 < 40; q++) {
    s[1] = UINT64_C(3) << q;
    pauli_sum_push(sum, c, s);
  }
  pauli_sum_canonicalise(sum);
  tap_ok(quantum_state_set_pauli(state, sum) == STATUS_OK, "40 qubits");
  fmpq_set_si(c, 3, 1);
  pauli_sum_scalar_mul(sum, sum, c);
  tap_ok(quantum_state_set_pauli(state, sum) == STATUS_BAD_INPUT,
         "its identity must have the coefficient 1");
  pauli_sum_clear(sum);
  quantum_state_clear(state);
  fmpq_clear(c);
  return tap_end();
}
