"""Qiskit: circuits with Parameters, SparsePauliOp, Pauli, StabilizerState.

Circuits are unfolded gate by gate. `qasm3.dumps` is not used: it renames parameters,
writes composite gates whose formal parameters come in another order than they are called
with, and gate bodies that ignore them.
"""
from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Set

from .._errors import ConversionError
from ..ansatz import Ansatz
from ..pauli import PauliSum
from ..qasm import Angle, AngleLike, Writer

#: Qiskit's names of standard gates, and what they are called in the text.
_GATES = {name: name for name in """x y z h s sdg t tdg sx sxdg id rx ry rz p u1 u2 u3 u r
 cx cy cz ch cs csdg csx cp cu1 crx cry crz cu3 cu ccx ccz cswap swap iswap rxx ryy rzz
 rzx""".split()}
_NOTHING = {"barrier", "delay", "id", "save_expval", "snapshot", "global_phase"}
_DEPTH = 64


def is_operator(thing: Any) -> bool:
    return any(kind.__name__ in ("SparsePauliOp", "Pauli", "SparseObservable", "PauliList")
               for kind in type(thing).__mro__)


def operator(thing: Any, *, qubits: Mapping[object, int] = {}, generator: bool = False) -> PauliSum:
    """Qiskit's labels have qubit 0 rightmost."""
    kinds = {kind.__name__ for kind in type(thing).__mro__}
    total = PauliSum(num_qubits=thing.num_qubits)
    if "Pauli" in kinds:
        match = re.fullmatch(r"(-?)([IXYZ]+)", thing.to_label())
        if match is None:
            raise ConversionError(f"{thing.to_label()} is not Hermitian")
        return total + PauliSum.from_label(match[2], -1 if match[1] else 1, order="right")
    if "SparseObservable" in kinds:
        from qiskit.quantum_info import SparsePauliOp
        thing = SparsePauliOp.from_sparse_observable(thing)
    if "PauliList" in kinds:
        raise ConversionError("a PauliList is a list: give list(paulis), or a SparsePauliOp")
    for label, value in thing.to_list():
        total = total + PauliSum.from_label(label, value, order="right")
    return total


def state(thing: Any) -> str:
    """A StabilizerState, in dense words with qubit 0 leftmost."""
    if not any(kind.__name__ == "StabilizerState" for kind in type(thing).__mro__):
        raise ConversionError(f"of Qiskit's states StabilizerState is known, not "
                              f"{type(thing).__name__}; write others as text")
    words = [label[0] + label[:0:-1] for label in thing.clifford.to_labels(mode="S")]
    return "stabilizer " + " ".join(words)


def ansatz(circuit: Any, **options: Any) -> Ansatz:
    if not hasattr(circuit, "data") or not hasattr(circuit, "parameters"):
        raise ConversionError(f"a {type(circuit).__name__} is no QuantumCircuit")
    parameters = list(circuit.parameters)
    writer = Writer([p.name for p in parameters], circuit.num_qubits)
    unfolder = _Unfolder(writer, circuit)
    unfolder.circuit(circuit, list(range(circuit.num_qubits)), [])
    out = Ansatz(text=writer.text("from a Qiskit circuit"), format="qasm",
                 names=writer.original_names(), notes=unfolder.notes)
    out.qubits = {qubit: k for k, qubit in enumerate(circuit.qubits)}
    return out


