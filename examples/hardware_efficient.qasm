// Hardware-efficient ansatz: RY and RZ on every qubit, CZ along the line.
// A. Kandala et al., Hardware-efficient variational quantum eigensolver for
// small molecules and quantum magnets (2017), arXiv:1704.05018; its barren
// plateau: J. R. McClean et al. (2018), arXiv:1803.11173.
// A family: --sweep n=4,8,16,32
OPENQASM 3.0;
include "stdgates.inc";

const int n = 4;
const int layers = 4;
input array[float[64], 2 * n * layers] theta;
qubit[n] q;

#pragma liescape state zero
#pragma liescape observable Z0 Z1

for int l in [0:layers - 1] {
  for int i in [0:n - 1] {
    ry(theta[2 * (n * l + i)]) q[i];
    rz(theta[2 * (n * l + i) + 1]) q[i];
  }
  for int i in [0:n - 2] { cz q[i], q[i + 1]; }
}
