/* permutation_average.h - operators averaged over all permutations of the qubits, and
   how they act on the modules of spin J.

   T_abc = the sum of all strings with a letters X, b letters Y, c letters Z (of n
   qubits); the average of an operator is sum c_abc T_abc. By
     sum_abc x^a y^b z^c T_abc = g^(x n),   g = 1 + x X + y Y + z Z,
   and Schur-Weyl duality, C^(2^n) = sum over m = 0 .. n/2 of Sym^(n - 2m)(C^2)
   (x) C^(f_m), f_m = C(n, m) - C(n, m - 1), on which
     g^(x n) = (det g)^m Sym^(n - 2m)(g) (x) 1,   det g = 1 - x^2 - y^2 - z^2.
   So on the spin J = n/2 - m the average is sum c'_abc T_abc, of n - 2m qubits and on
   their symmetric states alone, where c' comes from c by m times
     c_abc -> c_abc - c_(a+2)bc - c_a(b+2)c - c_ab(c+2).
   On u^(N-q) v^q, q = 0 .. N (u = |0>, v = |1>; not normalised),
     T_abc[q'][q] = i^b C(N-q, k) C(q, j) K_b(k, j) K_c(N-q-k, q-j),
     k + j = a + b, k - j = q' - q,   K_b(k, j) = [y^b] (1 + y)^k (1 - y)^j.

   Source: I. Schur (1927), H. Weyl (1939) for the duality; M. Krawtchouk (1929) for K.

   Layer: private to algebra, above quantum_state. */
#ifndef LIESCAPE_ALGEBRA_PERMUTATION_AVERAGE_H
#define LIESCAPE_ALGEBRA_PERMUTATION_AVERAGE_H

#include "algebra/base/pauli_sum.h"
#include "algebra/base/quantum_state.h"
#include "algebra/sectors/gauss_matrix.h"

/* Tables have (n + 1)^3 numbers. */
enum { PERMUTATION_MAX_QUBITS = 128, PERMUTATION_MAX_WORDS = 2 };

/* K_b(k, j), k + j <= n. */
typedef struct {
  size_t n;
  fmpz *value;
} krawtchouk_struct;

void krawtchouk_init(krawtchouk_struct *k, size_t n);
void krawtchouk_clear(krawtchouk_struct *k);

/* coeff[(a (n + 1) + b) (n + 1) + c]; symmetric: the operator is its own average. */
typedef struct {
  size_t n;
  fmpq *coeff;
  bool symmetric;
} type_table_struct;
typedef type_table_struct type_table_t[1];

static inline size_t type_at(size_t n, size_t a, size_t b, size_t c) {
  return (a * (n + 1) + b) * (n + 1) + c;
}

/* Of an operator; n at most PERMUTATION_MAX_QUBITS. */
void type_table_init(type_table_t t, const pauli_sum_t sum);
/* Of a density matrix; false, nothing to clear, for a stabilizer state that is neither
   a product nor of small rank. */
bool type_table_init_state(type_table_t t, const quantum_state_t state);
void type_table_init_set(type_table_t t, const type_table_t from);
void type_table_clear(type_table_t t);
/* The letters (X, Y, Z) become (Y, Z, X), `times` times: a rotation of every qubit. */
void type_table_rotate(type_table_t t, unsigned times);
/* From m to m + 1 above. */
void type_table_fold(type_table_t t);
/* out (N + 1 square, 0) = the table, folded m times, on Sym^N, N = n - 2m. */
void type_table_matrix(gauss_matrix_t out, const type_table_t t, size_t m,
                       const krawtchouk_struct *k);

#endif
