/* outlook.h - from exact moments and Wishart blocks to what they mean for
   training: shots, Gaussian limit, local minima (the verdict: verdict.h).

   Layer: above landscape and laws. Numbers and codes only; words are made where
   a certificate is written. */
#ifndef LIESCAPE_OUTLOOK_H
#define LIESCAPE_OUTLOOK_H

#include "algebra/laws/landscape.h"
#include "algebra/laws/laws.h"

/* Borrowed. */
typedef struct {
  const fmpq *max_shots, *max_trap;
} outlook_thresholds_t;

typedef struct {
  /* Gradients: over the parameters with E[(dl)^2] > 0. */
  bool shots_known;
  size_t num_moving; /* parameters that can move the loss */
  fmpq_t shots_typical;
  /* Laws of the blocks; nothing below is set unless the Wishart class applies
     and the two derivations of mean and variance (orbits; blocks) agree. */
  bool disagrees;     /* they do not: a defect, and the blocks are not to be
                         trusted */
  bool finite_known;  /* finite holds the law at this very N */
  bool wishart_known; /* every degree of freedom is exact */
  laws_moments_t finite, wishart;
  bool ratio_known; /* Wishart variance / exact variance */
  fmpq_t variance_ratio;
  bool tv_known; /* total variation distance of the Wishart form to a normal */
  arb_t tv_bound;
  bool distance_known; /* of the Wishart form to the law at this N */
  arb_t distance_bound;
  bool minima_known;
  bool minima_bounded; /* not known, but p*, edge and trap level enclosed */
  laws_minima_t minima;
  fmpz_t parameters_missing; /* max(0, p* - p) */
} outlook_struct;
typedef outlook_struct outlook_t[1];

void outlook_init(outlook_t out, const landscape_t landscape);
/* Nothing known. */
void outlook_init_empty(outlook_t out);
/* What follows from the blocks and the number of parameters alone. */
void outlook_set_loss(outlook_t out, const laws_loss_t loss, size_t num_parameters);
void outlook_clear(outlook_t out);

#endif
