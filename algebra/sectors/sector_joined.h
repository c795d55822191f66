/* sector_joined.h - sectors between which the observable and the states have parts: when is
     E[l_kh l_mn] = 0 for k != h and (m, n) != (h, k),
   l_kh = Tr(O_hk U_k rho_kh U_h^dag) the part of the loss between sectors k and h?

   U_k = g_k exp(i theta . chi_k): g_k Haar on the group SU(d), SO(d) or Sp(d/2) of the sector,
   independent of those of others, theta on the torus of the phases; chi_k the means
   Tr(H_j on V_k) / d_k of the generators. The average is 0 unless
     chi_k + chi_m = chi_h + chi_n                                                   (*)
   and, as the groups are independent, every sector among k, h, m, n with d > 1 stands there so
   often that its V and V* have an invariant: twice, as U and its conjugate (then the others
   are lines with the same chi, which are one sector, or (m, n) = (h, k)), or twice as U, V its own dual:
     (k, h), (k, h), both their own duals, or k, its own dual, and two lines h, n;
   or three times, O(k, k) with (k, n), d_k = 3 with SO(3), n a line. (For so(4), and four
   times, the formulas of a sector alone serve.) Lines: (*) alone. All of them modulo a prime:
   what is different there is different.

   Layer: private to algebra, between sector_local and sector_moments. */
#ifndef LIESCAPE_ALGEBRA_SECTOR_JOINED_H
#define LIESCAPE_ALGEBRA_SECTOR_JOINED_H

#include "algebra/sectors/sector_local.h"

/* May one of these averages differ from 0? self_dual[k]: V_k may be its own dual; joined[k K + h],
   K sectors: O_kh is not 0 and the states populate both. */
bool sector_joined_meet(const sector_local_struct *l, const sector_rows_struct *index,
                        const sector_source_struct *generators, size_t count,
                        const bool *self_dual, const bool *joined);

#endif
