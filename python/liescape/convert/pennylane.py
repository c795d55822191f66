"""PennyLane: QNodes, tapes and operators.

PennyLane's circuits hold numbers. What they share is found by calling the QNode with
several numbers: every angle of a gate must be a constant plus multiples of parameters,
the multiples are read off, and two random points confirm them. Gates whose generator
consists of commuting strings are written as rotations about these.
"""
from __future__ import annotations

import inspect
import math
import random
from fractions import Fraction
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from .._errors import ConversionError
from ..affine import affine_forms
from ..ansatz import Ansatz
from ..pauli import PauliSum
from ..qasm import Angle, AngleLike, Writer

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


def is_operator(thing: Any) -> bool:
    import pennylane as qml
    return (isinstance(thing, qml.operation.Operator) and
            getattr(thing, "pauli_rep", None) is not None) or \
        isinstance(thing, (qml.pauli.PauliSentence, qml.pauli.PauliWord))


def operator(thing: Any, *, qubits: Mapping[object, int] = {}, generator: bool = False) -> PauliSum:
    import pennylane as qml
    sentence = thing if isinstance(thing, qml.pauli.PauliSentence) else \
        qml.pauli.PauliSentence({thing: 1}) if isinstance(thing, qml.pauli.PauliWord) else \
        thing.pauli_rep
    if sentence is None:
        raise ConversionError(f"{thing} is no sum of Pauli strings")
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


# --- circuits -----------------------------------------------------------------------------


def ansatz(thing: Any, *, args: Any = None, kwargs: Optional[Mapping[str, Any]] = None,
           share_equal_angles: Optional[bool] = None, **options: Any) -> Ansatz:
    if hasattr(thing, "operations") and hasattr(thing, "measurements"):
        return _of_tape(thing, list(thing.wires), share_equal_angles)
    if not callable(thing):
        raise ConversionError(f"{thing!r} is neither a QNode nor a tape")
    function = getattr(thing, "func", thing)
    names = _argument_names(function)
    if args is None:
        if names:
            raise ConversionError(
                f"the QNode takes arguments: give some of the right shape, args=({names[0]}, "
                "...); only their shapes matter, not their numbers")
        args = ()
    if not isinstance(args, tuple):
        args = (args,)
    make = _tape_maker(thing, dict(kwargs or {}))
    device = getattr(thing, "device", None)
    wires = list(device.wires) if device is not None and device.wires else None
    slots = _Slots(args, _argument_names(function, everything=True))
    if not slots.names:
        tape = make(args)
        return _of_tape(tape, wires or list(tape.wires), share_equal_angles)
    return _build(slots.names, lambda point: make(slots.filled(point)), wires)


def _argument_names(function: Any, everything: bool = False) -> List[str]:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    return [p.name for p in parameters
            if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
            and (everything or p.default is p.empty)]


def _tape_maker(thing: Any, kwargs: Dict[str, Any]) -> Callable[[Tuple[Any, ...]], Any]:
    import pennylane as qml
    if not hasattr(thing, "device"):
        return lambda args: qml.tape.make_qscript(thing)(*args, **kwargs)
    if hasattr(qml, "workflow") and hasattr(qml.workflow, "construct_tape"):
        return lambda args: qml.workflow.construct_tape(thing, level="user")(*args, **kwargs)

    def constructed(args: Tuple[Any, ...]) -> Any:
        thing.construct(args, kwargs)
        return thing.qtape
    return constructed


