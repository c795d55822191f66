/* check_shared.h - for `liescape check`: gates of one parameter that do not act as
   one exponential, by a path of its own.

   Forwards in time, where the analysis goes backwards: with P_1, P_2, ... the
   strings of the parameter's gates and h_r half their slopes,
     X_s = sum_(r < s) h_r E[F P_r F^dag],  F the gates between r and s,
     E[(dl)^2] = sum_s h_s^2 B(P_s, P_s) + 2 sum_s h_s B(X_s, P_s),
   B(A, A') = E[Tr(rho' i[A, O']) Tr(rho' i[A', O'])] between Haar elements. A gate
   that is freed or split has an angle of its own; the others have polynomials in
   c = cos u and s = sin u of their parameters, s^2 = 1 - c^2, and
     E[c^(2k)] = (2k choose k) / 4^k.

   Layer: algebra, above check_strings. */
#ifndef LIESCAPE_ALGEBRA_CHECK_SHARED_H
#define LIESCAPE_ALGEBRA_CHECK_SHARED_H

#include "algebra/check/check_strings.h"

typedef struct {
  pauli_sum_t at;      /* h_s P_s */
  pauli_sum_t earlier; /* X_s */
} check_pair_struct;

typedef struct {
  size_t length;
  check_pair_struct *list; /* those with X_s not 0 */
} check_pairs_struct;
typedef check_pairs_struct check_pairs_t[1];

/* False, nothing to clear: the terms are too many, or a fixed angle that is no
   multiple of pi/2 stands between. in_pi: slopes in units of pi, without pi, and no
   others; else those count as 0. */
bool check_pairs_init(check_pairs_t pairs, const check_generators_t g,
                      size_t parameter, bool in_pi);
void check_pairs_clear(check_pairs_t pairs);

#endif
