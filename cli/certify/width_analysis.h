/* width_analysis.h - how wide to draw the first angles: this circuit when every parameter
   is normal around zero, for widths (standard deviations) from 1/64 to 2.

   Angles near zero keep gradients of circuits that would have none (and lose them where
   zero itself is a stationary point): exact moments at the circuit's own depth
   (finite_depth.h), with its noise if it has any, for each width; --widths.

   Layer: cli, above algebra. */
#ifndef LIESCAPE_CLI_WIDTH_ANALYSIS_H
#define LIESCAPE_CLI_WIDTH_ANALYSIS_H

#include <jansson.h>

#include "algebra/depth/finite_depth.h"
#include "cli/certify/certify_limits.h"

enum { WIDTH_ROWS = 8, WIDTH_LEAST = -6 }; /* 2^-6, 2^-5, ..., 2 */

typedef struct {
  bool noisy;
  finite_depth_t rows[WIDTH_ROWS];
} width_analysis_t;

/* Of a circuit. watch: when to stop; what is not reached says so. */
void width_analysis_init(width_analysis_t *out, const ansatz_t ansatz, size_t observable,
                         size_t state, const certify_limits_t *limits,
                         stopwatch_t *watch);
void width_analysis_clear(width_analysis_t *widths);
/* 2^(WIDTH_LEAST + row). */
void width_analysis_width(fmpq_t width, int row);

/* The object initialisation of a landscape, but for what initialisation_json.h adds
   (certificate_depth.c). */
json_t *width_analysis_json(const width_analysis_t *widths);

#endif
