/* certificate_covariance.h - covariances of the losses of several input states
   as JSON. Layer: cli, above analysis. */
#ifndef LIESCAPE_CLI_CERTIFICATE_COVARIANCE_H
#define LIESCAPE_CLI_CERTIFICATE_COVARIANCE_H

#include <jansson.h>

#include "algebra/analysis/covariance.h"

/* The list "covariance" of a certificate: one
     { observable, states[], matrix[][] }
   for each observable, in order; matrix[i][j] = E[l_i l_j] - E[l_i] E[l_j], an
   exact number or null, then with a "reason". NULL when there are fewer than
   two states. */
json_t *certificate_covariance(const ansatz_t ansatz, const covariances_t c);

#endif
