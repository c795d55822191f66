/* check_cyclic.h - for `liescape check`: averages over the group of products of two vectors,
   by the module that one of them generates, modulo a prime.

   K_j = i[H_j, .] on the span of strings S: antisymmetric. W, the smallest space with o in it
   that all K_j map to itself, has a basis w_i = X_i .. o of words in two random combinations
   of the K_j (or in all of them, should these generate less). An operator C on W that commutes
   with all K_j is known by C o = y, since C w_i is the same word of y; these y are found from
   u^T (M C - C M) v = 0 for random combinations M of the K_j and random u, v, and a random C is
   tested on a random vector of W. For the average T of a b^T on W, Tr(C T) = <b, C a> for every
   such C, and T is one of them (their trace form is not degenerate: W is semisimple). Some
   |W|^3 + |W|^2 |S| operations instead of conjugate gradients on S (x) S.

   What is said wrongly has a chance of about |S| / 2^60.

   Layer: algebra, above check_strings. */
#ifndef LIESCAPE_ALGEBRA_CHECK_CYCLIC_H
#define LIESCAPE_ALGEBRA_CHECK_CYCLIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "algebra/base/flint_compat.h"

/* One entry of a column of K: string `from` goes to `to`. shoup: the value as
   n_mulmod_shoup wants it besides. */
typedef struct {
  uint32_t from, to;
  mp_limb_t value, shoup;
} check_entry_t;

typedef struct {
  size_t length;
  check_entry_t *entries;
} check_operator_t;

/* out += K x over the rows of x, which has `columns` columns; the prime is below 2^63. */
void check_operator_add(mp_limb_t *out, const check_operator_t *k, const mp_limb_t *x,
                        size_t columns, nmod_t mod);

typedef struct {
  nmod_t mod;
  size_t size, dim;  /* of S and W */
  nmod_mat_t basis;  /* of W, in its rows: dim x size */
  nmod_mat_t dual;   /* G^-1 basis, G the products of the basis */
  size_t num_fixed;  /* dimension of the space of the C */
  nmod_mat_struct *fixed; /* row i: C w_i by the basis */
  nmod_mat_t form;   /* inverse of Tr(C_a C_b) */
} check_cyclic_struct;
typedef check_cyclic_struct check_cyclic_t[1];

/* False, with nothing to clear: it would take more than `work` operations, or chance was
   against it. What was done is taken off, and work is never negative afterwards. */
bool check_cyclic_init(check_cyclic_t c, const check_operator_t *k, size_t count, size_t size,
                       const mp_limb_t *o, nmod_t mod, int64_t *work);
void check_cyclic_clear(check_cyclic_t c);
/* out (size x size, by rows) = the average of (a b^T + b a^T)/2, projected to W (x) W. False:
   more than `work`. */
bool check_cyclic_average(mp_limb_t *out, const check_cyclic_t c, const mp_limb_t *a,
                          const mp_limb_t *b, int64_t *work);

#endif
