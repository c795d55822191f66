/* outlook_json.h - what follows from the blocks of a landscape, as certificates have it.

   Layer: cli. New references are returned. */
#ifndef LIESCAPE_CLI_OUTLOOK_JSON_H
#define LIESCAPE_CLI_OUTLOOK_JSON_H

#include <jansson.h>

#include "algebra/analysis/outlook.h"

/* variance, variance_ratio and distance_bound of the object "wishart". */
json_t *outlook_wishart_json(const outlook_t outlook);
/* The object "gaussian_process". law_kurtosis: of the law of an observable in the
   algebra, where there are no blocks; or NULL. */
json_t *outlook_gaussian_json(const outlook_t outlook, const fmpq *law_kurtosis);
/* The object "minima", its law null. */
json_t *outlook_minima_json(const outlook_t outlook);

#endif
