// Transverse-field Ising ring, the Hamiltonian variational ansatz proper: two
// angles a layer, the energy as observable.
// D. Wecker, M. B. Hastings, M. Troyer (2015), arXiv:1507.08969;
// R. Wiersema et al. (2020), arXiv:2008.02941.
OPENQASM 3.0;
include "stdgates.inc";

const int n = 6;
const int layers = 3;
input array[float[64], layers] zz_angle;
input array[float[64], layers] x_angle;
qubit[n] q;

#pragma liescape state plus
#pragma liescape observable sum(i in 0..qubits-1: Z{i} Z{(i+1)%qubits}) + sum(i in 0..qubits-1: X{i})

gate rzz(t) a, b { cx a, b; rz(t) b; cx a, b; }

for int l in [0:layers - 1] {
  for int i in [0:n - 1] { rzz(zz_angle[l]) q[i], q[(i + 1) % n]; }
  for int i in [0:n - 1] { rx(x_angle[l]) q[i]; }
}
