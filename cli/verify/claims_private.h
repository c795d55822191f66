/* claims_private.h - what the files of claims.h share. */
#ifndef LIESCAPE_CLI_CLAIMS_PRIVATE_H
#define LIESCAPE_CLI_CLAIMS_PRIVATE_H

#include "cli/verify/certificate_claims.h"

typedef struct {
  diagnostic_struct *diag;
  const char *file_name;
} claims_reader_t;

/* Sets the diagnostic; false. */
bool claims_bad(const claims_reader_t *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* finite_depth of landscape `index`; length: number of parameters. */
bool claims_get_depth(verify_landscape_struct *l, const claims_reader_t *r,
                      const json_t *json, size_t index, size_t length);
/* Kurtosis, distance to a normal law, degrees of freedom. Needs l->mean. */
void claims_get_shape(verify_landscape_struct *l, const json_t *json);
bool claims_get_covariance(verify_claims_t claims, const claims_reader_t *r,
                           const json_t *certificate);

#endif
