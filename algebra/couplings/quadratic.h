/* quadratic.h - generators over a field of square roots K = Q(sqrt m_1, ..., sqrt m_k).

   H_j = sum over subsets S of {1..k} of H_jS prod_(i in S) sqrt m_i, H_jS rational.
   Exactly, by restriction of scalars. Two more qubits for each root carry
       G = a X + b Y + c Z X' + d Z Y',   a^2 + b^2 + c^2 + d^2 = m,  G^2 = m,
   so that sum_S H_jS (x) G_S multiplies as H_j does, G_S a product of commuting G.
   The rational span of the brackets of the H_j G_T, all T, has 2^k times the dimension
   of the algebra g over K, which is that of g over R. As an algebra over R it is the
   sum of the 2^k conjugates of g; every ideal simple over Q has a centroid that
   contains K and is totally real, so that each conjugate gets as many of its simple
   ideals over R, and all have the same dimension, centre and types. On the sectors of
   the associative algebra, to which the G belong as scalars, the values of the G tell
   the conjugates apart: each has the same ones, 2^k times as often.

   Layer: algebra, above sum_structure. */
#ifndef LIESCAPE_QUADRATIC_H
#define LIESCAPE_QUADRATIC_H

#include "algebra/sums/sum_structure.h"

enum { QUADRATIC_MAX_ROOTS = 4 };

/* parts[j 2^k + S] = H_jS, S a set of bits; the m_i > 1, no product of some of them
   a square. STATUS_LIMIT when one exceeds 10^6 or there are more than
   QUADRATIC_MAX_ROOTS. Statuses of closure_compute; with STATUS_LIMIT out
   (initialised) holds a proved lower bound for the dimension. */
status_t quadratic_structure(structure_t out, const pauli_sum_struct *parts,
                             size_t num_generators, const ulong *radicands,
                             size_t k, const closure_limits_t *limits);

#endif
