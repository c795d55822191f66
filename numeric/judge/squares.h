/* squares.h - claims about E[Tr(rho U^dag O^2 U)], tested on samples of their own.

   The square of every observable, multiplied out, sampled in the place of O, in the
   deep circuit and in the circuit as written. Where that is dear (long observables,
   many qubits) it is left alone. Layer: numeric; beside own_depth. */
#ifndef LIESCAPE_NUMERIC_SQUARES_H
#define LIESCAPE_NUMERIC_SQUARES_H

#include "numeric/judge/checks.h"
#include "numeric/sample/kept_runs.h"

enum { SQUARES_DEEP, SQUARES_OWN, SQUARES_KINDS };

typedef struct {
  ansatz_struct squared; /* the ansatz with other observables */
  program_t programs[SQUARES_KINDS];
  sampler_t samplers[SQUARES_KINDS]; /* refer to squared */
  bool wanted[SQUARES_KINDS];
} squares_t;

/* out (initialised, empty) = O^2, by the loop of this side. */
void squares_multiply(pauli_sum_t out, const pauli_sum_t observable);

/* squares stays where it is. */
void squares_init(squares_t *squares, const ansatz_t ansatz,
                  const verify_claims_struct *claims,
                  const verify_options_t *options);
void squares_clear(squares_t *squares);

/* Samples that many layers (and the circuit as written), shuffled as the losses are,
   and appends the checks of attempt number `attempt`. */
status_t squares_run(squares_t *squares, verify_report_t report,
                     const verify_claims_struct *claims,
                     const verify_options_t *options, size_t num_layers,
                     unsigned shuffle_bits, size_t attempt,
                     const kept_runs_t *how);
/* In units of sampler_cost. */
double squares_cost(const squares_t *squares, const verify_options_t *options,
                    size_t num_layers);

#endif
