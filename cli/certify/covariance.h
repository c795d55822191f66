/* covariance.h - the losses of several input states under one random circuit:
   their exact covariance matrix, one for each observable.

   Layer: cli, above certify. */
#ifndef LIESCAPE_CLI_COVARIANCE_H
#define LIESCAPE_CLI_COVARIANCE_H

#include <jansson.h>

#include "cli/certify/certify.h"

/* The list "covariance" of a certificate: one
     { observable, states[], matrix[][] }
   for each observable, in order; matrix[i][j] = E[l_i l_j] - E[l_i] E[l_j], an
   exact number or null, then with a "reason". NULL when there are fewer than
   two states. */
json_t *covariance_json(const certification_t c);

/* What the report says of it: nothing when covariance is NULL. */
void covariance_report(FILE *stream, const json_t *covariance);

#endif
