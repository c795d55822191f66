/* hessian.h - second derivatives of the loss of one gate list, exactly.

   l as in gradient.h. For one drive i, with tangents |psi_i> = d_i |psi> and
   |lambda_i> = O |psi_i> at the end of the list, all four vectors are run
   back; a gate exp(-i angle G) with the term coeff * t_j adds
       H_ij += 2 coeff Im( <lambda_i|G|psi> + <lambda|G|psi_i> ),
   and one with the term coeff * t_i moves the tangents to before it by
   +i coeff G |psi>, +i coeff G |lambda>. H_ij is made by the drive that comes first,
   from there on alone. Cost: two gradients for each drive at most, of drives in turn
   about one; memory: six vectors.

   Layer: numeric; above gates. lanes = 1. */
#ifndef LIESCAPE_NUMERIC_HESSIAN_H
#define LIESCAPE_NUMERIC_HESSIAN_H

#include "numeric/circuit/gates.h"

typedef struct {
  gates_t gates;
  statevector_t start, psi, lambda, psi_i, lambda_i, generated, scratch[3];
  double *rows;
} hessian_work_t;

/* False, and nothing kept, when the memory is refused. */
bool hessian_work_init(hessian_work_t *work, const program_t *program,
                       const gate_list_t *list, size_t num_qubits);
void hessian_work_clear(hessian_work_t *work);

/* hessian[i * num_chosen + j], symmetric: second derivative with
   respect to drives chosen[i] and chosen[j]. */
void hessian_compute(double *hessian, hessian_work_t *work,
                     const double_sum_t *observable, const statevector_t *input,
                     const double *drives, const size_t *chosen,
                     size_t num_chosen);

/* Eigenvalues, ascending, of a symmetric matrix, which is overwritten. False
   when LAPACK fails. */
bool hessian_eigenvalues(double *eigenvalues, double *matrix, size_t n);

#endif
