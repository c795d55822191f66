/* check_sum_wishart.h - `check`: the Wishart class of a loss of sums of strings, as
   claimed, against what was counted (algebra/check/sums/check_sum_blocks.h). Private. */
#ifndef LIESCAPE_CLI_CHECK_SUM_WISHART_H
#define LIESCAPE_CLI_CHECK_SUM_WISHART_H

#include "algebra/check/sums/check_pure.h"
#include "cli/check/check_subject.h"

/* What the members applies, decided and reason of "wishart" amount to. */
typedef struct {
  bool counted;      /* the answer can be judged: */
  bool right, open;  /* it is true; it is neither proved nor refuted */
  const char *why;   /* in words, unless it is true */
  size_t num_blocks; /* if the class applies: how many there are, and for each one */
  bool *proved;      /* that is claimed whether it is one of them, */
  size_t *populated; /* and which of the sectors of pure, if that is not NULL */
  check_pure_struct *pure;
  const pauli_sum_struct *observable;
} sum_wishart_t;

/* json: the object; variance: that of the loss, proved elsewhere; sectors: the list of
   the certificate. */
void sum_wishart_init(sum_wishart_t *out, const check_subject_t *subject,
                      size_t landscape, const json_t *json,
                      const json_t *variance, const json_t *sectors);
void sum_wishart_clear(sum_wishart_t *w);
/* Is this the least eigenvalue, less the mean, on a block that is proved? */
answer_t sum_wishart_least(const sum_wishart_t *w, size_t block, const arb_t ball);

#endif
