"""Qiskit, PennyLane, Cirq, Braket, OpenFermion, networkx: whatever is installed.

What is proved for each: losses of the text that is written, by a simulator of our own,
are those of the toolkit's own simulator at random parameters (qubit order, signs, factors
and names), gradients are E[(dl/dtheta)^2] by finite differences of the toolkit's own losses
over a grid, and dimensions are those of brackets formed one by one.
"""
import math
import random
import unittest
from fractions import Fraction
from importlib.util import find_spec

import simulate

import liescape
from liescape.pauli import PauliSum

SEED = random.SystemRandom().randrange(10 ** 6)


def needs(*packages):
    missing = [name for name in packages if find_spec(name) is None]
    return unittest.skipIf(missing, f"{', '.join(missing)} is not installed")


class Toolkit(unittest.TestCase):
    def setUp(self):
        self.random = random.Random(SEED)

    def assert_same_loss(self, ansatz, operator, theirs, tolerance=1e-9):
        """theirs: from values by name to the loss."""
        names = list(ansatz.names.values())
        for _ in range(3):
            values = {name: self.random.uniform(-3, 3) for name in names}
            ours = simulate.loss(ansatz, operator, values)
            self.assertAlmostEqual(ours, theirs(values), delta=tolerance,
                                   msg=f"seed {SEED}\n{ansatz.text}")

    def assert_moments(self, landscape, theirs, names, points, tolerance=1e-5):
        mean, variance, slopes = simulate.grid_moments(theirs, names, points)
        own = landscape.finite_depth
        self.assertAlmostEqual(float(own.mean), mean, delta=tolerance)
        self.assertAlmostEqual(float(own.variance), variance, delta=tolerance)
        self.assertEqual(set(own.gradient_variance), set(names))
        for name, value in own.gradient_variance.items():
            self.assertAlmostEqual(float(value), slopes[name], delta=tolerance, msg=name)


