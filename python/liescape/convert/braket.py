"""Amazon Braket: circuits with FreeParameters, observables, Expectation results."""
from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from .._errors import ConversionError
from ..ansatz import Ansatz
from ..pauli import PauliSum
from ..qasm import AngleLike, Writer
from .symbolic import angle, half_turn_note, natural_order

_GATE = re.compile(r"(?P<head>(?:[a-z]+(?:\([^)]*\))? @ )*)(?P<name>\w+)(?:\((?P<args>.*)\))? "
                   r"(?P<qubits>q\[\d+\](?:, q\[\d+\])*);")


def is_operator(thing: Any) -> bool:
    from braket.circuits import Observable
    return isinstance(thing, Observable)


def operator(thing: Any, *, qubits: Mapping[object, int] = {}, generator: bool = False) -> PauliSum:
    return _sum(thing, None, qubits)


def _sum(thing: Any, targets: Optional[Sequence[Any]], qubits: Mapping[object, int]) -> PauliSum:
    kind = type(thing).__name__
    if targets is None:
        targets = list(thing.targets) if thing.targets else None
    total = PauliSum()
    if kind == "Sum":
        for k, one in enumerate(thing.summands):
            of_one = None if targets is None or not isinstance(targets[0], (list, tuple)) \
                else targets[k]
            for term, value in _sum(one, of_one, qubits).terms.items():
                total.add(term, value)
        return total
    factors = list(thing.factors) if kind == "TensorProduct" else [thing]
    if targets is None:
        targets = list(range(len(factors)))
    if len(targets) != len(factors):
        raise ConversionError(f"{thing} acts on {len(factors)} qubits, not {len(targets)}")
    word: List[Tuple[int, str]] = []
    for factor, target in zip(factors, targets):
        letter = type(factor).__name__
        if letter not in ("I", "X", "Y", "Z"):
            raise ConversionError(f"{letter} is no Pauli matrix; a sum of Pauli strings is")
        number = int(target)
        if qubits and number not in qubits:
            raise ConversionError(f"qubit {number} does not occur in the circuit")
        word.append((qubits.get(number, number), letter))
    total.add(word, float(thing.coefficient))
    return total


def ansatz(circuit: Any, **options: Any) -> Ansatz:
    if not hasattr(circuit, "instructions"):
        raise ConversionError(f"a {type(circuit).__name__} of Braket is no circuit")
    names = natural_order([str(parameter) for parameter in circuit.parameters])
    order = sorted(int(qubit) for qubit in circuit.qubits)
    numbers: Dict[object, int] = {qubit: k for k, qubit in enumerate(order)}
    writer = Writer(names, len(order))
    for k, instruction in enumerate(circuit.instructions):
        _write(writer, instruction, numbers, f"instruction {k} ({instruction.operator.name})")
    notes = half_turn_note(writer)
    if order != list(range(len(order))):
        notes.append(f"qubits {order} are counted 0..{len(order) - 1}")
    out = Ansatz(text=writer.text("from a Braket circuit"), format="qasm",
                 names=writer.original_names(), notes=notes, qubits=numbers)
    for result in circuit.result_types:
        if type(result).__name__ in ("Expectation", "AdjointGradient"):
            out.observables.append(_sum(result.observable, _targets(result), numbers))
    return out


def _targets(result: Any) -> Optional[List[Any]]:
    if not result.target:
        return None
    if type(result.observable).__name__ == "Sum":
        return [list(target) for target in result.target]
    return list(result.target)


def _write(writer: Writer, instruction: Any, numbers: Mapping[object, int], place: str) -> None:
    """Braket's own line of OpenQASM 3, with angles and qubits written anew."""
    kind = type(instruction.operator).__name__
    if kind == "Measure" or kind.endswith("CompilerDirective") or kind == "Barrier":
        return
    line = instruction.to_ir(ir_type=_openqasm(), serialization_properties=_properties())
    match = _GATE.fullmatch(line.strip())
    if match is None:
        raise ConversionError(f"{place} is no gate without noise: {line}")
    own = list(getattr(instruction.operator, "parameters", []))
    angles: List[AngleLike] = [angle(getattr(value, "expression", value), place) for value in own]
    if len(angles) != (len(match["args"].split(",")) if match["args"] else 0):
        raise ConversionError(f"{place}: the angles of {line} are not understood")
    qubits = [numbers[int(k)] for k in re.findall(r"q\[(\d+)\]", match["qubits"])]
    writer.gate(match["head"] + match["name"], angles, qubits)


def _openqasm() -> Any:
    from braket.circuits.serialization import IRType
    return IRType.OPENQASM


def _properties() -> Any:
    from braket.circuits.serialization import OpenQASMSerializationProperties
    return OpenQASMSerializationProperties()
