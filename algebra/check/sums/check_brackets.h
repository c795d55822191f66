/* check_brackets.h - for `liescape check`: the algebra that sums of strings generate, by
   brackets with generators, as vectors over the strings that they reach, modulo a random
   prime. Nothing of its structure is asked for.

   Layer: algebra, above check_prime. */
#ifndef LIESCAPE_ALGEBRA_CHECK_BRACKETS_H
#define LIESCAPE_ALGEBRA_CHECK_BRACKETS_H

#include "algebra/check/sums/check_prime.h"

/* --- vectors that are kept if they are new ----------------------------------------------- */

typedef struct {
  size_t width, length, alloc;
  mp_limb_t **rows; /* 1 at the pivot, 0 at those of the rows before */
  size_t *pivots;
} check_echelon_t;

/* Reduces x in place; is anything left? *work is spent. */
bool check_echelon_reduce(size_t *pivot, mp_limb_t *x, const check_echelon_t *e, nmod_t mod,
                       int64_t *work);
/* x (reduced) as a row with that pivot. */
void check_echelon_append(check_echelon_t *e, const mp_limb_t *x, size_t pivot, nmod_t mod);
void check_echelon_clear(check_echelon_t *e);

/* --- brackets ------------------------------------------------------------------------------ */

typedef struct {
  check_prime_t *p;
  row_table_t strings;    /* of g and of the observable, and what they reach */
  size_t num_terms;       /* of all generators together */
  size_t *first;          /* term t of generator j is term first[j] + t */
  /* images[s * num_terms + term]: the string that the bracket of that term with string s
     is made of, UINT32_MAX if they commute; signs: of i [P, Q]/2. */
  uint32_t *images;
  bool *signs;
  mp_limb_t *coeffs; /* by term */
  int64_t work;
} check_brackets_t;

/* observable: NULL, or one more that brackets are taken with. False: too many strings, or
   more than `work` operations; to be cleared in any case. */
bool check_brackets_init(check_brackets_t *b, check_prime_t *p,
                         const pauli_sum_struct *observable, int64_t work);
void check_brackets_clear(check_brackets_t *b);
/* out = i [H_j, x]/2, over the strings. */
void check_brackets_act(mp_limb_t *out, check_brackets_t *b, size_t j,
                        const mp_limb_t *x);
void check_brackets_vector(mp_limb_t *out, const check_brackets_t *b,
                           const pauli_sum_struct *sum);
/* g (of the width of the strings, empty): brackets with generators until nothing is new.
   False when that takes too long. */
bool check_brackets_close(check_echelon_t *g, check_brackets_t *b);

#endif
