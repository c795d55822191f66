/* surd_sum.h - sums of Pauli strings with coefficients in Q(sqrt 2, sqrt 3).

   The field of the cosines and sines of multiples of pi/12, which is what a
   rotation by such an angle makes of a string:
       F^dag Q F = cos a Q + sin a (i P Q),   F = exp(-i a P / 2),
   when P and Q anticommute. Strings of a sum are distinct, none has the
   coefficient 0, in no order. Private to algebra/. Layer: above pauli_sum. */
#ifndef LIESCAPE_ALGEBRA_SURD_SUM_H
#define LIESCAPE_ALGEBRA_SURD_SUM_H

#include "algebra/base/pauli_sum.h"

enum { SURD_PARTS = 4 };

typedef struct {
  size_t num_qubits, num_words, length, alloc;
  uint64_t *strings; /* rows of 2w words */
  fmpq *coeffs;      /* four for each: of 1, sqrt 2, sqrt 3, sqrt 6 */
} surd_sum_struct;
typedef surd_sum_struct surd_sum_t[1];

void surd_sum_init(surd_sum_t sum, size_t num_qubits);
void surd_sum_clear(surd_sum_t sum);
/* sum += coeff [string]. O(length). */
void surd_sum_add(surd_sum_t sum, const fmpq_t coeff, const uint64_t *string);
/* sum = F^dag sum F for the rotation about the string by twelfths pi/12. */
void surd_sum_rotate(surd_sum_t sum, const uint64_t *string, long twelfths);
/* Is sum = sqrt(root) out with out rational, root one of 1, 2, 3, 6? The least
   of them; out is initialised. */
bool surd_sum_get_rational(pauli_sum_t out, unsigned *root,
                           const surd_sum_t sum);

#endif
