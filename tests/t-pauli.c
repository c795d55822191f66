/* Strings against 2^n x 2^n matrices built letter by letter. */
#include <complex.h>
#include <stdlib.h>

#include "algebra/base/pauli.h"
#include "tests/tap.h"

enum { MAX_QUBITS = 5, MAX_DIM = 1 << MAX_QUBITS };

/* Entry (row, column) of the tensor product; qubit j is bit j of the index. */
static double complex entry(const uint64_t *p, size_t n, size_t row,
                            size_t col) {
  static const double complex letters[4][2][2] = {
      {{1, 0}, {0, 1}}, {{0, 1}, {1, 0}}, {{1, 0}, {0, -1}}, {{0, -I}, {I, 0}}};
  double complex v = 1;
  for (size_t j = 0; j < n; j++)
    v *= letters[pauli_get(p, pauli_words(n), j)][row >> j & 1][col >> j & 1];
  return v;
}

static bool product_agrees(const uint64_t *p, const uint64_t *q, size_t n) {
  static const double complex powers[4] = {1, I, -1, -I};
  uint64_t r[2];
  unsigned e = pauli_mul(r, p, q, 1);
  for (size_t row = 0; row < (size_t)1 << n; row++)
    for (size_t col = 0; col < (size_t)1 << n; col++) {
      double complex sum = 0;
      for (size_t k = 0; k < (size_t)1 << n; k++)
        sum += entry(p, n, row, k) * entry(q, n, k, col);
      if (cabs(sum - powers[e] * entry(r, n, row, col)) > 0.5) return false;
    }
  return pauli_anticommute(p, q, 1) == (e & 1);
}

int main(void) {
  tap_begin("t-pauli");
  bool ok = true;
  for (size_t a = 0; a < 16; a++)
    for (size_t b = 0; b < 16; b++) {
      uint64_t p[2] = {a & 3, a >> 2}, q[2] = {b & 3, b >> 2};
      ok = ok && product_agrees(p, q, 2);
    }
  tap_ok(ok, "all products of two-qubit strings have the matrix phase");
  ok = true;
  for (long i = 0; i < tap_iterations(50); i++) {
    uint64_t mask = (1 << MAX_QUBITS) - 1;
    uint64_t p[2] = {tap_random() & mask, tap_random() & mask};
    uint64_t q[2] = {tap_random() & mask, tap_random() & mask};
    ok = ok && product_agrees(p, q, MAX_QUBITS);
  }
  tap_ok(ok, "random five-qubit products");

  ok = true;
  for (long i = 0; i < tap_iterations(500); i++) {
    size_t n = 1 + tap_random_below(200), w = pauli_words(n), weight = 0;
    uint64_t p[8] = {0}, q[8] = {0}, r[8], s[8];
    for (size_t j = 0; j < n; j++) {
      unsigned letter = (unsigned)tap_random_below(4);
      pauli_set(p, w, j, letter);
      pauli_set(q, w, j, (unsigned)tap_random_below(4));
      weight += letter != 0;
    }
    unsigned e = pauli_mul(r, p, q, w), f = pauli_mul(s, q, p, w);
    /* qp is the adjoint of pq, and strings square to the identity */
    ok = ok && pauli_equal(r, s, w) && (e + f) % 4 == 0 &&
         pauli_weight(p, w) == weight && pauli_mul(s, p, p, w) == 0 &&
         pauli_is_identity(s, w) &&
         (pauli_cmp(p, q, w) < 0) == (pauli_cmp(q, p, w) > 0) &&
         (pauli_cmp(p, q, w) == 0) == pauli_equal(p, q, w);
    memcpy(s, p, sizeof s);
    ok = ok && pauli_mul(s, s, q, w) == e && pauli_equal(s, r, w);
  }
  tap_ok(ok, "long strings: adjoint, square, weight, order, aliasing");

  uint64_t p[4] = {1, 0, 0, 0}, zero[4] = {0};
  pauli_set(p, 2, 70, 3);
  char *text = pauli_get_str(p, 71), *identity = pauli_get_str(zero, 71);
  tap_ok(text && !strcmp(text, "X0 Y70"), "text of a string");
  tap_ok(identity && !strcmp(identity, "I"), "text of the identity");
  free(text);
  free(identity);
  return tap_end();
}
