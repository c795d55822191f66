/* minima_search.h - one descent. Private to minima.c.

   The list of gates has its own drives; some of them are free, the others keep
   their values. */
#ifndef LIESCAPE_NUMERIC_MINIMA_SEARCH_H
#define LIESCAPE_NUMERIC_MINIMA_SEARCH_H

#include "numeric/circuit/gradient.h"

typedef struct {
  program_t program; /* borrows everything; num_drives is that of the list */
  gate_list_t list;
  double *windows; /* of its drives */
  size_t num_free;
} minima_circuit_t;

/* program->circuit, every drive free. The program must have been made without
   claims, so that drives are parameters. */
void minima_circuit_written(minima_circuit_t *circuit,
                            const program_t *program, const ansatz_t ansatz);
/* num_layers layers with drives of their own, and the closing gates. */
void minima_circuit_deep(minima_circuit_t *circuit, const program_t *program,
                         size_t num_layers, size_t num_free);
void minima_circuit_clear(minima_circuit_t *circuit);

typedef struct {
  double loss, slope;
  double curvature; /* least eigenvalue of the Hessian; NaN: not computed */
  size_t num_evaluations;
} minima_end_t;

/* From start number `start` of the stream (seed, purpose) down to where
   the loss stops changing by more than tol_abs. work and input are of the
   circuit. */
minima_end_t minima_descend(const minima_circuit_t *circuit,
                            gradient_work_t *work, const double_sum_t *sum,
                            const statevector_t *input, double tol_abs,
                            uint64_t seed, uint64_t purpose, size_t start);

#endif
