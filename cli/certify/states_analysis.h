/* states_analysis.h - which states a circuit reaches, on request.

   For each input state frame potentials of order 1 and 2 and the mean entanglement, of
   the deep circuit and of this one (algebra/base/state_probes.h says how).

   Layer: cli, above algebra. */
#ifndef LIESCAPE_CLI_STATES_ANALYSIS_H
#define LIESCAPE_CLI_STATES_ANALYSIS_H

#include "cli/certify/certify_limits.h"

typedef struct {
  fmpq_t first, second; /* frame potentials */
  reason_code_t reason; /* or why they are not known */
  size_t num_locals;    /* 0: nothing is known of the entanglement */
  fmpq *local_squares;
  fmpq_t entanglement;
  reason_code_t entanglement_reason;
} reached_states_struct;

/* deep[i], own[i] of state i; own is NULL when there is no circuit. */
typedef struct {
  size_t num_states;
  reached_states_struct *deep, *own;
} states_analysis_struct;
typedef states_analysis_struct states_analysis_t[1];

void states_analysis_init(states_analysis_t out, const analysis_t analysis,
                          const certify_limits_t *limits, stopwatch_t *watch);
void states_analysis_clear(states_analysis_t states);

#endif
