/* depth_pairs.h - moments when angles are shared, fixed or not uniform.
   Private.

   All pairs (Q, Q') are carried through the blocks of depth_blocks, block by
   block, with the weights of depth_average; for the first moment the second
   string is the identity. The record of the pairs that each block changed is
   gone through backwards for the gradients.

   Layer: algebra, above depth_average and depth_value. */
#ifndef LIESCAPE_ALGEBRA_DEPTH_PAIRS_H
#define LIESCAPE_ALGEBRA_DEPTH_PAIRS_H

#include "algebra/depth/depth_average.h"
#include "algebra/depth/depth_value.h"

/* total = E[l^power], power 1 or 2; gradient (NULL, or one initialised number
   for each parameter of the ansatz) = E[(dl/dtheta_k)^2], power 2 only.
   *num_pairs becomes the number of pairs met if that is larger. STATUS_LIMIT:
   outputs unchanged. Cost: pairs times the strings that a block makes of each
   of the two. */
status_t depth_pairs_moment(real_t total, real_struct *gradient,
                            size_t *num_pairs, const circuit_angles_t *angles,
                            depth_value_t value, const pauli_sum_t sum,
                            unsigned power, const depth_limits_t *limits);

#endif
