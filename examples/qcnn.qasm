// Quantum convolutional network on four qubits: convolutions, pooling by
// controlled rotations (the deferred form of measuring and turning), one
// qubit read out.
// I. Cong, S. Choi, M. D. Lukin, Quantum convolutional neural networks (2019),
// arXiv:1810.03787; no barren plateau: A. Pesah et al. (2021), arXiv:2011.02966.
OPENQASM 3.0;
include "stdgates.inc";

input array[float[64], 27] conv_angle;
input array[float[64], 6] pool_angle;
qubit[4] q;

#pragma liescape state zero
#pragma liescape observable Z3

gate rxx(t) a, b { h a; h b; cx a, b; rz(t) b; cx a, b; h a; h b; }
gate ryy(t) a, b { sdg a; sdg b; rxx(t) a, b; s a; s b; }
gate rzz(t) a, b { cx a, b; rz(t) b; cx a, b; }
gate convolution(a1, a2, a3, b1, b2, b3, x, y, z) a, b {
  U(a1, a2, a3) a;
  U(b1, b2, b3) b;
  rzz(z) a, b; ryy(y) a, b; rxx(x) a, b;
}
gate pool(one, zero) source, sink {
  crz(one) source, sink;
  x source;
  ctrl @ rx(zero) source, sink;
  x source;
}

convolution(conv_angle[0], conv_angle[1], conv_angle[2], conv_angle[3],
            conv_angle[4], conv_angle[5], conv_angle[6], conv_angle[7],
            conv_angle[8]) q[0], q[1];
convolution(conv_angle[9], conv_angle[10], conv_angle[11], conv_angle[12],
            conv_angle[13], conv_angle[14], conv_angle[15], conv_angle[16],
            conv_angle[17]) q[2], q[3];
pool(pool_angle[0], pool_angle[1]) q[0], q[1];
pool(pool_angle[2], pool_angle[3]) q[2], q[3];
convolution(conv_angle[18], conv_angle[19], conv_angle[20], conv_angle[21],
            conv_angle[22], conv_angle[23], conv_angle[24], conv_angle[25],
            conv_angle[26]) q[1], q[3];
pool(pool_angle[4], pool_angle[5]) q[1], q[3];
