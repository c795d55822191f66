/* certificate_format.h - what whoever writes a certificate and whoever checks one
   must agree on.

   The keys are those of the published format; numbers as json_number.h says. The
   certificate stands alone: ansatz.source holds the text it is about.

   Layer: cli. New references are returned. */
#ifndef LIESCAPE_CLI_CERTIFICATE_FORMAT_H
#define LIESCAPE_CLI_CERTIFICATE_FORMAT_H

#include <jansson.h>

#include "algebra/base/ansatz.h"
#include "algebra/depth/finite_depth.h"

#define CERTIFICATE_FORMAT "liescape-certificate/2"

/* The object "conventions": what the numbers mean, the same in all. */
json_t *certificate_conventions(void);

/* Words for the members that are written on demand and are there: "widths",
   "operators", "expressibility", "suggestions". */
json_t *certificate_additions(const json_t *certificate);
/* "fnv1a-64:..." of program, thresholds, source and additions: what a certificate takes
   as given. No proof of anything; it tells when they were altered. */
json_t *certificate_inputs_digest(const json_t *certificate);
/* Sets the members "additions" and "inputs_digest" of what is there. */
void certificate_close(json_t *certificate);

/* "parameter_names" of the ansatz: in the order of every list of gradients. */
json_t *parameter_names_json(const ansatz_t ansatz);

/* "slopes": of each parameter that drives one rotation exp(-i angle P/2) alone, d angle /
   d parameter, "1/2" or "1/2*pi"; null for others. One text when all are the same. */
json_t *slopes_json(const ansatz_t ansatz);

/* An observable, and "states", as certificates write them. */
json_t *observable_json(const pauli_sum_t observable);
json_t *states_json(const ansatz_t ansatz);

/* "haar": what uniformly random states have (algebra/base/state_probes.h). */
json_t *haar_json(size_t num_qubits);

/* The law of every parameter ("normal:1/10"), NULL when all are uniform over a
   full period. */
json_t *angle_laws_json(const ansatz_t ansatz);

/* A number at finite depth; and what the member "kind" of finite_depth must be,
   from the other members: "exact", "ball" (a number is one), "sampled"
   (something is not known but sampled), "unknown" (something is not known). */
json_t *depth_number_json(const depth_number_t x);
const char *depth_json_kind(const json_t *depth);

#endif
