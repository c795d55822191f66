/* pauli_sum.h - Hermitian operators  sum_j c_j P_j  with exact rational c_j.

   Canonical form, kept by every function here except the raw
   pauli_sum_push: the strings are distinct, in the order of pauli_cmp, and no
   coefficient is zero. The zero operator has length 0.

   Layer: above pauli. Exact; memory exhaustion aborts (as in FLINT). */
#ifndef LIESCAPE_PAULI_SUM_H
#define LIESCAPE_PAULI_SUM_H

#include <flint/flint.h>
#include <flint/fmpq.h>

#include "algebra/base/pauli.h"

typedef struct {
  size_t num_qubits;
  size_t num_words; /* w of pauli.h */
  size_t length;    /* number of terms */
  size_t alloc;
  uint64_t *strings; /* length rows of 2w words */
  fmpq *coeffs;      /* length coefficients */
} pauli_sum_struct;

typedef pauli_sum_struct pauli_sum_t[1];

void pauli_sum_init(pauli_sum_t sum, size_t num_qubits);
void pauli_sum_clear(pauli_sum_t sum);
void pauli_sum_set(pauli_sum_t out, const pauli_sum_t in);
void pauli_sum_swap(pauli_sum_t a, pauli_sum_t b);
void pauli_sum_zero(pauli_sum_t sum);

static inline const uint64_t *pauli_sum_string(const pauli_sum_struct *sum,
                                               size_t term) {
  return sum->strings + term * 2 * sum->num_words;
}

/* Appends coeff * string without restoring the canonical form; call
   pauli_sum_canonicalise once after the last push. Amortised O(w). */
void pauli_sum_push(pauli_sum_t sum, const fmpq_t coeff,
                    const uint64_t *string);
/* Sorts, adds equal strings up, drops zeros. O(length log length). */
void pauli_sum_canonicalise(pauli_sum_t sum);

/* out = a + c b. Aliasing allowed. */
void pauli_sum_addmul(pauli_sum_t out, const pauli_sum_t a, const fmpq_t c,
                      const pauli_sum_t b);
/* out = c in. Aliasing allowed. */
void pauli_sum_scalar_mul(pauli_sum_t out, const pauli_sum_t in,
                          const fmpq_t c);

/* Position of the string in a canonical sum, SIZE_MAX when it does not occur. By
   bisection. */
size_t pauli_sum_find(const pauli_sum_t sum, const uint64_t *string);
/* coeff = that of the string, 0 when it does not occur. */
void pauli_sum_coefficient(fmpq_t coeff, const pauli_sum_t sum,
                           const uint64_t *string);

bool pauli_sum_equal(const pauli_sum_t a, const pauli_sum_t b);
static inline bool pauli_sum_is_zero(const pauli_sum_struct *sum) {
  return sum->length == 0;
}
/* Are a and b proportional (both non-zero)? Then ratio = a / b. */
bool pauli_sum_is_multiple(fmpq_t ratio, const pauli_sum_t a,
                           const pauli_sum_t b);
/* Do the operators commute?  O(len_a len_b w). */
bool pauli_sum_commute(const pauli_sum_t a, const pauli_sum_t b);

/* Text in the program's own syntax, "1/2 X0 X1 - 1/4 Z3", "0" when empty.
   The caller frees it with free(). */
char *pauli_sum_get_str(const pauli_sum_t sum);

#endif
