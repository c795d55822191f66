"""PennyLane's operations as gates of the text, and as rotations about strings."""
from __future__ import annotations

import math
from typing import Any, Dict, List, Mapping, Optional, Tuple

from .._errors import ConversionError
from ..pauli import PauliSum

#: Gates that the text knows under another name, without parameters and with.
_FIXED = {"PauliX": "x", "PauliY": "y", "PauliZ": "z", "Hadamard": "h", "S": "s", "T": "t",
          "SX": "sx", "Adjoint(S)": "sdg", "Adjoint(T)": "tdg", "Adjoint(SX)": "sxdg",
          "CNOT": "cx", "CY": "cy", "CZ": "cz", "CH": "ch", "SWAP": "swap", "ISWAP": "iswap",
          "Toffoli": "ccx", "CCZ": "ccz", "CSWAP": "cswap"}
_TURNING = {"RX": "rx", "RY": "ry", "RZ": "rz", "PhaseShift": "p", "U1": "p",
            "ControlledPhaseShift": "cp", "CPhase": "cp", "CRX": "crx", "CRY": "cry",
            "CRZ": "crz"}
_NOTHING = {"Identity", "Barrier", "WireCut", "Snapshot", "GlobalPhase", "I"}
_DEPTH = 32

#: A gate and its qubits, or a rotation about a string; its angles come apart from it.
Shape = Tuple[Any, ...]


class Unfolder:
    def __init__(self, numbers: Mapping[object, int]) -> None:
        self.numbers = numbers
        self.shapes: List[Shape] = []
        self.angles: List[float] = []

    def unfold(self, op: Any, place: str, depth: int) -> None:
        name = op.name
        if name in _NOTHING:
            return
        if depth > _DEPTH:
            raise ConversionError(f"{place}: decompositions are nested too deeply")
        if getattr(op, "batch_size", None) is not None:
            raise ConversionError(f"{place} has a whole array of angles: broadcasting is not "
                                  "one circuit")
        if type(op).__name__ in ("MidMeasure", "MidMeasureMP", "Conditional", "MeasurementValue"):
            raise ConversionError(f"{place}: measurements within a circuit are not unitary")
        qubits = tuple(self.numbers[wire] for wire in op.wires)
        if name in _FIXED:
            self.shapes.append(("gate", _FIXED[name], qubits, 0))
        elif name in _TURNING:
            self.shapes.append(("gate", _TURNING[name], qubits, 1))
            self.angles.append(_float(op.data[0], place))
        elif name in ("BasisState", "BasisEmbedding"):
            bits = [int(bit) for bit in (op.data[0] if op.data else op.parameters[0])]
            self.shapes += [("gate", "x", (q,), 0) for q, bit in zip(qubits, bits) if bit]
        elif not self._as_rotations(op, place):
            for part in _decomposed(op, place):
                self.unfold(part, place, depth + 1)

    def _as_rotations(self, op: Any, place: str) -> bool:
        """exp(i angle G) with commuting strings, when the operation is that."""
        generator = _commuting_generator(op)
        if generator is None:
            return False
        for term, value in generator.terms.items():
            if not term:
                continue  # a global phase
            string = tuple((self.numbers[op.wires[k]], letter) for k, letter in term)
            self.shapes.append(("rotation", string, None, 1, str(-2 * value)))
            self.angles.append(_float(op.data[-1], place))
        return True


_known_generators: Dict[Any, Optional[PauliSum]] = {}


def _commuting_generator(op: Any) -> Optional[PauliSum]:
    """G, its qubits numbered within the operation; compared with its matrix once for each
    kind of operation."""
    if len(op.data) != 1 or not getattr(op, "has_generator", False) or len(op.wires) > 6:
        return None
    key = (type(op), len(op.wires), str(op.hyperparameters.get("pauli_word", "")))
    plain = type(op).__module__.startswith("pennylane.ops.qubit")
    if plain and key in _known_generators:
        return _known_generators[key]
    generator = _find_generator(op)
    if plain:
        _known_generators[key] = generator
    return generator


def _find_generator(op: Any) -> Optional[PauliSum]:
    try:
        sentence = op.generator().pauli_rep
        if sentence is None and len(op.wires) <= 4:  # a matrix, or projectors
            import pennylane as qml
            sentence = qml.pauli_decompose(qml.matrix(op.generator(), wire_order=op.wires),
                                           wire_order=op.wires, pauli=True)
        if sentence is None:
            return None
        generator = from_sentence(sentence, {w: k for k, w in enumerate(op.wires)})
        if generator.anticommuting_pair() or not op.has_matrix:
            return None
        return generator if _is_exponential(op, generator) else None
    except Exception:  # whatever a foreign class does: it is decomposed instead
        return None


def _is_exponential(op: Any, generator: PauliSum) -> bool:
    import numpy
    letters = {"I": numpy.eye(2), "X": numpy.array([[0, 1], [1, 0]]),
               "Y": numpy.array([[0, -1j], [1j, 0]]), "Z": numpy.diag([1, -1])}
    size = len(op.wires)
    out: Any = numpy.eye(2 ** size, dtype=complex)
    angle = float(op.data[-1])
    for term, value in generator.terms.items():
        word = numpy.eye(1)
        for k in range(size):
            word = numpy.kron(word, letters[dict(term).get(k, "I")])
        x = angle * float(value)
        out = (math.cos(x) * numpy.eye(2 ** size) + 1j * math.sin(x) * word) @ out
    return bool(numpy.allclose(out, numpy.asarray(op.matrix()), atol=1e-10))


def _decomposed(op: Any, place: str) -> List[Any]:
    try:
        if op.has_decomposition:
            return list(op.decomposition())
        import pennylane as qml
        tape = qml.tape.QuantumScript([op])
        gates = set(_FIXED) | set(_TURNING) | {"PauliRot", "MultiRZ", "GlobalPhase"}
        tapes: Any = qml.transforms.decompose(tape, gate_set=gates)[0]
        out = tapes[0]
        if len(out.operations) != 1 or out.operations[0].name != op.name:
            return list(out.operations)
    except Exception as error:
        raise ConversionError(f"{place}: {op.name} cannot be decomposed: {error}") from error
    raise ConversionError(f"{place}: {op.name} has no decomposition into gates")


def from_sentence(sentence: Any, qubits: Mapping[object, int]) -> PauliSum:
    """Of a PauliSentence; without numbers of wires, wires are numbers."""
    total = PauliSum()
    for word, value in sentence.items():
        total.add([(_qubit(wire, qubits), letter) for wire, letter in word.items()],
                  complex(value))
    return total


def _qubit(wire: Any, qubits: Mapping[object, int]) -> int:
    if wire in qubits:
        return qubits[wire]
    if isinstance(wire, int) and not qubits:
        return wire
    raise ConversionError(f"wire {wire!r} does not occur in the circuit" if qubits else
                          f"wire {wire!r} has no number; give the circuit it belongs to")


def _float(value: Any, place: str) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise ConversionError(f"{place}: {value!r} is no angle") from error