@needs("qiskit")
class Qiskit(Toolkit):
    @staticmethod
    def loss(circuit, operator):
        from qiskit.quantum_info import Statevector

        def value(values):
            bound = circuit.assign_parameters(
                {p: values[p.name] for p in circuit.parameters})
            return Statevector(bound).expectation_value(operator).real
        return value

    def test_three_lines(self):
        from qiskit.circuit.library import efficient_su2
        from qiskit.quantum_info import SparsePauliOp
        r = liescape.certify(efficient_su2(4, reps=2), SparsePauliOp("IIZZ"))
        self.assertEqual(r.algebra.dimension, 255)
        self.assertEqual(r.verdict, "yes")
        self.assertEqual(r.landscapes[0].observable, "Z0 Z1")
        self.assertEqual(r.parameters, [f"θ[{k}]" for k in range(24)])

    def test_every_standard_gate(self):
        from qiskit import QuantumCircuit
        from qiskit.circuit import Parameter
        from qiskit.circuit.library import standard_gates
        from qiskit.quantum_info import SparsePauliOp
        gates = standard_gates.get_standard_gate_name_mapping()
        tried = 0
        for name, gate in sorted(gates.items()):
            if gate.num_qubits in (0, None) or name in ("delay", "measure", "reset"):
                continue
            circuit = QuantumCircuit(max(gate.num_qubits, 2))
            for qubit in circuit.qubits:
                circuit.rx(0.3 + circuit.find_bit(qubit).index, qubit)
                circuit.t(qubit)
            parameters = [Parameter(f"p{k}") for k in range(len(gate.params))]
            circuit.append(type(gate)(*parameters) if parameters else gate,
                           list(range(gate.num_qubits))[::-1])
            circuit.barrier()
            for qubit in circuit.qubits:
                circuit.ry(0.2, qubit)
            label = "XZYXZ"[:circuit.num_qubits]
            operator = SparsePauliOp([label, "I" * (len(label) - 1) + "Z"], [1, 0.5])
            with self.subTest(gate=name):
                ansatz = liescape.convert_circuit(circuit)
                ours = PauliSum.from_label(label, order="right") + \
                    PauliSum.from_label("I" * (len(label) - 1) + "Z", 0.5, order="right")
                self.assert_same_loss(ansatz, ours, self.loss(circuit, operator))
                tried += 1
        self.assertGreater(tried, 40)

    def test_composites(self):
        """What qasm3.dumps gets wrong: nested gates, shadowed and reordered parameters."""
        from qiskit import QuantumCircuit
        from qiskit.circuit import Parameter
        from qiskit.circuit.library import PauliEvolutionGate, XXPlusYYGate
        from qiskit.quantum_info import SparsePauliOp
        a, b, t = Parameter("a"), Parameter("b"), Parameter("t")
        inner = QuantumCircuit(2)
        inner.rx(2 * a - b / 3, 0)
        inner.cx(0, 1)
        inner.ry(b, 1)
        circuit = QuantumCircuit(3)
        circuit.h(0)
        circuit.append(inner.to_gate(), [2, 0])
        circuit.append(inner.to_gate().control(1, ctrl_state=0), [1, 0, 2])
        circuit.append(PauliEvolutionGate(SparsePauliOp(["XYI", "ZXZ"], [0.5, -0.3]), time=t),
                       [0, 1, 2])
        circuit.append(XXPlusYYGate(a, 0.4), [1, 2])
        circuit.append(inner.to_gate().inverse(), [0, 1])
        circuit = circuit.assign_parameters({b: 2 * t + 0.1})
        operator = SparsePauliOp(["ZXI", "IYZ"], [1, 0.7])
        ansatz = liescape.convert_circuit(circuit)
        ours = PauliSum.from_label("IXZ") + PauliSum.from_label("ZYI", 0.7)
        self.assert_same_loss(ansatz, ours, self.loss(circuit, operator))
        self.assertEqual(list(ansatz.names.values()), ["a", "t"])
        self.assertEqual(ansatz.notes, [])
        circuit.append(PauliEvolutionGate(SparsePauliOp(["IXX", "IZI"]), time=t), [0, 1, 2])
        self.assertIn("do not commute", liescape.convert_circuit(circuit).notes[0])

    def test_loops_and_refusals(self):
        from qiskit import QuantumCircuit
        from qiskit.circuit import Parameter
        a = Parameter("a")
        circuit = QuantumCircuit(2, 2)
        with circuit.for_loop(range(3)):
            circuit.rx(a, 0)
            circuit.cx(0, 1)
        circuit.measure_all()
        self.assertEqual(liescape.convert_circuit(circuit).text.count("rx(a)"), 3)
        circuit.rx(a, 0)
        with self.assertRaisesRegex(liescape.ConversionError, "after a measurement of qubit 0"):
            liescape.convert_circuit(circuit)
        bent = QuantumCircuit(1)
        bent.rx(a * a, 0)
        with self.assertRaisesRegex(liescape.ConversionError, r"instruction 0 \(rx\).*linear"):
            liescape.convert_circuit(bent)

    def test_qaoa_moments(self):
        from qiskit.circuit.library import qaoa_ansatz
        from qiskit.quantum_info import SparsePauliOp
        cost = SparsePauliOp(["ZZI", "IZZ"], [1, 1])
        circuit = qaoa_ansatz(cost, reps=1)
        r = liescape.certify(circuit, cost)
        self.assertEqual(r.algebra.dimension, simulate.algebra_dimension(
            [PauliSum.from_label("ZZI") + PauliSum.from_label("IZZ"),
             PauliSum.from_label("XII") + PauliSum.from_label("IXI")
             + PauliSum.from_label("IIX")], 3))
        self.assert_moments(r.landscapes[0], self.loss(circuit, cost), ["β[0]", "γ[0]"], 20)

    def test_stabilizer_state(self):
        from qiskit import QuantumCircuit
        from qiskit.quantum_info import SparsePauliOp, StabilizerState
        prepare = QuantumCircuit(2)
        prepare.x(0)
        prepare.h(1)
        r = liescape.certify([SparsePauliOp("IX"), SparsePauliOp("XI")],
                             [SparsePauliOp("IZ"), SparsePauliOp("XI")],
                             StabilizerState(prepare))
        self.assertEqual([one.variance for one in r.landscapes], [Fraction(1, 2), 0])
        self.assertEqual(r.landscapes[1].mean, 1)


