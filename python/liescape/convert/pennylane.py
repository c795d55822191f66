"""PennyLane: QNodes, tapes and operators.

PennyLane's circuits hold numbers. What they share is found by calling the QNode with
several numbers: every angle of a gate must be a constant plus multiples of parameters,
the multiples are read off, and two random points confirm them. Gates whose generator
consists of commuting strings are written as rotations about these.
"""
from __future__ import annotations

import inspect
import random
from fractions import Fraction
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from .._errors import ConversionError
from ..affine import affine_forms
from ..ansatz import Ansatz
from ..pauli import PauliSum
from ..qasm import Angle, AngleLike, Writer
from .pennylane_args import Slots
from .pennylane_gates import Shape, Unfolder, from_sentence


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
    return from_sentence(sentence, qubits)


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
    slots = Slots(args, _argument_names(function, everything=True))
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
        unfolder = Unfolder(numbers)
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
