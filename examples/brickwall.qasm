// Alternating layers of general two-qubit blocks, wall of bricks.
// M. Cerezo, A. Sone, T. Volkoff, L. Cincio, P. J. Coles, Cost function
// dependent barren plateaus in shallow parametrized quantum circuits (2021),
// arXiv:2001.00550.
// Nine angles a block: a rotation of each qubit, then the canonical two-qubit
// gate. n is even.
OPENQASM 3.0;
include "stdgates.inc";

const int n = 4;
const int layers = 2;
input array[float[64], 9 * (n - 1) * layers] theta;
qubit[n] q;

#pragma liescape state zero
#pragma liescape observable X0 X1 + Z0 Z1

gate rxx(t) a, b { h a; h b; cx a, b; rz(t) b; cx a, b; h a; h b; }
gate ryy(t) a, b { sdg a; sdg b; rxx(t) a, b; s a; s b; }
gate rzz(t) a, b { cx a, b; rz(t) b; cx a, b; }
gate brick(a1, a2, a3, b1, b2, b3, x, y, z) a, b {
  rz(a1) a; ry(a2) a; rz(a3) a;
  rz(b1) b; ry(b2) b; rz(b3) b;
  rxx(x) a, b; ryy(y) a, b; rzz(z) a, b;
}

// The brick on qubits i, i+1 of layer l has the angles from 9 ((n-1) l + i) on.
for int l in [0:layers - 1] {
  for int i in [0:2:n - 2] {
    brick(theta[9 * ((n - 1) * l + i)], theta[9 * ((n - 1) * l + i) + 1],
          theta[9 * ((n - 1) * l + i) + 2], theta[9 * ((n - 1) * l + i) + 3],
          theta[9 * ((n - 1) * l + i) + 4], theta[9 * ((n - 1) * l + i) + 5],
          theta[9 * ((n - 1) * l + i) + 6], theta[9 * ((n - 1) * l + i) + 7],
          theta[9 * ((n - 1) * l + i) + 8]) q[i], q[i + 1];
  }
  for int i in [1:2:n - 3] {
    brick(theta[9 * ((n - 1) * l + i)], theta[9 * ((n - 1) * l + i) + 1],
          theta[9 * ((n - 1) * l + i) + 2], theta[9 * ((n - 1) * l + i) + 3],
          theta[9 * ((n - 1) * l + i) + 4], theta[9 * ((n - 1) * l + i) + 5],
          theta[9 * ((n - 1) * l + i) + 6], theta[9 * ((n - 1) * l + i) + 7],
          theta[9 * ((n - 1) * l + i) + 8]) q[i], q[i + 1];
  }
}
