/* certify_limits.h - how much work a certificate may take. Layer: cli, above
   analysis. */
#ifndef LIESCAPE_CLI_CERTIFY_LIMITS_H
#define LIESCAPE_CLI_CERTIFY_LIMITS_H

#include "algebra/analysis/analysis.h"

typedef struct {
  analysis_limits_t analysis;
  /* The circuit at its own depth. */
  size_t max_strings;
  bool sample_paths;  /* where strings outgrow max_strings */
  uint64_t num_paths; /* 0: chosen by the engine */
  uint64_t seed;
  bool widths;         /* normal laws of the first angles, for several widths */
  bool laws_of_minima; /* sample them: about a second for each landscape */
  bool operators;      /* the centre and the commutant as operators */
  bool states;         /* which states are reached */
  bool suggestions;    /* what to change */
} certify_limits_t;

#endif