class _Unfolder:
    def __init__(self, writer: Writer, circuit: Any) -> None:
        self.writer = writer
        self.notes: List[str] = []
        self.measured: Dict[int, str] = {}
        self.touched: Set[int] = set()

    def circuit(self, circuit: Any, qubits: List[int], path: List[str]) -> None:
        for position, item in enumerate(circuit.data):
            wires = [qubits[circuit.find_bit(q).index] for q in item.qubits]
            where = path + [f"instruction {position} ({item.operation.name})"]
            self.instruction(item.operation, wires, where)

    def instruction(self, op: Any, qubits: List[int], path: List[str]) -> None:
        name = op.name
        place = ", ".join(path) + f" on qubits {qubits}"
        if name in _NOTHING:
            return
        if name == "measure":
            self.measured[qubits[0]] = place
            return
        if name == "reset" and not self.touched.intersection(qubits):
            return  # it is zero there
        for qubit in qubits:
            if qubit in self.measured:
                raise ConversionError(f"{place} acts after a measurement of qubit {qubit}: only "
                                      "measurements at the end can be left out")
        if name == "reset":
            raise ConversionError(f"{place}: a reset in the middle is not unitary")
        if name == "for_loop":
            self._loop(op, qubits, path)
            return
        if getattr(op, "condition", None) is not None or hasattr(op, "blocks"):
            raise ConversionError(f"{place} depends on measured values, which is not unitary")
        if len(path) > _DEPTH:
            raise ConversionError(f"{place}: definitions are nested too deeply")
        self.touched.update(qubits)
        if self._standard(op, qubits, place):
            return
        if op.name == "PauliEvolution":
            self._note_order(op, place)
        definition = op.definition if getattr(op, "definition", None) is not None else None
        if definition is None:
            definition = _synthesized(op, place)
        self.circuit(definition, qubits, path)

    def _standard(self, op: Any, qubits: List[int], place: str) -> bool:
        """Written as it is: a gate that Qiskit itself defines under this name."""
        word = _GATES.get(op.name)
        base = str(getattr(op, "base_class", type(op)).__module__)
        if word is None or not base.startswith("qiskit.circuit.library.standard_gates"):
            return False
        control = getattr(op, "ctrl_state", None)
        if control is not None and control != 2 ** op.num_ctrl_qubits - 1:
            return False
        self.writer.gate(word, [_angle(p, place) for p in op.params], qubits)
        return True

    def _note_order(self, op: Any, place: str) -> None:
        """Its matrix is the exponential of the sum, its gates are a product formula."""
        many = op.operator if isinstance(op.operator, list) else [op.operator]
        if any(is_operator(one) and operator(one).anticommuting_pair() for one in many):
            self.notes.append(f"{place}: the strings do not commute; analysed is the product "
                              f"formula that Qiskit runs, {type(op.synthesis).__name__}")

    def _loop(self, op: Any, qubits: List[int], path: List[str]) -> None:
        indices, variable, body = op.params
        for index in indices:
            once = body if variable is None else body.assign_parameters({variable: index})
            self.circuit(once, qubits, path)


def _synthesized(op: Any, place: str) -> Any:
    """A circuit for what has no definition, by Qiskit's own synthesis."""
    from qiskit import QuantumCircuit, transpile
    single = QuantumCircuit(op.num_qubits)
    try:
        single.append(op, range(op.num_qubits))
        basis = ["x", "h", "s", "sdg", "t", "tdg", "rx", "ry", "rz", "p", "u", "cx", "cz", "rzz"]
        return transpile(single, basis_gates=basis, optimization_level=0)
    except Exception as error:
        raise ConversionError(f"{place} cannot be written as gates: {error}") from error


def _angle(value: Any, place: str) -> AngleLike:
    """Numbers and sums of parameters; sums are taken apart by derivatives, exactly."""
    parameters = getattr(value, "parameters", None)
    if not parameters:
        return float(value)
    terms: Dict[str, float] = {}
    for parameter in parameters:
        slope = value.gradient(parameter)
        if getattr(slope, "parameters", None):
            raise ConversionError(
                f"{place}: the angle {value} is not linear in {parameter.name}: it would not be "
                "uniform; make the angle a parameter of its own")
        terms[parameter.name] = _real(slope, place)
    rest = value.bind({parameter: 0 for parameter in parameters})
    return Angle(terms, _real(rest, place))


def _real(value: Any, place: str) -> float:
    number = complex(value)
    if number.imag:
        raise ConversionError(f"{place}: the angle {value} is not real")
    return number.real
