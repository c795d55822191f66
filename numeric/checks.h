/* checks.h - from samples to judgements, one check for each claim. See checks.c
   for the tests. */
#ifndef LIESCAPE_NUMERIC_CHECKS_H
#define LIESCAPE_NUMERIC_CHECKS_H

#include "numeric/sampler.h"

typedef struct {
  const sampler_t *sampler;
  const verify_claims_struct *claims;
  const ansatz_struct *ansatz;
  size_t num_samples, num_layers, attempt;
  uint64_t seed;
  double **losses;         /* [landscape][sample] */
  const double *gradients; /* of sampler_job_t, or NULL */
  double tolerance;        /* sampler_tolerance */
} checks_input_t;

/* Appends the checks of every landscape to the report (p values only: holds is
   set by checks_judge), and notes about what could not be tested. */
void checks_run(verify_report_t report, const checks_input_t *input);
/* Holm over report->checks[first..]; returns whether all hold. */
bool checks_judge(verify_report_t report, size_t first, double alpha);
/* Appends a note unless it is there; takes the text over. */
void checks_note(verify_report_t report, char *text);

#endif
