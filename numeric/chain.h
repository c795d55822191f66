/* chain.h - how many layers until the second moments are those of the group.

   In the Heisenberg picture a Pauli rotation with a uniform angle leaves a
   string Q that anticommutes with its generator G as it is, or turns it into
   iGQ, with probability 1/2 each. E[l^2] of a circuit is (but for pairs of
   strings that differ by a conserved one, which move in step) the average of
   Tr(rho Q)^2 over this chain started from the strings of O. The chain is
   doubly stochastic, so its limit is uniform on the connected classes of
   strings, which are found here by search: no algebra is involved.

   Layer: numeric; used to choose a depth, never to judge a claim. */
#ifndef LIESCAPE_NUMERIC_CHAIN_H
#define LIESCAPE_NUMERIC_CHAIN_H

#include "numeric/sampler.h"

/* The first number of layers at which E[l^2] of every pair is within `relative`
   of its limit and the distribution within `variation` of it in total
   variation. 0 when the chain has more than 2^17 strings, does not apply
   (exponents that do not commute, fixed gates that are not Clifford), or does
   not mix within the budget of operations. */
size_t chain_mixing_layers(const sampler_t *sampler, double relative,
                           double variation);
/* Has every gate of the layer a drive of its own? Then the chain is exact. */
bool chain_is_exact(const program_t *program);

#endif