@needs("pennylane")
class PennyLane(Toolkit):
    @staticmethod
    def ring_qnode(qml, wires=4):
        edges = [(k, (k + 1) % wires) for k in range(wires)]
        cost = qml.Hamiltonian([1.0] * len(edges), [qml.Z(a) @ qml.Z(b) for a, b in edges])
        mixer = qml.qaoa.x_mixer(range(wires))

        @qml.qnode(qml.device("default.qubit", wires=wires))
        def circuit(gammas, betas):
            for wire in range(wires):
                qml.Hadamard(wire)
            for gamma, beta in zip(gammas, betas):
                qml.qaoa.cost_layer(gamma, cost)
                qml.qaoa.mixer_layer(beta, mixer)
            return qml.expval(cost)
        return circuit

    def ring_dimension(self, wires=4):
        zz = PauliSum({((k, "Z"), ((k + 1) % wires, "Z")): 1 for k in range(wires)}, wires)
        x = PauliSum({((k, "X"),): 1 for k in range(wires)}, wires)
        return simulate.algebra_dimension([zz, x], wires)

    def test_qaoa_keeps_four_parameters(self):
        """The obvious way, to_openqasm, makes hundreds of free angles and su(16) of it."""
        import pennylane as qml
        from pennylane import numpy as np
        r = liescape.certify(self.ring_qnode(qml), args=(np.array([0.1, 0.2]),
                                                         np.array([0.3, 0.4])))
        self.assertEqual(r.parameters, ["gammas[0]", "gammas[1]", "betas[0]", "betas[1]"])
        self.assertEqual(r.certificate["ansatz"]["parameters"], 4)
        self.assertEqual(r.algebra.dimension, self.ring_dimension())
        self.assertEqual(r.algebra.dimension, 11)
        self.assertFalse(r.upper_bound)

    def test_tape(self):
        import pennylane as qml
        from pennylane import numpy as np
        circuit = self.ring_qnode(qml)
        tape = qml.workflow.construct_tape(circuit)(np.array([0.1, 0.2]), np.array([0.3, 0.4]))
        r = liescape.certify(tape)
        self.assertEqual((len(r.parameters), r.algebra.dimension), (4, 11))
        self.assertTrue(any("tape" in note for note in r.notes))
        tape = qml.workflow.construct_tape(circuit)(np.array([0.1, 0.1]), np.array([0.3, 0.4]))
        with self.assertRaisesRegex(liescape.ConversionError, "share_equal_angles"):
            liescape.certify(tape)
        self.assertEqual(len(liescape.certify(tape, share_equal_angles=True).parameters), 3)
        self.assertEqual(len(liescape.certify(tape, share_equal_angles=False).parameters), 4)

    def test_qaoa_moments(self):
        import pennylane as qml
        circuit = self.ring_qnode(qml, 3)
        r = liescape.certify(circuit, args=([0.1], [0.2]))
        self.assert_moments(
            r.landscapes[0],
            lambda v: float(circuit([v["gammas[0]"]], [v["betas[0]"]])),
            ["gammas[0]", "betas[0]"], 20)

    def test_arguments_are_asked_for(self):
        import pennylane as qml
        with self.assertRaisesRegex(liescape.ConversionError, r"args=\(gammas"):
            liescape.certify(self.ring_qnode(qml))

    def test_templates(self):
        import pennylane as qml
        from pennylane import numpy as np

        @qml.qnode(qml.device("default.qubit", wires=["a", "b", "c", "d"]))
        def circuit(weights, x, times=2):
            wires = ["a", "b", "c", "d"]
            qml.BasisState(np.array([1, 1, 0, 0]), wires=wires)
            qml.StronglyEntanglingLayers(weights, wires=wires)
            qml.SingleExcitation(x[0], ["a", "c"])
            qml.DoubleExcitation(2 * x[1] + x[0] / 3 + 0.5, wires)
            qml.CRot(x[2], x[0], x[3], ["b", "d"])
            qml.ctrl(qml.RX(times * x[1], "c"), "a")
            qml.adjoint(qml.IsingXY(x[2], ["b", "a"]))
            qml.evolve(qml.X("a") @ qml.Y("d"), x[3])
            qml.ControlledPhaseShift(x[0], ["d", "c"])
            qml.PauliRot(x[1], "XYZ", ["a", "b", "d"])
            qml.FermionicSWAP(x[2], ["a", "b"])
            qml.GlobalPhase(x[3])
            return qml.expval(qml.Z("a") @ qml.X("c") + 0.5 * qml.Y("d"))
        shape = (1, 4, 3)
        ansatz = liescape.convert_circuit(circuit, args=(np.ones(shape), np.ones(4)))
        self.assertEqual(len(ansatz.names), 16)
        ours, = ansatz.observables

        def theirs(values):
            weights = np.array([values[f"weights[0,{j},{k}]"]
                                for j in range(4) for k in range(3)]).reshape(shape)
            return float(circuit(weights, np.array([values[f"x[{k}]"] for k in range(4)])))
        self.assert_same_loss(ansatz, ours, theirs)

    def test_every_rotation(self):
        import pennylane as qml
        one = ["RX", "RY", "RZ", "PhaseShift", "U1"]
        two = ["CRX", "CRY", "CRZ", "ControlledPhaseShift", "IsingXX", "IsingYY", "IsingZZ",
               "IsingXY", "MultiRZ", "SingleExcitation", "SingleExcitationPlus",
               "SingleExcitationMinus", "PSWAP", "CPhaseShift00", "CPhaseShift01",
               "CPhaseShift10", "FermionicSWAP"]
        four = ["DoubleExcitation", "DoubleExcitationPlus", "DoubleExcitationMinus",
                "OrbitalRotation"]
        for count, names in ((1, one), (2, two), (4, four)):
            for name in names:
                @qml.qnode(qml.device("default.qubit", wires=count))
                def circuit(x, name=name, count=count):
                    for k in range(count):
                        qml.RX(0.3 + k, k)
                        qml.T(k)
                    getattr(qml, name)(x, wires=range(count))
                    for k in range(count):
                        qml.RY(0.7 - k, k)
                    return qml.expval(qml.prod(*[qml.Z(k) for k in range(count)]))
                with self.subTest(gate=name):
                    ansatz = liescape.convert_circuit(circuit, args=(0.5,))
                    self.assert_same_loss(ansatz, ansatz.observables[0],
                                          lambda v: float(circuit(v["x"])))

    def test_nonlinear(self):
        import pennylane as qml

        @qml.qnode(qml.device("default.qubit", wires=1))
        def circuit(x):
            qml.RX(x ** 2, 0)
            return qml.expval(qml.Z(0))
        with self.assertRaisesRegex(liescape.ConversionError, "no sum of multiples"):
            liescape.certify(circuit, args=(0.5,))


