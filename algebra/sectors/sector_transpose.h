/* sector_transpose.h - sectors on which so(d) or sp(d/2) acts, by the antiautomorphism
     s(A) = C A^T C^-1,   C a string with s(H_j) = -H_j for all generators.

   or on blocks of the states where every H_j is an operator with that property and one number
   (sectors_transpose_blocks): numbers do not move anything. Then A, B are those on these blocks.

   s maps the algebra A of the generators to itself and B, its commutant, too. A sector that
   it maps to itself has an invariant form: End(V) (x) End(E) has s = t (x) tau, t the
   transpose with respect to the form. Under SO(d), e = 1, or Sp(d/2), e = -1,
     End(V) = 1 + {t X = X, traceless} + {t X = -X},
   of dimensions D+ = (d - e) (d + 2 e) / 2 and D- = d (d - e) / 2 beside 1, irreducible but
   for so(4). With O^ab, rho^ba as in sector_moments.h the covariance on the sector is
     N+ / (4 d^2 D+) + N- / (4 D-),
     N+ = d^2 (P + Q + R) - 2 d (A3 + A4 + A3' + A4') + 4 A1,   N- = P + Q - R,
   P = A2, the dashed with t O^cd or t rho'^dc in the place of these, Q with both, and R the
   sum of A2 with one and with the other. (ad H)^2 has the means
     2 Tr h^2 / (d - e)   and   2 (d - 2 e) Tr h^2 / (d (d - e))
   on the two parts (h = H on V has trace 0): its traces on S^2 V and on the exterior square
   are (d + 2) Tr h^2 and (d - 2) Tr h^2, End(V) being the sum of both.
   Since Tr(e_ij O e_ab s(O)) = sum_cd Tr(O^ja t O^cd) tau[cd][bi] and tau^2 = 1, traces with s
   give those with t.

   Layer: private to algebra, above sector_local. */
#ifndef LIESCAPE_ALGEBRA_SECTOR_TRANSPOSE_H
#define LIESCAPE_ALGEBRA_SECTOR_TRANSPOSE_H

#include "algebra/sectors/sector_local.h"

enum { TRANSPOSE_MAX_MULTIPLICITY = 16 };

/* After sector_local_init, of the same sources: traces with s. */
void sector_local_transpose(sector_local_struct *l, const sector_source_struct *observable,
                            const sector_source_struct *states, const uint64_t c[2],
                            const sector_rows_struct *index);
/* N+, N-, Tr (Tr_E O) t(Tr_E O) and Tr (Tr_E rho) t(Tr_E rho) of sector k; false unless s maps it to itself (and its multiplicity is small). */
bool sector_transposed_diagonal(mp_limb_t out[4], const sector_local_struct *l, size_t k);

#endif
