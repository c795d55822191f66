// Heisenberg chain: one angle for X X + Y Y + Z Z on each bond (a partial swap
// of two spins), started from the Neel state.
// R. Wiersema et al., Exploring entanglement and optimization within the
// Hamiltonian variational ansatz (2020), arXiv:2008.02941.
// The three rotations of a bond share an angle and commute, so that the
// generator of the bond is their sum; the total spin is conserved.
OPENQASM 3.0;
include "stdgates.inc";

const int n = 4;
const int layers = 4;
input array[float[64], (n - 1) * layers] theta;
qubit[n] q;

#pragma liescape state zero
#pragma liescape observable X0 X1 + Y0 Y1 + Z0 Z1

gate rxx(t) a, b { h a; h b; cx a, b; rz(t) b; cx a, b; h a; h b; }
gate ryy(t) a, b { sdg a; sdg b; rxx(t) a, b; s a; s b; }
gate rzz(t) a, b { cx a, b; rz(t) b; cx a, b; }
gate bond(t) a, b { rxx(t) a, b; ryy(t) a, b; rzz(t) a, b; }

for int i in [1:2:n - 1] { x q[i]; }
for int l in [0:layers - 1] {
  for int i in [0:2:n - 2] { bond(theta[(n - 1) * l + i]) q[i], q[i + 1]; }
  for int i in [1:2:n - 2] { bond(theta[(n - 1) * l + i]) q[i], q[i + 1]; }
}
