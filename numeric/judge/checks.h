/* checks.h - from samples to judgements, one check for each claim. See checks.c
   for the tests. */
#ifndef LIESCAPE_NUMERIC_CHECKS_H
#define LIESCAPE_NUMERIC_CHECKS_H

#include "numeric/judge/verify_types.h"
#include "numeric/judge/mean_test.h"
#include "numeric/sample/sampler.h"

typedef struct {
  const sampler_t *sampler;
  const verify_claims_struct *claims;
  const ansatz_struct *ansatz;
  size_t num_samples, num_layers, attempt;
  uint64_t seed;
  double **losses;         /* [landscape][sample] */
  const double *gradients;  /* of sampler_job_t, or NULL */
  const double *chunk_sums; /* likewise */
  /* Derivatives kept, [landscape][sample], and with respect to which parameter
     of the ansatz; NULL: none. */
  double **kept_gradients;
  const size_t *kept_parameters;
  const slope_products_t *products; /* NULL: none */
  double tolerance;        /* sampler_tolerance */
} checks_input_t;

/* Appends the checks of every landscape to the report (p values only: holds is
   set by checks_judge), and notes about what could not be tested. */
void checks_run(verify_report_t report, const checks_input_t *input);
/* The same for the circuit as written (one layer, a sampler without flags). */
void checks_run_depth(verify_report_t report, const checks_input_t *input);
/* Means of squared observables, which are what the sampler has. */
void checks_run_squares(verify_report_t report, const checks_input_t *input, bool own);
/* What the names of checks of the noisy circuit begin with. */
#define CHECKS_NOISY "noise: "
/* The same without noise, and (with "width W: ") of normal angles. */
#define CHECKS_OWN_DEPTH "own depth: "
/* Is the check about the circuit as written, without or with noise? */
bool checks_is_own_depth(const verify_check_t *check);
/* Holm over report->checks[first..]; returns whether all hold. */
bool checks_judge(verify_report_t report, size_t first, double alpha);
/* Appends a note unless it is there; takes the text over. */
void checks_note(verify_report_t report, char *text);

/* --- shared by the files of checks ------------------------------------------ */

/* Were the losses of the landscape not sampled (sampler_t)? */
bool checks_left_out(const checks_input_t *input, size_t landscape);

/* A new check with a name (taken over), nothing measured yet. */
verify_check_t *checks_append(verify_report_t report,
                              const checks_input_t *input, size_t landscape,
                              char *name);

/* Average, variance and third central moment of what is averaged. */
typedef struct {
  double mean, variance, third;
} checks_moments_t;
checks_moments_t checks_moments(const double *values, size_t count);

/* "The mean of Y is claim", from the moments of a sample of Y. tol: how far
   rounding may move the mean. */
void checks_judge_mean(verify_check_t *check, double claim,
                       const checks_moments_t *y, size_t count, double tol);
/* The same and, where Y is very skew, a p value that holds for any Y (mean_test.h),
   of which the greater counts; sets what the check notices. d[i] = Y_i - claim,
   between least and most by its definition. */
void checks_judge_values(verify_check_t *check, double claim,
                         const checks_moments_t *y, const double *d, size_t count,
                         double least, double most, double tol);
/* The second half of that, of a test that has seen everything; `unit`: change of
   the predicted number for a change of the mean that was tested. */
void checks_judge_safely(verify_check_t *check, const checks_moments_t *y,
                         size_t count, const mean_test_t *test, double unit);

/* Of n samples from a law that is another one. */
double checks_distance_noticed(double n);

/* After one of these, in single precision: a claim that rounding (the same tol) does
   not tell from zero is left undecided, with a note. */
void checks_resolve(verify_report_t report, const checks_input_t *input,
                    const verify_check_t *check, double tol);

/* The loss of a landscape as sampled is of rounding error tol; checks_shape.c. */
void checks_shape(verify_report_t report, const checks_input_t *input,
                  size_t landscape, double tol);
void checks_covariances(verify_report_t report, const checks_input_t *input);
/* What the names of checks of the circuit as written begin with. */
#define CHECKS_OWN_DEPTH "own depth: "
/* checks_gradient_law.c */
void checks_gradient_law(verify_report_t report, const checks_input_t *input,
                         size_t landscape);

#endif
