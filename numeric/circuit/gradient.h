/* gradient.h - the loss of one gate list and its derivatives, exactly.

       l(t) = <psi|O|psi>,  |psi> = g_G ... g_1 |input>,
   the gates of a list of a program (program->circuit, its layer, or a list of
   the caller's own whose drives and sums are those of the program), t the
   values of the drives. Several gates for one drive, affine angles and
   exponentials of sums are covered; gates without drives are fixed.

   First derivatives by the adjoint method (M. Luo et al., "Yao.jl", Quantum 4,
   341, 2020; T. Jones and J. Gacon, arXiv:2009.02823): with |lambda> = O|psi>
   both vectors are run back, and each gate exp(-i angle G) adds
   2 coeff Im <lambda|G|psi>. Cost: one run forwards and two back, whatever the
   number of drives. Second derivatives: the same with tangents,
   see hessian.h.

   lanes = 1: one vector of drives. More: a row of them at a time,
   drives[d * lanes + k], gradient[d * lanes + k], loss[k]. Single precision: for
   lists without exponentials.
   Layer: numeric; above gates. */
#ifndef LIESCAPE_NUMERIC_GRADIENT_H
#define LIESCAPE_NUMERIC_GRADIENT_H

#include "numeric/circuit/gates.h"

typedef struct {
  gates_t gates;
  statevector_t psi, lambda, scratch[3];
  double *rows, *slopes;
} gradient_work_t;

/* False, and nothing kept, when the memory is refused. num_qubits: of the input
   vector (those of the program, and ancillas of a mixed state). */
bool gradient_work_init(gradient_work_t *work, const program_t *program,
                        const gate_list_t *list, size_t num_qubits,
                        size_t lanes, precision_t precision);
void gradient_work_clear(gradient_work_t *work);
/* Vectors that a work space holds, to size it against a budget. */
size_t gradient_num_vectors(const program_t *program);

/* gradient, num_drives rows of lanes, or NULL for the loss alone; loss, one row
   of lanes. input is not changed and not part of the work space. */
void gradient_compute(double *gradient, double *loss, gradient_work_t *work,
                      const double_sum_t *observable,
                      const statevector_t *input, const double *drives);

#endif
