/* outlook.h - from exact moments and Wishart blocks to what they mean for
   training: Gaussian limit, local minima, verdict.

   Trainable (operational, one ansatz) when both hold:
   (a) 1/E[(dl/dtheta_k)^2] <= max_shots for the median parameter among those
       that can move the loss: the shots that resolve one gradient component
       at one sigma when one shot has unit variance;
   (b) local minima lie at most max_trap of the mean loss offset above the
       global one: (1 - sqrt gamma)^2 <= max_trap, gamma = p / p*.
   (a) failing is a "no" whatever (b) says. (b) is a statement about the
   Wishart class: outside it, undecided.

   Layer: above landscape and laws. Numbers and codes only; words are made where
   a certificate is written (cli/format/verdict_text.h). */
#ifndef LIESCAPE_OUTLOOK_H
#define LIESCAPE_OUTLOOK_H

#include "algebra/laws/landscape.h"
#include "algebra/laws/laws.h"

/* Borrowed. */
typedef struct {
  const fmpq *max_shots, *max_trap;
} outlook_thresholds_t;

/* What the verdict rests on. */
typedef enum {
  OUTLOOK_NO_GRADIENT,    /* the gradient variances are not known */
  OUTLOOK_NOTHING_MOVES,  /* no parameter moves the loss */
  OUTLOOK_SHOTS,          /* (a) fails */
  OUTLOOK_MERGED,         /* (a) holds, p >= p* */
  OUTLOOK_TRAPS,          /* (a) holds, p < p*: the trap level decides */
  OUTLOOK_TRAPS_ENCLOSED, /* the same, p* known as an interval */
  OUTLOOK_NOT_EXACT,      /* (a) holds; the degrees of freedom are not exact */
  OUTLOOK_NO_WISHART,     /* (a) holds; outside the Wishart class */
  OUTLOOK_UPPER_BOUND     /* the algebra is one: nothing is judged */
} outlook_because_t;

typedef struct {
  /* Gradients: over the parameters with E[(dl)^2] > 0. */
  bool shots_known;
  size_t num_moving; /* parameters that can move the loss */
  fmpq_t shots_typical, shots_worst;
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
  answer_t trainable;
  outlook_because_t because;
  fmpq_t max_shots; /* the threshold */
} outlook_struct;
typedef outlook_struct outlook_t[1];

void outlook_init(outlook_t out, const landscape_t landscape,
                  const outlook_thresholds_t *thresholds);
/* The numbers are those of an upper bound of the algebra: no verdict. */
void outlook_set_upper_bound(outlook_t out);
void outlook_clear(outlook_t out);

#endif
