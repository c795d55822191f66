"""Texts, paths and lists of generators."""
from __future__ import annotations

import os
import re
from typing import Any, Dict, List, Sequence, Union

from .._errors import ConversionError
from ..ansatz import Ansatz
from ..pauli import PauliSum

_DENSE = re.compile(r"([+-]?)([IXYZ]+)")


def from_text(thing: Union[str, "os.PathLike[str]"]) -> Ansatz:
    """A text has a line feed or begins like one; anything else is a path."""
    if isinstance(thing, str):
        body = thing.lstrip()
        if body.startswith("OPENQASM") or "\n" in thing and "include" in thing:
            return Ansatz(text=thing, format="qasm")
        if "\n" in thing or body.startswith("qubits "):
            is_qasm = re.search(r"^\s*(OPENQASM|qubit\[|qubit |qreg |include )", thing, re.M)
            return Ansatz(text=thing, format="qasm" if is_qasm else "ops")
        if _DENSE.fullmatch(thing.strip()) and not os.path.exists(thing):
            raise ConversionError(f"{thing!r} is neither a file nor a circuit; generators come "
                                  f"in a list: [{thing!r}]")
    return Ansatz(path=os.fspath(thing))


def operator_from_text(text: str, *, order: str = "left", value: Any = 1) -> Any:
    """A dense label becomes a PauliSum; expressions are left to the program."""
    if order not in ("left", "right"):
        raise ConversionError('order is "left" (the leftmost letter of a label is qubit 0) or '
                              '"right" (the rightmost is, as in Qiskit)')
    match = _DENSE.fullmatch(text.strip())
    if match is None:
        return text
    return PauliSum.from_label(match[2], -value if match[1] == "-" else value, order=order)


def from_generators(generators: Sequence[Any], labels: Sequence[str] = ()) -> Ansatz:
    """Each is one family exp(-i theta H) with a parameter of its own, which is called by
    its label, or by how it is written."""
    num_qubits = 0
    lines: List[str] = []
    widths = {one.width: str(one) for one in generators
              if isinstance(one, PauliSum) and one.width is not None}
    if len(widths) > 1:
        (w, one), (v, other) = sorted(widths.items())[:2]
        raise ConversionError(f"the generator {one} is on {w} qubits, {other} on {v}: a dense label "
                              "has a letter for each qubit")
    for one in generators:
        text = str(one)
        if isinstance(one, PauliSum):
            num_qubits = max(num_qubits, one.num_qubits)
        else:
            if "\n" in text or ";" in text:
                raise ConversionError(f"a generator is one line, not {text!r}")
            indices = [int(k) for k in re.findall(r"[XYZI]\s*(\d+)", text)]
            if not indices:
                raise ConversionError(
                    f"{text!r} is no operator: write a dense label ('XXI', its leftmost letter "
                    "is qubit 0) or letters with indices ('X0 X1 + 1/2 Z2')")
            num_qubits = max([num_qubits] + [k + 1 for k in indices])
        lines.append(f"generator {text}")
    names: Dict[str, str] = {}
    for k, one in enumerate(generators):
        name = str(labels[k] if labels else one)
        names[f"p{k}"] = name if name not in names.values() else f"{name} ({k})"
    return Ansatz(text="\n".join([f"qubits {num_qubits}"] + lines) + "\n", format="ops",
                  names=names)
