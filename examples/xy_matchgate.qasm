// Nearest-neighbour matchgates: XX and YY rotations of neighbours, Z rotations
// of every qubit. Free fermions in disguise.
// R. Jozsa, A. Miyake, Matchgates and classical simulation of quantum circuits
// (2008), arXiv:0804.4050; landscapes of observables outside the algebra:
// N. L. Diaz, D. Garcia-Martin, S. Kazi, M. Larocca, M. Cerezo (2023),
// arXiv:2310.11505.
// Z0 is a product of two Majorana operators, Z0 Z1 of four.
// A family: --sweep n=4,8,16,32
OPENQASM 3.0;
include "stdgates.inc";

const int n = 6;
const int layers = 3;
input array[float[64], (n - 1) * layers] xx_angle;
input array[float[64], (n - 1) * layers] yy_angle;
input array[float[64], n * layers] z_angle;
qubit[n] q;

#pragma liescape state zero
#pragma liescape observable Z0
#pragma liescape observable Z0 Z1

gate rxx(t) a, b { h a; h b; cx a, b; rz(t) b; cx a, b; h a; h b; }
gate ryy(t) a, b { rx(pi/2) a; rx(pi/2) b; cx a, b; rz(t) b; cx a, b; rx(-pi/2) a; rx(-pi/2) b; }

for int l in [0:layers - 1] {
  for int i in [0:n - 2] {
    rxx(xx_angle[(n - 1) * l + i]) q[i], q[i + 1];
    ryy(yy_angle[(n - 1) * l + i]) q[i], q[i + 1];
  }
  for int i in [0:n - 1] { rz(z_angle[n * l + i]) q[i]; }
}
