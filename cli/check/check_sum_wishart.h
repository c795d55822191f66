/* check_sum_wishart.h - `check`: the Wishart class of a loss of sums of strings, as
   claimed, against what was counted (algebra/check/sums/check_sum_blocks.h). Private. */
#ifndef LIESCAPE_CLI_CHECK_SUM_WISHART_H
#define LIESCAPE_CLI_CHECK_SUM_WISHART_H

#include "cli/check/check_subject.h"

/* What the members applies, decided and reason of "wishart" amount to. */
typedef struct {
  bool counted;      /* the answer can be judged: */
  bool right, open;  /* it is true; it is neither proved nor refuted */
  const char *why;   /* in words, unless it is true */
  size_t num_blocks; /* if the class applies: how many there are, and for each one */
  bool *proved;      /* that is claimed whether it is one of them */
} sum_wishart_t;

/* json: the object; variance: that of the loss, proved elsewhere; sectors: the list of
   the certificate. */
void sum_wishart_init(sum_wishart_t *out, const check_subject_t *subject,
                      size_t landscape, const json_t *json,
                      const json_t *variance, const json_t *sectors);
void sum_wishart_clear(sum_wishart_t *w);

#endif
