/* gates.h - a gate list of a program, applied to state vectors.

   The list and its program stay the caller's and must outlive this. Angles are
   given as rows: for each gate 2 x lanes numbers, the cosines and the sines of
   half its angle lane by lane, or, for an exponential of a sum, the angles
   (the other half unused). Rotations in a row are carried out in sweeps
   (sweep.h), planned when first needed: a gates_t serves one thread (with its
   team) at a time. Layer: numeric; between program and sampler. */
#ifndef LIESCAPE_NUMERIC_GATES_H
#define LIESCAPE_NUMERIC_GATES_H

#include "numeric/circuit/program.h"

typedef struct {
  const program_t *program;
  const gate_list_t *list;
  size_t num_qubits; /* of the vectors: those of the program and ancillas */
  size_t lanes;
  precision_t precision; /* exponentials need double */
  size_t row_length; /* 2 lanes num_gates: numbers in a set of rows */
  struct gates_plans *plans;
} gates_t;

void gates_init(gates_t *gates, const program_t *program,
                const gate_list_t *list, size_t num_qubits, size_t lanes,
                precision_t precision);
void gates_clear(gates_t *gates);

/* Scratch vectors that gates_run and gates_adjoint need: 0, or 3 when the list
   has exponentials. */
size_t gates_num_scratch(const gates_t *gates);

/* Rows for the drives, drives[d * lanes + k]; both aligned to 64 bytes. */
void gates_angles(double *rows, const gates_t *gates, const double *drives);

/* v <- g_last ... g_1 v. */
void gates_run(statevector_t *v, const gates_t *gates, const double *rows,
               statevector_t *scratch);
/* v <- g_1^-1 ... g_last^-1 v. */
void gates_run_inverse(statevector_t *v, const gates_t *gates,
                       const double *rows, statevector_t *scratch);

/* psi and the num_lambdas vectors lambda are run back as by gates_run_inverse.
   slopes, unless NULL, gets for each gate with terms, vector and lane
       slopes[(gate * num_lambdas + l) * lanes + k]
           = 2 Im <lambda_l| G |psi> before the gate is undone,
   G = P/2 or H: the derivative by the angle of the gate of <psi|O|psi> when
   lambda_l was O|psi> at the end of the list. */
void gates_adjoint(double *slopes, statevector_t *psi, statevector_t *lambdas,
                   size_t num_lambdas, const gates_t *gates, const double *rows,
                   statevector_t *scratch);

/* out = -i G in for gate g. */
void gates_generator(statevector_t *out, const gates_t *gates, size_t gate,
                     const statevector_t *in);

#endif