@needs("cirq")
class Cirq(Toolkit):
    @staticmethod
    def loss(circuit, operator):
        import cirq
        order = sorted(circuit.all_qubits())
        simulator = cirq.Simulator(dtype=__import__("numpy").complex128)

        def value(values):
            result = simulator.simulate(circuit, param_resolver=values, qubit_order=order)
            return operator.expectation_from_state_vector(
                result.final_state_vector, {q: k for k, q in enumerate(order)}).real
        return value

    def test_gates(self):
        import cirq
        import sympy
        a, b = sympy.symbols("a b")
        q = cirq.LineQubit.range(3)
        two = [cirq.ZZ ** (2 * a / 3 + 0.1), cirq.XX ** a, cirq.YY ** b, cirq.ISWAP ** a,
               cirq.CZ ** a, cirq.FSimGate(a, b), cirq.givens(a), cirq.ms(a), cirq.SWAP ** b,
               cirq.CNOT ** a, cirq.PhasedISwapPowGate(phase_exponent=0.25, exponent=b),
               cirq.CNOT, cirq.ISWAP, cirq.SQRT_ISWAP, cirq.rx(a).controlled(),
               (cirq.Y ** b).controlled(), cirq.ZPowGate(exponent=a, global_shift=0.3).controlled()]
        one = [cirq.rx(a), cirq.X ** b, cirq.ry(2 * b), cirq.Z ** (a / 2), cirq.H ** a, cirq.T,
               cirq.S ** -1, cirq.PhasedXPowGate(phase_exponent=0.25, exponent=a),
               cirq.PhasedXZGate(x_exponent=a, z_exponent=b, axis_phase_exponent=0.3)]
        three = [cirq.CCX, cirq.CCZ ** a, cirq.CSWAP,
                 cirq.PauliStringPhasorGate(cirq.DensePauliString("XYZ", coefficient=-1),
                                            exponent_neg=a, exponent_pos=b)]
        for gate in one + two + three:
            size = cirq.num_qubits(gate)
            circuit = cirq.Circuit(
                [cirq.rx(0.3 + k)(qubit) for k, qubit in enumerate(q)], cirq.T.on_each(*q),
                gate.on(*q[::-1][:size]), [cirq.ry(0.7 - k)(qubit) for k, qubit in enumerate(q)],
                (cirq.X ** (0 * a + b / 5 if size == 1 else a)).on(q[1]), cirq.rx(b)(q[0]))
            operator = cirq.X(q[0]) * cirq.Y(q[1]) * 0.5 + cirq.Z(q[2]) * cirq.Y(q[1])
            with self.subTest(gate=str(gate)):
                ansatz = liescape.convert_circuit(circuit)
                ours = PauliSum.from_label("XYI", 0.5) + PauliSum.from_label("IYZ")
                theirs = self.loss(circuit, operator)
                turned = {name for note in ansatz.notes if "half-turns" in note
                          for name in note.split(" count")[0].split(", ")}
                # A text counts in radians what the circuit counts in half-turns.
                self.assert_same_loss(ansatz, ours, lambda v: theirs(
                    {k: x / math.pi if k in turned else x for k, x in v.items()}), 1e-6)

    def test_moments(self):
        import cirq
        import sympy
        a, b = sympy.symbols("a10 a2")
        q = cirq.GridQubit.rect(1, 2)
        circuit = cirq.Circuit(cirq.H(q[0]), cirq.rx(a)(q[0]), cirq.ry(b)(q[1]), cirq.CZ(*q),
                               cirq.rx(a)(q[1]), cirq.measure(*q))
        operator = cirq.Z(q[0]) + 0.5 * cirq.Y(q[0]) * cirq.Z(q[1])
        r = liescape.certify(circuit, operator)
        self.assertEqual(r.parameters, ["a2", "a10"])
        unmeasured = cirq.drop_terminal_measurements(circuit)[:-1]
        self.assert_moments(r.landscapes[0], self.loss(unmeasured, operator), ["a2", "a10"], 12)

    def test_half_turns(self):
        import cirq
        import sympy
        q = cirq.LineQubit(0)
        r = liescape.certify(cirq.Circuit((cirq.X ** sympy.Symbol("t"))(q)), cirq.Z(q))
        self.assertEqual(r.landscapes[0].finite_depth.gradient_variance, {"t": Fraction(1, 2)})
        self.assertTrue(any("half-turns" in note for note in r.notes))


