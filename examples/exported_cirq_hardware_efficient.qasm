// Generated from Cirq v1.7.0

OPENQASM 3.0;
include "stdgates.inc";


// Qubits: [q(0), q(1), q(2), q(3)]
qubit[4] q;
bit[4] m_m;


ry(pi*0.9081747803) q[0];
ry(pi*0.9546903443) q[1];
ry(pi*1.3338500863) q[2];
ry(pi*1.6014543279) q[3];
rz(pi*0.8413964376) q[0];
rz(pi*0.2289045098) q[1];
rz(pi*0.5123575437) q[2];
rz(pi*0.9799035716) q[3];
cz q[0],q[1];
cz q[2],q[3];
cz q[1],q[2];
ry(pi*0.1705654154) q[0];
ry(pi*1.2203667566) q[3];
ry(pi*1.4335261941) q[1];
ry(pi*0.6620075825) q[2];
rz(pi*1.19639738) q[0];
rz(pi*1.7004526419) q[3];
rz(pi*1.6509997072) q[1];
rz(pi*1.7725400367) q[2];
cz q[0],q[1];
cz q[2],q[3];
cz q[1],q[2];

// Gate: cirq.MeasurementGate(4, cirq.MeasurementKey(name='m'), ())
m_m[0] = measure q[0];
m_m[1] = measure q[1];
m_m[2] = measure q[2];
m_m[3] = measure q[3];
