/* coupling_words.h - words in generators with a symbol, and their minors; the
   mathematics is in couplings.h. Layer: private to algebra. */
#ifndef LIESCAPE_ALGEBRA_COUPLING_WORDS_H
#define LIESCAPE_ALGEBRA_COUPLING_WORDS_H

#include <flint/fmpz_poly.h>

#include "algebra/closure/module.h"
#include "algebra/couplings/couplings_input.h"

typedef struct {
  couplings_input_t input;
  const closure_limits_t *limits;
  span_struct span; /* at the value `at`, for columns and images */
  /* Coefficients of term t of generator j, cleared of denominators, power by
     power: coeffs[offset[j] + t * (degree + 1) + k]; terms in the order of
     span.ops. */
  fmpz *coeffs;
  size_t *offset, num_coeffs;
  size_t *norm_bits; /* of each generator: log2 of its 1-norm, rounded up */
} coupling_space_struct;

/* Words as in module.h, bounds of their coordinates. */
typedef struct {
  size_t num;
  uint32_t *parent, *map;
  size_t *degree, *bits;
  uint32_t *block;
} coupling_words_struct;

/* STATUS_LIMIT when the closure at this value does not finish. */
status_t coupling_space_init(coupling_space_struct *space,
                             const couplings_input_t *input, const fmpq_t at,
                             const closure_limits_t *limits);
void coupling_space_clear(coupling_space_struct *space);

/* Independent words at x modulo a prime; reverse: generators in reverse order. */
void coupling_words_init(coupling_words_struct *words,
                         coupling_space_struct *space, mp_limb_t x,
                         mp_limb_t prime, bool reverse);
void coupling_words_clear(coupling_words_struct *words);

/* Dimension of the span of all words at x modulo a prime: a lower bound for
   dim g at the root that x stands for. 0 when strings were met that a generic value
   does not lead to. */
size_t coupling_space_rank(coupling_space_struct *space, mp_limb_t x,
                           mp_limb_t prime);

/* One polynomial per block (NULL entries where the block has no words), the
   minor of its words with columns combined by fixed integers that depend on
   salt; exact. STATUS_LIMIT: too large, or interrupted; nothing to clear. */
status_t coupling_minors(fmpz_poly_struct *minors,
                         const coupling_words_struct *words,
                         const coupling_space_struct *space, uint64_t salt);

#endif