@needs("braket")
class Braket(Toolkit):
    @staticmethod
    def loss(circuit):
        from braket.devices import LocalSimulator
        device = LocalSimulator()
        return lambda values: float(device.run(circuit, shots=0, inputs=values).result().values[0])

    def test_circuit(self):
        from braket.circuits import Circuit, FreeParameter, Observable
        theta, phi = FreeParameter("theta"), FreeParameter("phi")
        circuit = Circuit().h(0).rx(0, theta).rz(1, 2 * theta + 0.5).cnot(0, 3).xy(0, 1, phi / 3)
        circuit.zz(0, 3, theta * 3.0).phaseshift(1, phi).iswap(0, 1).ry(3, 0.7).v(1).si(3)
        circuit.rx(0, theta, control=1)
        circuit.expectation(Observable.Z() @ Observable.X(), [0, 3])
        ansatz = liescape.convert_circuit(circuit)
        ours, = ansatz.observables
        self.assertEqual(str(ours), "Z0 X2")
        self.assert_same_loss(ansatz, ours, self.loss(circuit))

    def test_moments(self):
        from braket.circuits import Circuit, FreeParameter, Observable
        theta, phi = FreeParameter("theta"), FreeParameter("phi")
        circuit = Circuit().h(0).rx(0, theta).ry(1, phi).cz(0, 1).rx(1, theta)
        r = liescape.certify(circuit, 2 * Observable.Z(0) @ Observable.Y(1)
                             + 0.5 * Observable.X(0))
        self.assertEqual(r.landscapes[0].observable, "1/2 X0 + 2 Z0 Y1")
        measured = circuit.copy().expectation(Observable.Z() @ Observable.Y(), [0, 1])
        r = liescape.certify(measured)
        self.assert_moments(r.landscapes[0], self.loss(measured), ["theta", "phi"], 8)

    def test_noise_is_refused(self):
        from braket.circuits import Circuit
        with self.assertRaisesRegex(liescape.ConversionError, "instruction 1"):
            liescape.convert_circuit(Circuit().h(0).bit_flip(0, 0.1))


