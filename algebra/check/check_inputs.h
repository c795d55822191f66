/* check_inputs.h - for `liescape check`: states and observables of the generators.

   Fixed gates that check_fixed moves to the beginning of the circuit act on the states,
   those that it moves to the end on the observables; one that commutes with all that is
   later and with every observable does nothing. Layer: algebra, above check_turned. */
#ifndef LIESCAPE_ALGEBRA_CHECK_INPUTS_H
#define LIESCAPE_ALGEBRA_CHECK_INPUTS_H

#include "algebra/check/check_fixed.h"
#include "algebra/check/check_strings.h"
#include "algebra/check/check_turned.h"

/* As they are written. */
void check_inputs_init(check_generators_t g, const ansatz_t ansatz);
void check_inputs_clear(check_generators_t g);
/* Turned by the fixed ones among the gates, which are in order of time and, like
   g->observables, seen through the Clifford gates. between: those of the ones that stay
   between which the generators are seen through; NULL: they are not, which sets g->unseen
   when there are any. */
void check_inputs_place(check_generators_t g, const ansatz_t ansatz,
                        const check_gate_t *gates, size_t num_gates,
                        const check_fixed_t *fixed, const check_turns_t *between);

/* Bounds of what errors of the moved state and observable change in E[l], in E[l^2] and
   E[Tr(rho U^dag O^2 U)], and in E[(dl)^2] of any parameter (of one counted in units of
   pi: without the factor pi^2); all 0 when both are exact. more: of the state besides, or
   NULL. */
void check_inputs_errors(fmpq_t mean, fmpq_t second, fmpq_t gradient,
                         const check_generators_t g, size_t observable, size_t state,
                         const fmpq *more);

#endif
