/* statevector.h - state vectors in double or single precision, one or a row at a
   time.

   Qubit j is bit j of the index. A vector holds `lanes` states (1, or
   statevector_lanes: 8 in double, 16 in single precision, 64 bytes); amplitude i
   of lane k has its real part at amps[(2 i) lanes + k] and its imaginary part at
   amps[(2 i + 1) lanes + k], so that one lane is the usual array of complex numbers
   and many lanes are a row of states that go through the same gates with angles
   of their own. Everything below is for both precisions except where it says
   double; what goes in and out, other than amplitudes, is double. In single
   precision an operation is off by a few 2^-24 of the norm of its result; matrix
   elements are summed as doubles over parts of KERNEL_PARTIAL items (kernels.h), so
   that their error does not grow with the number of qubits.

   A Pauli string is the masks (x, z) of pauli.h, at most 62 qubits:
       P |b> = i^|x&z| (-1)^(z.b) |b^x>,
   Hermitian. Every operation is one pass, in place, whatever the weight.
   Operations on vectors of 2^18 amplitudes and more use OpenMP when they are
   not inside a parallel region; sums are taken over fixed blocks, so results
   do not depend on the number of threads.

   The instructions (AVX-512, AVX2, or portable) are chosen when first used;
   LIESCAPE_SIMD=portable|avx2|avx512 in the environment asks for less. */
#ifndef LIESCAPE_NUMERIC_STATEVECTOR_H
#define LIESCAPE_NUMERIC_STATEVECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "numeric/machine/precision.h"
#include "algebra/base/quantum_state.h"

/* Lanes in double precision, and the most there are. */
enum { STATEVECTOR_LANES = 8, STATEVECTOR_MAX_LANES = 16 };
enum { STATEVECTOR_MAX_QUBITS = 48 };
/* Qubits that the strings of a state given by few strings may act on. */
enum { STATEVECTOR_PAULI_QUBITS = 10 };

typedef struct {
  size_t num_qubits;
  size_t lanes;
  precision_t precision;
  union {
    double *amps;   /* in double precision */
    float *singles; /* in single precision */
    void *any;
  };
} statevector_t;

/* H = sum_j coeffs[j] P_j in double precision. */
typedef struct {
  size_t length;
  uint64_t *x, *z;
  double *coeffs;
  double norm1; /* sum of |coeffs|: a bound on the operator norm */
} double_sum_t;

/* Of a vector of many lanes. */
static inline size_t statevector_lanes(precision_t p) {
  return p == PRECISION_SINGLE ? STATEVECTOR_MAX_LANES : STATEVECTOR_LANES;
}

/* Zero. False, and no allocation kept, when the memory is refused. The first is of
   double precision. */
bool statevector_init(statevector_t *v, size_t num_qubits, size_t lanes);
bool statevector_init_as(statevector_t *v, size_t num_qubits, size_t lanes,
                         precision_t precision);
void statevector_clear(statevector_t *v);
size_t statevector_bytes(size_t num_qubits, size_t lanes, precision_t precision);
void statevector_zero(statevector_t *v);
/* Of the same shape and precision. */
void statevector_copy(statevector_t *out, const statevector_t *in);

/* Number `at` of an array in the precision of a vector. */
static inline double statevector_get(const void *numbers, size_t at,
                                     precision_t p) {
  return p == PRECISION_SINGLE ? (double)((const float *)numbers)[at]
                               : ((const double *)numbers)[at];
}
static inline void statevector_put(void *numbers, size_t at, double value,
                                   precision_t p) {
  if (p == PRECISION_SINGLE) ((float *)numbers)[at] = (float)value;
  else ((double *)numbers)[at] = value;
}
/* Amplitude i of every lane. */
static inline void statevector_set(statevector_t *v, size_t i, double re,
                                   double im) {
  for (size_t k = 0; k < v->lanes; k++) {
    statevector_put(v->any, 2 * i * v->lanes + k, re, v->precision);
    statevector_put(v->any, (2 * i + 1) * v->lanes + k, im, v->precision);
  }
}

/* v <- exp(-i a_k P / 2) v in lane k, given cos(a_k/2) and sin(a_k/2). */
void statevector_rotate(statevector_t *v, uint64_t x, uint64_t z,
                        const double *cos_half, const double *sin_half);
/* cos and sin of one row of half angles, |half| < 2^20, to an absolute 2^-52;
   rows of many lanes aligned to 64 bytes. */
void statevector_angles(double *cos_half, double *sin_half, const double *half,
                        size_t lanes);
/* out += factor_k P in in lane k, factor complex (re, im). out and in are
   different vectors. */
void statevector_add_string(statevector_t *out, uint64_t x, uint64_t z,
                            const double *factor_re, const double *factor_im,
                            const statevector_t *in);
/* out = H in. */
void statevector_apply_sum(statevector_t *out, const double_sum_t *sum,
                           const statevector_t *in);
/* (re, im)[k] = <a|P|b> in lane k. a and b may be the same. */
void statevector_bracket(double *re, double *im, const statevector_t *a,
                         uint64_t x, uint64_t z, const statevector_t *b);
/* <v|H|v> lane by lane. */
void statevector_expectation(double *out, const statevector_t *v,
                             const double_sum_t *sum);

/* v <- exp(-i angle_k H) v in lane k for any H, by the Chebyshev series
   exp(-i t R y) = J_0(tR) + 2 sum_k (-i)^k J_k(tR) T_k(y), y = H/R, R = norm1
   (H. Tal-Ezer and R. Kosloff 1984), cut where the sum of the dropped
   2 |J_k| <= 2 (|tR|/2)^k / k! is below 2^-60. work: three vectors of the same
   shape. Cost (|tR| + about 30) applications of H. In double precision only: the
   recurrence multiplies rounding errors. */
void statevector_exponential(statevector_t *v, const double_sum_t *sum,
                             const double *angles, statevector_t work[3]);

/* Number of ancilla qubits that purify the state: n - rank for a stabilizer
   state; for a product state the number of qubits that are mixed; n for a sum of
   strings, and more than fit when these act on too many qubits. */
size_t statevector_ancillas(const quantum_state_struct *state);
/* Writes into every lane a vector on n + (n - rank) qubits (ancillas at the
   high bits) whose reduced state on the low n qubits is the state given:
   for a stabilizer state sum_k |v_k>|k> / sqrt K, over the orthonormal basis
   v_k of its support made of stabilizer states, in O(2^n rank); for a product
   state the product of the purified qubits; for a sum of strings
   sum_k sqrt(lambda_k) |u_k>|k> over its eigenvectors. */
void statevector_prepare(statevector_t *v, const quantum_state_struct *state);
/* For a sum of strings; which qubits they act on. */
void statevector_prepare_pauli(statevector_t *v, const pauli_sum_struct *state);
uint64_t statevector_pauli_support(const pauli_sum_struct *state);

void double_sum_init(double_sum_t *sum, size_t length);
void double_sum_clear(double_sum_t *sum);

/* "avx512", "avx2" or "portable": what is in use. */
const char *statevector_instructions(void);

#endif
