/* noisy_circuit.h - a circuit with Pauli noise as density matrices, on few qubits.

   rho goes through the gates of a program in time order, R rho R^dag each, and at every
   place of the ansatz through sum_E p_E E rho E over E = 1, X, Y, Z on its qubit. The
   derivative of Tr(O rho) with respect to the angle a of R = exp(-i a P / 2) is
   Tr(O' (-i/2) [P, rho']), rho' behind the gate and O' the observable brought back to
   there: rotations backwards, channels as they are, which are self-adjoint.

   Matrices are 2^n x 2^n complex numbers, row after row; qubit j is bit j of an index.
   Layer: numeric; above program. */
#ifndef LIESCAPE_NUMERIC_NOISY_CIRCUIT_H
#define LIESCAPE_NUMERIC_NOISY_CIRCUIT_H

#include <complex.h>

#include "numeric/circuit/program.h"

enum { NOISY_CIRCUIT_QUBITS = 6 };

typedef struct {
  const program_t *program; /* of the circuit as written, without flags */
  const ansatz_struct *ansatz;
  bool noisy;
  size_t dim;               /* 2^n */
  double probability[3], readout;
  double complex *behind;   /* rho behind each gate */
  double complex *observable, *left, *right; /* scratch */
} noisy_circuit_t;

/* noisy: false leaves the channels and the flips of bits out. NULL members, and false,
   when the qubits or gates are too many (max_bytes). */
bool noisy_circuit_init(noisy_circuit_t *circuit, const program_t *program,
                        const ansatz_t ansatz, bool noisy, uint64_t max_bytes);
void noisy_circuit_clear(noisy_circuit_t *circuit);

/* Follows rho from the state; drives as drives_draw leaves them, stride 1. */
void noisy_circuit_run(noisy_circuit_t *circuit, const quantum_state_t state,
                       const double *drives);
/* After a run: the expectation of the sum as it is measured (its strings times
   (1 - 2r)^weight), and, unless gradient is NULL, its derivatives by the parameters. */
double noisy_circuit_loss(noisy_circuit_t *circuit, double *gradient,
                          const pauli_sum_t sum, const double *drives);
/* Multiplications of one run and one loss with gradient. */
double noisy_circuit_cost(const noisy_circuit_t *circuit);

#endif
