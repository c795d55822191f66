#include "tests/moment_inputs.h"

#include "tests/tap.h"

/* x^2 + y^2 + z^2 <= 1 */
static const slong vectors[6][4] = {{3, 0, 4, 5}, {2, -1, 2, 3}, {1, 1, -1, 2},
                                    {0, 0, 1, 1}, {0, 0, 0, 1}, {-2, 3, 6, 7}};

void moment_random_product(quantum_state_t out, size_t n) {
  product_state_t p;
  fmpq_t v[3];
  product_state_init(p, n);
  for (int c = 0; c < 3; c++) fmpq_init(v[c]);
  for (size_t q = 0; q < n; q++) {
    const slong *row = vectors[tap_random_below(6)];
    for (int c = 0; c < 3; c++) fmpq_set_si(v[c], row[c], (ulong)row[3]);
    product_state_set_bloch(p, q, v[0], v[1], v[2]);
  }
  quantum_state_init(out, n);
  quantum_state_set_product(out, p);
  for (int c = 0; c < 3; c++) fmpq_clear(v[c]);
  product_state_clear(p);
}

void moment_random_sum(pauli_sum_t sum, size_t n, size_t terms) {
  fmpq_t c;
  fmpq_init(c);
  pauli_sum_init(sum, n);
  while (pauli_sum_is_zero(sum)) {
    for (size_t t = 0; t < terms; t++) {
      uint64_t s[2] = {tap_random_below((size_t)1 << n),
                       tap_random_below((size_t)1 << n)};
      if (terms == 1 && !(s[0] | s[1])) continue;
      fmpq_set_si(c, (slong)tap_random_below(5) - 2, 1 + tap_random_below(2));
      pauli_sum_push(sum, c, s);
    }
    pauli_sum_canonicalise(sum);
  }
  fmpq_clear(c);
}

bool moment_landscapes_equal(const landscape_t a, const landscape_t b) {
  bool ok = a->mean_known && b->mean_known && fmpq_equal(a->mean, b->mean) &&
            a->variance_known && b->variance_known &&
            fmpq_equal(a->variance, b->variance) && a->gradient_known &&
            b->gradient_known;
  for (size_t k = 0; ok && k < a->num_parameters; k++)
    ok = fmpq_equal(landscape_gradient(a, k), landscape_gradient(b, k));
  return ok;
}
