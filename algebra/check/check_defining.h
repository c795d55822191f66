/* check_defining.h - for `liescape check`: matrices of an observable and a state where strings
   generate su(2^k), so(2^k) or sp(2^(k-1)), in the defining representation.

   From the component alone: V has pairs e_i, f_i and a radical R, q = 1 on its members where
   there is such a form. If all strings outside R, or those with q = 1, lie in the ideal, it is
     no q: su; q not 0 on R: su, sectors in conjugate pairs; q = 0 on R: so when V/R has a basis
     of hyperbolic pairs with q = 0 throughout, else sp.
   On the eigenspace chi of R, e_i is Z and f_i is X on qubit i of k. With hyperbolic pairs
   q = 1 says that there is an odd number of Y.

   Layer: algebra, above check_strings. */
#ifndef LIESCAPE_ALGEBRA_CHECK_DEFINING_H
#define LIESCAPE_ALGEBRA_CHECK_DEFINING_H

#include "algebra/base/flint_compat.h"
#include "algebra/check/check_strings.h"

typedef enum { CHECK_GROUP_SO, CHECK_GROUP_SP, CHECK_GROUP_SU } check_group_t;

/* Numbers of one ideal: so and sp as check_orbit_law_struct has them; su p_1 .. p_m. */
typedef struct {
  check_group_t group;
  bool conjugate; /* su: or those of all signs changed, of both sides together */
  size_t modes, rank;
  fmpq *observable, *state;
  int orientation;
} check_defining_struct;

/* Does the string lie in the ideal? */
typedef answer_t check_contains_t(const void *context, const uint64_t *string);

enum { CHECK_DEFINING_PAIRS = 6, CHECK_DEFINING_NUMBERS = 256 };

/* How many ideals, at most `most`, and out[i] for each, to be cleared; 0: too large, or not all
   of these strings lie in it. */
size_t check_defining(check_defining_struct **out, const check_component_struct *c,
                      const pauli_sum_t observable, const quantum_state_t state,
                      check_contains_t *contains, const void *context);
void check_defining_clear(check_defining_struct *ideal);

/* out[j] = (1/2) tr (-B^2)^(j+1); sign of the Pfaffian, 0 where it is 0 or there is none. */
void check_power_sums(fmpq *out, const fmpq_mat_t b, size_t rank);
int check_pfaffian_sign(const fmpq_mat_t b);

#endif
