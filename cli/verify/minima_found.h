/* minima.h - local minima found from random starts, as JSON.

   "minima_found" of a certificate: { starts, unit, notes, landscapes[] }, each
   landscape { landscape, threshold, least, mean, rows[], agreement }, each row
     ensemble     "as written" or "scrambled"
     parameters, gamma, edge
     quantiles    { "0", "0.1", "0.5", "0.9", "1" } of the relative level
                  (l - least)/(mean - least), or of the loss where there is no
                  prediction
     below_edge   share of the starts that ended at most 1/1000 above the edge
     stationary   share that ended where no derivative exceeds 1/1000 of
                  mean - least
     evaluations, losses[]
   Nothing here is a claim that verify judges: the edge is an assumption, and
   `agreement` says in words how far apart they are.

   Layer: cli, above liescape/minima. */
#ifndef LIESCAPE_CLI_MINIMA_H
#define LIESCAPE_CLI_MINIMA_H

#include <jansson.h>

#include "numeric/judge/minima.h"

json_t *minima_found_json(const minima_report_t report);

#endif
