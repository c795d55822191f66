// QAOA for MaxCut on a ring, one angle for all edges and one for all vertices
// in each layer.
// E. Farhi, J. Goldstone, S. Gutmann, A quantum approximate optimization
// algorithm (2014), arXiv:1411.4028.
// The observable is minus twice the cut, up to a constant.
OPENQASM 3.0;
include "stdgates.inc";

const int n = 6;
const int layers = 3;
input array[float[64], layers] gamma;
input array[float[64], layers] beta;
qubit[n] q;

#pragma liescape state zero
#pragma liescape observable sum(i in 0..qubits-1: Z{i} Z{(i+1)%qubits})

for int i in [0:n - 1] { h q[i]; }
for int l in [0:layers - 1] {
  for int i in [0:n - 1] {
    cx q[i], q[(i + 1) % n];
    rz(2 * gamma[l]) q[(i + 1) % n];
    cx q[i], q[(i + 1) % n];
  }
  for int i in [0:n - 1] { rx(2 * beta[l]) q[i]; }
}
