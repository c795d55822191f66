/* check_sector_blocks.h - for `liescape check`: Wishart blocks of the loss of a pure state
   on sectors that check_decomposition.h found.

   With check_pure.h: without coherences (c_kl = 0) the loss is a sum over populated sectors
   of <phi_k| U_k^dag O_kk U_k |phi_k>, with independent U_k: a block for every O_kk that
   is no number, of weight w_k and rank 1. With coherences it is none such. Or U_k in SO(d_k),
   phi real and O_kk symmetric (pure->turns). Where something else acts than one su(d) or
   such so(d) for each, it says whether g is as large as its sectors allow, and other
   sectors with so(d), sp(d/2) have no spectra.

   Layer: algebra, above check_pure and check_sum_blocks. */
#ifndef LIESCAPE_ALGEBRA_CHECK_SECTOR_BLOCKS_H
#define LIESCAPE_ALGEBRA_CHECK_SECTOR_BLOCKS_H

#include "algebra/check/sums/check_pure_loss.h"
#include "algebra/check/sums/check_sum_blocks.h"

/* Blocks of the loss itself (exact). False, with nothing to clear: too large. */
bool check_sector_blocks_init(check_sum_blocks_t out, const check_sum_structure_t counted,
                              const check_pure_t pure, const check_pure_loss_t loss,
                              const pauli_sum_struct *observable);

#endif
