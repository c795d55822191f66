/* state_probes.h - ansaetze whose losses say which states another one reaches.

   With psi a state reached, |psi> = U |psi_0>, rho = |psi_0><psi_0|:
     U, then the inverse of another U with parameters of its own, the observable rho:
       E[l] and E[l^2] are the means of |<psi|psi'>|^2 and |<psi|psi'>|^4 over pairs of
       states, their frame potentials of order 1 and 2 (S. Sim, P. D. Johnson and A.
       Aspuru-Guzik 2019). Over a group U alone does;
     the observables X_j, Y_j, Z_j: the purity of qubit j is
       Tr rho_j^2 = (1 + <X_j>^2 + <Y_j>^2 + <Z_j>^2)/2, and the entanglement of D. A. Meyer
       and N. R. Wallach (2002) is Q = 2 - (2/n) sum_j Tr rho_j^2, 0 for product states
       (in the form of G. K. Brennen 2003).

   Layer: base, above ansatz. */
#ifndef LIESCAPE_STATE_PROBES_H
#define LIESCAPE_STATE_PROBES_H

#include "algebra/base/ansatz.h"
#include "algebra/base/reason.h"

/* out (initialised, empty) = rho. REASON_NONE, or why it is not made: the state is
   mixed, or has more than max_terms strings. */
reason_code_t state_projector(pauli_sum_t out, const quantum_state_t state,
                              size_t max_terms);

/* Each initialises out with the one state given; the observables are those above, the
   locals in the order X_0 Y_0 Z_0 X_1 ... projector: from state_projector. in has no
   symbol. */
void state_probe_locals(ansatz_t out, const ansatz_t in, size_t state);
void state_probe_pairs(ansatz_t out, const ansatz_t in, size_t state,
                       const pauli_sum_t projector);

/* entanglement = Q from the 3 num_qubits squares E[<P>^2]. */
void state_entanglement(fmpq_t entanglement, const fmpq *squares, size_t num_qubits);
/* Frame potentials of order 1 and 2 and entanglement of uniformly random states. */
void state_haar_numbers(fmpq_t first, fmpq_t second, fmpq_t entanglement,
                        size_t num_qubits);

#endif
