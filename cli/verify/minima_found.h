/* minima.h - local minima found from random starts, as JSON.

   "minima_found" of a certificate: { starts, unit, notes, landscapes[] }, each
   landscape { landscape, threshold, least, mean, rows[], counted[], agreement }, each
   row
     ensemble     "as written" or "scrambled"
     parameters, gamma, edge
     quantiles    { "0", "0.1", "0.5", "0.9", "1" } of the relative level
                  (l - least)/(mean - least), or of the loss where there is no
                  prediction
     law          quantiles of the levels of all minima of so many parameters, with
                  law_standard_error; null where unknown
     stationary   share that ended where no derivative exceeds 1/1000 of
                  mean - least
     evaluations, losses[]
   and each of counted[] (all minima of circuits with p = 1..4 free parameters)
     parameters, circuits, left_out, number, standard_error, quantiles
     law          { number, standard_error, quantiles, quantiles_standard_error }
   Of these verify judges what is counted, in checks[]; descents prefer deep basins,
   and `agreement` says in words how far they are from the law.

   Layer: cli, above liescape/minima. */
#ifndef LIESCAPE_CLI_MINIMA_H
#define LIESCAPE_CLI_MINIMA_H

#include <jansson.h>

#include "numeric/judge/minima.h"

json_t *minima_found_json(const minima_report_t report);

#endif
