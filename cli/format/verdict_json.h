/* verdict_json.h - the member `verdict` of a landscape, from the others.

   Everything that a verdict (algebra/analysis/verdict.h) rests on stands in the
   certificate: the thresholds, whether the algebra is an upper bound, the names of
   the parameters, and in the landscape mean, variance, mean_square and
   gradient_variance of the deep circuit and at the circuit's own depth (exact,
   balls, or intervals of sampled paths), the local minima, what is known of traps on
   the group. So that who proves those has the verdict by the same rules.

   Layer: cli. */
#ifndef LIESCAPE_CLI_VERDICT_JSON_H
#define LIESCAPE_CLI_VERDICT_JSON_H

#include <jansson.h>

/* certificate: with thresholds and ansatz; landscape: all but its verdict. */
json_t *verdict_json(const json_t *certificate, const json_t *landscape);

/* Shots for the typical component of these moments (mean, variance, mean_square,
   mean_square_bounded, gradient_variance), null when they are not known; *answer: are
   they few, by the thresholds of the certificate. */
json_t *verdict_shots_json(const char **answer, const json_t *moments,
                           const json_t *certificate);

#endif