class _Slots:
    """The trainable numbers within arguments."""

    def __init__(self, args: Sequence[Any], names: Sequence[str]) -> None:
        self.args = args
        self.names: List[str] = []
        leaves = [leaf for k, arg in enumerate(args)
                  for leaf in _leaves(arg, names[k] if k < len(names) else f"arg{k}")]
        marked = any(getattr(value, "requires_grad", None) is True for _, value in leaves)
        self._chosen = {name: _is_chosen(value, marked) for name, value in leaves}
        self._shapes: Dict[str, Tuple[int, ...]] = {}
        for name, value in leaves:
            if self._chosen[name]:
                shape = tuple(int(size) for size in getattr(value, "shape", ()))
                self._shapes[name] = shape
                self.names += list(_element_names(name, shape))
        self._argument_names = [names[k] if k < len(names) else f"arg{k}"
                                for k in range(len(args))]

    def filled(self, point: Sequence[float]) -> Tuple[Any, ...]:
        values = iter(point)
        return tuple(self._fill(arg, name, values)
                     for arg, name in zip(self.args, self._argument_names))

    def _fill(self, arg: Any, name: str, values: Iterator[float]) -> Any:
        if isinstance(arg, (list, tuple)):
            return type(arg)(self._fill(one, f"{name}[{k}]", values)
                             for k, one in enumerate(arg))
        if isinstance(arg, dict):
            return {key: self._fill(one, f"{name}[{key}]", values) for key, one in arg.items()}
        if not self._chosen[name]:
            return arg
        shape = self._shapes[name]
        if not shape and isinstance(arg, (int, float)):
            return next(values)
        import pennylane as qml
        filled = qml.numpy.array([next(values) for _ in range(math.prod(shape))],
                                 requires_grad=True).reshape(shape)
        like = qml.math.get_interface(arg)
        if like in ("autograd", "numpy", "builtins"):
            return filled
        return qml.math.asarray(filled.numpy(), like=like)


def _leaves(arg: Any, name: str) -> Iterator[Tuple[str, Any]]:
    if isinstance(arg, (list, tuple)):
        for k, one in enumerate(arg):
            yield from _leaves(one, f"{name}[{k}]")
    elif isinstance(arg, dict):
        for key, one in arg.items():
            yield from _leaves(one, f"{name}[{key}]")
    else:
        yield name, arg


def _is_chosen(value: Any, marked: bool) -> bool:
    """Floats, and of numbers with marks the marked ones."""
    if marked:
        return getattr(value, "requires_grad", None) is True
    if isinstance(value, bool) or isinstance(value, (str, int, bytes)) or value is None:
        return False
    kind = str(getattr(value, "dtype", ""))
    return isinstance(value, float) or "float" in kind


def _element_names(name: str, shape: Tuple[int, ...]) -> Iterator[str]:
    if not shape:
        yield name
        return
    for flat in range(math.prod(shape)):
        index = []
        for size in reversed(shape):
            index.append(str(flat % size))
            flat //= size
        yield f"{name}[{','.join(reversed(index))}]"


# --- tapes ------------------------------------------------------------------------------------


def _of_tape(tape: Any, wires: List[Any], share: Optional[bool]) -> Ansatz:
    """Each trainable number of a gate is a parameter."""
    places = _trainable_places(tape)
    values = [float(tape.operations[k].data[j]) for k, j in places]
    groups = _groups(tape, places, values, share)
    names = [_place_name(tape, places[members[0]]) for members in groups]
    group_of = {member: g for g, members in enumerate(groups) for member in members}

    def make(point: Sequence[float]) -> Any:
        import pennylane as qml
        operations = []
        for k, op in enumerate(tape.operations):
            data = list(op.data)
            for index, place in enumerate(places):
                if place[0] == k:
                    data[place[1]] = point[group_of[index]]
            operations.append(qml.ops.functions.bind_new_parameters(op, data) if data else op)
        return qml.tape.QuantumScript(operations, tape.measurements)
    out = _build(names, make, wires)
    if places and share is None:
        out.notes.append("a tape holds numbers: each is taken for a parameter of its own; hand "
                         "in the QNode with args=... to keep what parameters share")
    return out


def _trainable_places(tape: Any) -> List[Tuple[int, int]]:
    """(operation, number in it). Coefficients of Hamiltonians are none."""
    everything = [(k, j) for k, op in enumerate(tape.operations) for j in range(len(op.data))]
    scalar = [(k, j) for k, j in everything
              if getattr(tape.operations[k].data[j], "shape", ()) in ((), None)]
    marked = [(k, j) for k, j in scalar
              if getattr(tape.operations[k].data[j], "requires_grad", None) is True]
    if marked:
        return marked
    said = set(tape.trainable_params)
    if len(said) < len(list(tape.get_parameters(trainable_only=False))):
        return [place for index, place in enumerate(everything)
                if index in said and place in scalar]
    return [(k, j) for k, j in scalar if not _is_coefficient(tape.operations[k], j)]


