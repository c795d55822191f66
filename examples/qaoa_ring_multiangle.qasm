// Multi-angle QAOA for MaxCut on a ring: every edge and every vertex has an
// angle of its own in each layer.
// R. Herrman, P. C. Lotshaw, J. Ostrowski, T. S. Humble, G. Siopsis,
// Multi-angle quantum approximate optimization algorithm (2022),
// arXiv:2109.11455.
// A family: --sweep n=4,8,16,32
OPENQASM 3.0;
include "stdgates.inc";

const int n = 6;
const int layers = 2;
input array[float[64], n * layers] gamma;
input array[float[64], n * layers] beta;
qubit[n] q;

#pragma liescape state zero
#pragma liescape observable Z0 Z1
#pragma liescape observable sum(i in 0..qubits-1: Z{i} Z{(i+1)%qubits})

for int i in [0:n - 1] { h q[i]; }
for int l in [0:layers - 1] {
  for int i in [0:n - 1] {
    cx q[i], q[(i + 1) % n];
    rz(2 * gamma[n * l + i]) q[(i + 1) % n];
    cx q[i], q[(i + 1) % n];
  }
  for int i in [0:n - 1] { rx(2 * beta[n * l + i]) q[i]; }
}
