/* fisher.h - quantum Fisher information of the state that a gate list prepares.

   For |psi(t)> = g_G ... g_1 |input>, a pure state, and chosen drives,
       F_ij = 4 Re( <d_i psi|d_j psi> - <d_i psi|psi><psi|d_j psi> ),
   that is 4 times the real Gram matrix of the tangents
       |t_i> = (1 - |psi><psi|) |d_i psi>.
   Its rank is the number of directions in which the drives move the state up to
   phase: at most the dimension of the orbit of the state under the group, and
   equal to it at almost every point of a circuit that is long enough (M. Larocca
   et al., arXiv:2109.11676).

   Rank. Rounding moves eigenvalues by at most `noise` (H. Weyl), a bound from
   the number of gates, so that `rank`, the number of eigenvalues above it, is
   a lower bound of the true one. It is decided when no eigenvalue lies within
   a factor FISHER_GAP of the noise: a gap that a smooth family of eigenvalues
   would not have. A gap is evidence, no proof, that what is below it is zero.

   Layer: numeric; above gates. OpenBLAS for Gram matrix and eigenvalues. */
#ifndef LIESCAPE_NUMERIC_FISHER_H
#define LIESCAPE_NUMERIC_FISHER_H

#include "numeric/circuit/gates.h"

#define FISHER_GAP 1e3

typedef struct {
  size_t num_tangents;
  double *matrix;      /* num_tangents^2, symmetric, both triangles */
  double *eigenvalues; /* ascending */
  double noise;
  size_t rank;
  bool decided;
} fisher_t;

/* Derivatives with respect to drives[chosen[i]] at the point drives[], one value
   for each drive of the program. lanes = 1. STATUS_LIMIT when memory is
   refused. On STATUS_OK fisher must be cleared. */
status_t fisher_init(fisher_t *fisher, const program_t *program,
                     const gate_list_t *list, const statevector_t *input,
                     const double *drives, const size_t *chosen,
                     size_t num_chosen, int num_threads);
void fisher_clear(fisher_t *fisher);

/* Bytes of the vectors and the matrix, and amplitudes updated. */
double fisher_bytes(size_t num_qubits, size_t num_chosen);
double fisher_cost(const program_t *program, const gate_list_t *list,
                   size_t num_qubits, size_t num_chosen);

#endif