def _is_coefficient(op: Any, place: int) -> bool:
    if op.name in ("ApproxTimeEvolution", "TrotterProduct", "QDrift", "CommutingEvolution"):
        return place != len(op.data) - 1
    return op.name in ("StatePrep", "BasisState", "QubitUnitary")


def _groups(tape: Any, places: Sequence[Tuple[int, int]], values: Sequence[float],
            share: Optional[bool]) -> List[List[int]]:
    if share is False:
        return [[k] for k in range(len(places))]
    equal: Dict[float, List[int]] = {}
    for k, value in enumerate(values):
        equal.setdefault(value, []).append(k)
    if share:
        return sorted(equal.values())
    for value, members in equal.items():
        if len(members) > 1:
            raise ConversionError(
                f"{_place_name(tape, places[members[0]])} and "
                f"{_place_name(tape, places[members[1]])} are both {value:g}, and a tape does "
                "not tell whether they are one parameter: hand in the QNode with args=..., or "
                "say share_equal_angles=True or False")
    return [[k] for k in range(len(places))]


def _place_name(tape: Any, place: Tuple[int, int]) -> str:
    op = tape.operations[place[0]]
    which = f".{place[1]}" if len(op.data) > 1 and not _is_coefficient(op, 0) else ""
    return f"{op.name}{which} #{place[0]}"


# --- gates ------------------------------------------------------------------------------------


def _build(names: Sequence[str], make: Callable[[Sequence[float]], Any],
           wires: Optional[Sequence[Any]]) -> Ansatz:
    draw = random.Random(1)
    tape = make([draw.uniform(0.1, 1) for _ in names])
    numbers = _wire_numbers(wires, tape)

    def flat(point: Sequence[float]) -> Tuple[List[Shape], List[float]]:
        unfolder = _Unfolder(numbers)
        for k, op in enumerate(make(point).operations):
            unfolder.unfold(op, f"operation {k} ({op.name})", 0)
        return unfolder.shapes, unfolder.angles

    shapes, places, forms = affine_forms(flat, names)
    writer = Writer(names, len(numbers))
    at = 0
    for shape in shapes:
        kind, word, qubits, count = shape[:4]
        angles: List[AngleLike] = [forms[at + k] for k in range(count)]
        at += count
        if kind == "gate":
            writer.gate(word, angles, qubits)
        else:
            factor = Fraction(shape[4])
            form = angles[0]
            assert isinstance(form, Angle)
            writer.rotation(word, form.scaled(factor))
    out = Ansatz(text=writer.text("from a PennyLane circuit"), format="qasm",
                 names=writer.original_names(), qubits=dict(numbers))
    for measurement in tape.measurements:
        observable = getattr(measurement, "obs", None)
        if type(measurement).__name__ == "ExpectationMP" and observable is not None:
            out.observables.append(operator(observable, qubits=numbers))
    return out


def _wire_numbers(wires: Optional[Sequence[Any]], tape: Any) -> Dict[object, int]:
    """Those of the device in its order; else whole numbers in theirs, else by tape."""
    if wires is None:
        wires = list(tape.wires)
    if all(isinstance(wire, int) for wire in wires) and wires:
        wires = sorted(wires)
    return {wire: k for k, wire in enumerate(wires)}


class _Unfolder:
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
        generator = operator(sentence, qubits={w: k for k, w in enumerate(op.wires)})
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
    out = numpy.eye(2 ** size, dtype=complex)
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
        (out,), _ = qml.transforms.decompose(tape, gate_set=gates)
        if len(out.operations) != 1 or out.operations[0].name != op.name:
            return list(out.operations)
    except Exception as error:
        raise ConversionError(f"{place}: {op.name} cannot be decomposed: {error}") from error
    raise ConversionError(f"{place}: {op.name} has no decomposition into gates")


def _float(value: Any, place: str) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise ConversionError(f"{place}: {value!r} is no angle") from error
