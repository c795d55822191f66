/* claims_private.h - what the files of claims.h share. */
#ifndef LIESCAPE_CLI_CLAIMS_PRIVATE_H
#define LIESCAPE_CLI_CLAIMS_PRIVATE_H

#include <jansson.h>

#include "cli/read/source.h"
#include "numeric/judge/verify_types.h"

typedef struct {
  diagnostic_struct *diag;
  const char *file_name;
} claims_reader_t;

/* Sets the diagnostic; false. */
bool claims_bad(const claims_reader_t *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* finite_depth and noise of landscape `index`; length: number of parameters. */
bool claims_get_depth(verify_landscape_struct *l, const claims_reader_t *r,
                      const json_t *json, size_t index, size_t length);
/* Some of the widths of initialisation. */
bool claims_get_widths(verify_landscape_struct *l, const claims_reader_t *r,
                       const json_t *json, size_t index);
/* Kurtosis, distance to a normal law, degrees of freedom. Needs l->mean. */
void claims_get_shape(verify_landscape_struct *l, const json_t *json);
/* The law of the Hessian. */
void claims_get_curvature(verify_landscape_struct *l, const json_t *json);
void claims_get_minima_law(verify_landscape_struct *l, const json_t *json);
bool claims_get_kernel(verify_claims_t claims, const claims_reader_t *r,
                       const json_t *certificate);
bool claims_get_covariance(verify_claims_t claims, const claims_reader_t *r,
                           const json_t *certificate);

/* NaN for null, estimates and what is not known well enough; false: no number. */
bool claims_get_number(double *out, const json_t *json);

/* Members that follow from others. */
typedef struct {
  json_t *checks, *tested;
  size_t failures;
  char where[64]; /* before the names of members */
} claims_members_t;

/* Notes that a member was tested, and a failure. */
void claims_tell(claims_members_t *m, const char *name, bool holds, double said,
                 double is);
/* Verdict, minima, and what the adjoint class says a second time; height: of the mean
   above the least loss of the Wishart form (NaN: unknown). */
void claims_check_verdict(claims_members_t *m, const json_t *certificate,
                          const json_t *landscape, size_t num_parameters,
                          double height);

#endif
