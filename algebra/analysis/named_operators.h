/* named_operators.h - what commutes, as operators: the centre of the algebra and the
   commutant of the generators, on request.

   X = sum_c k_c X_c with [X, H_j] = 0 for every generator: the kernel of a linear system
   modulo a prime, lifted to Q. Each lift is checked to commute exactly, so the number of
   them is a lower bound of the dimension; that of the kernel is an upper bound. The X_c
   are all strings (commutant: a class of strings that products with those of the
   generators join at a time) or a basis of the algebra (centre).

   Layer: above analysis. Exact. */
#ifndef LIESCAPE_NAMED_OPERATORS_H
#define LIESCAPE_NAMED_OPERATORS_H

#include "algebra/analysis/analysis.h"

typedef struct {
  reason_code_t reason; /* why there is no list */
  size_t length;
  bool products; /* all products of them are meant */
  pauli_sum_struct *list; /* Hermitian, independent */
} named_operators_struct;
typedef named_operators_struct named_operators_t[1];

/* Generators as analysis->set has them (of a circuit: seen through its Clifford
   gates). */

/* A basis of the centre of the algebra: iX is in it for each X. */
void named_centre_init(named_operators_t out, const analysis_t analysis);
/* When generators are strings: independent strings, of which all products are a basis
   of the commutant (products). Otherwise a basis. */
void named_commutant_init(named_operators_t out, const analysis_t analysis);
void named_operators_clear(named_operators_t operators);

#endif
