/* chain.h - how many layers until the second moments are those of the group.

   In the Heisenberg picture a Pauli rotation with a uniform angle leaves a
   string Q that anticommutes with its generator G as it is, or turns it into
   iGQ, with probability 1/2 each. E[l^2] of a circuit is (but for pairs of
   strings that differ by a conserved one, which move in step) the average of
   Tr(rho Q)^2 over this chain started from the strings of O. The chain is
   doubly stochastic, so its limit is uniform on the connected classes of
   strings, which are found here by search (reach.h): no algebra is involved. A
   shuffle (string_module.h) of s < 2^b layers of quarter turns is the average
   over s shifts along the cycles.

   Layer: numeric; used to choose a depth, never to judge a claim. */
#ifndef LIESCAPE_NUMERIC_CHAIN_H
#define LIESCAPE_NUMERIC_CHAIN_H

#include "numeric/sample/sampler.h"

typedef struct {
  const sampler_t *sampler;
  const string_module_t *module; /* the sampler's, or own */
  string_module_t own;
  double operations; /* spent so far */
} chain_t;

/* False when the chain has too many strings or does not apply (exponents that do
   not commute, fixed gates that are not Clifford); nothing is kept then. */
bool chain_init(chain_t *chain, const sampler_t *sampler);
void chain_clear(chain_t *chain);

/* The first number of layers, each after a shuffle of shuffle_bits, at which
   E[l^2] of every pair is within `relative` of its limit and the distribution
   within `variation` of it in total variation. 0 when that is more than
   max_layers or takes more operations than there is room for. */
size_t chain_mixing_layers(chain_t *chain, unsigned shuffle_bits,
                           double relative, double variation,
                           size_t max_layers);
/* Bits with which a shuffle is about uniform on every cycle; 0 without cycles. */
unsigned chain_shuffle_bits(const chain_t *chain);
/* Has every gate of the layer a drive of its own? Then the chain is exact. */
bool chain_is_exact(const program_t *program);

#endif
