/* basis.h - an explicit basis of a computed closure, and structure constants.

   Basis elements A_k are the Hermitian operators of closure_get_basis_element, a
   reduced echelon form over Q, so that A_k has a string of its own (its mark)
   that no other element holds. Structure constants
       i [A_j, A_k] = sum_l c_jkl A_l
   are then read off at the marks.

   Layer: algebra, above closure. */
#ifndef LIESCAPE_BASIS_H
#define LIESCAPE_BASIS_H

#include "algebra/base/hash.h"
#include "algebra/closure/closure.h"

typedef struct {
  size_t num;
  size_t num_terms; /* of all elements together */
  pauli_sum_struct *elements;
  size_t *marks; /* term of element k that is its mark */
  hash_table_t owners; /* of the strings that are marks */
} basis_struct;
typedef basis_struct basis_t[1];

/* closure: proved. STATUS_LIMIT (nothing to clear) when the elements have more
   than max_terms strings. */
status_t basis_init(basis_t basis, const closure_t closure, size_t max_terms);
void basis_clear(basis_t basis);

/* The non-zero c_jkl for one pair: *count of them, l ascending, in index[] and
   value[] (initialised, both with room for basis->num). The expansion is checked:
   false would mean that the basis is not closed. O(len_j len_k + terms). */
bool basis_bracket(size_t *count, size_t *index, fmpq *value,
                   const basis_t basis, size_t j, size_t k);

#endif
