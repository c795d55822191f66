/* check_on_pairs.h - for `liescape check`: modules on which so(n) acts as on pairs, modulo the
   prime of check_prime.h.

   S of dimension n (n - 1)/2 and T of dimension n, on which the whole so(n) acts
   (check_module.h), n = 5 or n > 6. The matrices of every generator, less their means, in
   bases of both give those on the exterior square of T. If maps of modules S -> exterior
   square of T are the multiples of one that is invertible, then [g, g] acts on S through this
   so(n), irreducibly, whatever S was before.

   Layer: algebra, above check_module. */
#ifndef LIESCAPE_ALGEBRA_CHECK_ON_PAIRS_H
#define LIESCAPE_ALGEBRA_CHECK_ON_PAIRS_H

#include "algebra/check/sums/check_module.h"

enum { CHECK_ON_PAIRS_MOST = 21 };

/* pairs, base: S and T, with the parts of their blocks. */
bool check_is_exterior_square(const check_module_t *pairs, check_part_t *of_pairs,
                              const check_module_t *base, check_part_t *of_base);

#endif
