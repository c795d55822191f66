"""Writes the files exported_*.qasm: what real packages export, byte for byte.

    pip install qiskit==2.6.2 pennylane==0.45.1 cirq-core==1.7.0 amazon-braket-sdk
    python make_exports.py

They carry no liescape pragma on purpose: give the observable with -O.
"""
import cirq
import pennylane as qml
from pennylane import numpy as np
from braket.circuits import Circuit, FreeParameter, Observable
from qiskit import QuantumCircuit, qasm2, qasm3, transpile
from qiskit.circuit import Parameter, ParameterVector
from qiskit.circuit.library import (PauliEvolutionGate, XXPlusYYGate,
                                    efficient_su2, qaoa_ansatz, real_amplitudes)
from qiskit.quantum_info import SparsePauliOp


def write(name, text):
    with open(f"exported_{name}.qasm", "w", encoding="utf-8", newline="") as f:
        f.write(text)


# Qiskit, OpenQASM 3: Kandala et al. (2017), arXiv:1704.05018.
write("qiskit_efficient_su2",
      qasm3.dumps(efficient_su2(5, entanglement="linear", reps=2)))

# Qiskit, OpenQASM 3, optimised for a device with the gates rz, sx, x, cz.
write("qiskit_transpiled", qasm3.dumps(transpile(
    efficient_su2(3, entanglement="circular", reps=1),
    basis_gates=["rz", "sx", "x", "cz"], optimization_level=2, seed_transpiler=7)))

# Qiskit, OpenQASM 3: QAOA for MaxCut on a ring, Farhi et al. (2014), arXiv:1411.4028.
ring = SparsePauliOp.from_sparse_list(
    [("ZZ", [i, (i + 1) % 6], 1.0) for i in range(6)], 6)
write("qiskit_qaoa_ring", qasm3.dumps(qaoa_ansatz(ring, reps=2)))

# Qiskit, OpenQASM 3: UCC singles and doubles of H2 as evolutions under Pauli
# sums, Peruzzo et al. (2014), arXiv:1304.3061. Qiskit's labels have qubit 0
# rightmost.
ucc = QuantumCircuit(4)
ucc.x([0, 1])
excitations = {
    "single_a": (["IXZY", "IYZX"], [0.5, -0.5]),
    "single_b": (["XZYI", "YZXI"], [0.5, -0.5]),
    "double": (["XXXY", "XXYX", "XYYY", "YXYY", "XYXX", "YXXX", "YYXY", "YYYX"],
               [0.125, 0.125, 0.125, 0.125, -0.125, -0.125, -0.125, -0.125])}
for name, (labels, coeffs) in excitations.items():
    ucc.append(PauliEvolutionGate(SparsePauliOp(labels, coeffs),
                                  time=Parameter(name)), range(4))
write("qiskit_uccsd", qasm3.dumps(ucc))

# Qiskit, OpenQASM 3: number-conserving two-qubit blocks (Givens rotations).
theta, phi = ParameterVector("θ", 9), ParameterVector("φ", 9)
givens = QuantumCircuit(4, 4)
givens.x([0, 2])
for k, (a, b) in enumerate([(0, 1), (2, 3), (1, 2)] * 3):
    givens.append(XXPlusYYGate(theta[k], phi[k]), [a, b])
givens.measure(range(4), range(4))
write("qiskit_givens", qasm3.dumps(givens))

# Qiskit, OpenQASM 2: angles are numbers.
amplitudes = real_amplitudes(4, reps=2)
write("qiskit_real_amplitudes_qasm2", qasm2.dumps(
    amplitudes.assign_parameters([0.1 + k / 8 for k in range(12)])))

# PennyLane, OpenQASM 2 with numeric angles and final measurements.
device = qml.device("default.qubit", wires=4)
generator = np.random.default_rng(2021)


@qml.qnode(device)
def entangling_layers(weights):
    qml.StronglyEntanglingLayers(weights, wires=range(4))
    return qml.expval(qml.Z(0) @ qml.Z(1))


write("pennylane_strongly_entangling", qml.to_openqasm(entangling_layers)(
    generator.uniform(0, 2 * np.pi, (2, 4, 3))))


@qml.qnode(device)
def singles_doubles(weights):
    qml.BasisState(np.array([1, 1, 0, 0]), wires=range(4))
    qml.DoubleExcitation(weights[0], wires=[0, 1, 2, 3])
    qml.SingleExcitation(weights[1], wires=[0, 2])
    qml.SingleExcitation(weights[2], wires=[1, 3])
    return qml.expval(qml.Z(0))


write("pennylane_singles_doubles", qml.to_openqasm(
    singles_doubles, rotations=False, measure_all=False)([0.1, 0.2, 0.3]))

# Cirq, OpenQASM 3: multiples of pi, ten digits.
qubits = cirq.LineQubit.range(4)
angles = iter(map(float, generator.uniform(0, 2 * np.pi, 16)))
circuit = cirq.Circuit()
for _ in range(2):
    circuit.append(cirq.ry(next(angles))(q) for q in qubits)
    circuit.append(cirq.rz(next(angles))(q) for q in qubits)
    circuit.append(cirq.CZ(qubits[i], qubits[i + 1]) for i in (0, 2, 1))
circuit.append(cirq.measure(*qubits, key="m"))
write("cirq_hardware_efficient", circuit.to_qasm(version="3.0"))

# Amazon Braket: symbolic angles, and the observable in its own pragma.
heisenberg = Circuit()
for i in range(0, 4):
    heisenberg.x(i) if i % 2 else heisenberg.i(i)
for layer in range(2):
    for i in (0, 2, 1):
        angle = FreeParameter(f"t{layer}_{i}")
        heisenberg.xx(i, i + 1, angle).yy(i, i + 1, angle).zz(i, i + 1, angle)
heisenberg.expectation(Observable.Z() @ Observable.Z(), target=[0, 1])
write("braket_heisenberg", heisenberg.to_ir("OPENQASM").source)