@needs("openfermion")
class OpenFermion(Toolkit):
    def test_operators(self):
        from openfermion import FermionOperator, QubitOperator, hermitian_conjugated
        hop = [FermionOperator(f"{k}^ {k + 1}") for k in range(3)]
        generators = [one + hermitian_conjugated(one) for one in hop]
        excitations = [one - hermitian_conjugated(one) for one in hop]
        number = FermionOperator("0^ 0")
        r = liescape.certify(generators + [FermionOperator(f"{k}^ {k}") for k in range(4)],
                             number, state="bits 1100")
        # su(4) + u(1) on one particle: free fermions that keep their number.
        self.assertEqual(r.algebra.dimension, 16)
        self.assertEqual(r.landscapes[0].mean, Fraction(1, 2))
        rotations = liescape.certify(excitations, QubitOperator("Z0", 0.5), state="bits 1100")
        self.assertEqual(rotations.algebra.dimension, 6)  # so(4)
        self.assertIn("X", rotations.source)

    def test_not_hermitian(self):
        from openfermion import FermionOperator
        with self.assertRaisesRegex(liescape.ConversionError, "not Hermitian"):
            liescape.certify(["X0", "Z0"], FermionOperator("1^ 0"))


@needs("networkx")
class Networkx(Toolkit):
    def test_maxcut(self):
        import networkx
        graph = networkx.Graph()
        graph.add_weighted_edges_from([("a", "b", 1), ("b", "c", 2), ("c", "a", 2)])
        r = liescape.certify(graph, layers=1)
        ansatz = liescape.convert_circuit(graph, layers=1)
        self.assertEqual(r.parameters, ["gamma[0]", "beta[0]"])
        prepare = ansatz.text.replace("q;\n", "q;\nh q[0];\nh q[1];\nh q[2];\n", 1)
        plus = liescape.Ansatz(text=prepare, names=ansatz.names)
        cut = ansatz.observables[0]
        self.assert_moments(r.landscapes[0], lambda v: simulate.loss(plus, cut, v),
                            ["gamma[0]", "beta[0]"], 24, 1e-4)
        self.assertEqual(sorted(cut.terms.values()),
                         [Fraction(-5, 2), Fraction(1, 2), 1, 1])

    def test_ring(self):
        import networkx
        r = liescape.certify(networkx.cycle_graph(4), layers=2)
        self.assertEqual((len(r.parameters), r.algebra.dimension), (4, 11))


@needs("pandas", "matplotlib")
class Tables(unittest.TestCase):
    def test_frame_and_plot(self):
        import matplotlib
        matplotlib.use("Agg")
        r = liescape.certify(["X0", "Z0", "Z0 Z1", "X1"], "Z0")
        frame = r.to_frame()
        self.assertEqual(list(frame["parameter"]), ["X0", "Z0", "Z0 Z1", "X1"])
        exact = r.to_frame(exact=True)
        self.assertIsInstance(exact["deep_gradient_variance"][0], Fraction)
        axes = r.plot()
        self.assertIn("trainable", axes.get_title())


if __name__ == "__main__":
    unittest.main()
