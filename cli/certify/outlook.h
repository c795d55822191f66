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

   Layer: cli, above landscape and laws. */
#ifndef LIESCAPE_CLI_OUTLOOK_H
#define LIESCAPE_CLI_OUTLOOK_H

#include "cli/request/options.h"
#include "liescape/landscape.h"
#include "liescape/laws.h"

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
  char *because;
} outlook_struct;
typedef outlook_struct outlook_t[1];

void outlook_init(outlook_t out, const landscape_t landscape,
                  const options_t options);
void outlook_clear(outlook_t out);

#endif
