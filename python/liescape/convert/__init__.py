"""Objects of other packages to texts and operators, by the package that they come from.

A package is imported only when an object of it is handed in.
"""
from __future__ import annotations

import importlib
import os
from types import ModuleType
from typing import Any, List, Mapping, Optional, Sequence

from .._errors import ConversionError
from ..ansatz import Ansatz
from ..pauli import PauliSum
from .text import from_generators, from_text, operator_from_text

#: From the first part of a class's module to the converter.
_PACKAGES = {"qiskit": "qiskit", "pennylane": "pennylane", "cirq": "cirq", "braket": "braket",
             "openfermion": "openfermion", "networkx": "networkx"}


def converter(thing: Any) -> Optional[ModuleType]:
    """The module for the package of the class of an object, or of a base of it."""
    for kind in type(thing).__mro__:
        name = _PACKAGES.get(kind.__module__.split(".")[0])
        if name:
            return importlib.import_module(f"{__name__}.{name}")
    return None


def is_operator(thing: Any) -> bool:
    module = converter(thing)
    return module is not None and bool(module.is_operator(thing))


def to_ansatz(thing: Any, options: Mapping[str, Any]) -> Ansatz:
    """A circuit, a graph, generators, text or a path."""
    if isinstance(thing, Ansatz):
        return thing
    if isinstance(thing, (str, os.PathLike)):
        return from_text(thing)
    module = converter(thing)
    if module is not None and not module.is_operator(thing):
        ansatz: Ansatz = module.ansatz(thing, **options)
        if not ansatz.names:
            ansatz.notes.append("the circuit has no parameters: hand it in before numbers are "
                                "bound to them")
        return ansatz
    if module is not None or isinstance(thing, (PauliSum, Mapping)):
        return from_generators([operator(thing, options, generator=True)])
    if isinstance(thing, Sequence) or hasattr(thing, "__iter__"):
        generators = list(thing)
        if not generators:
            raise ConversionError("there are no generators")
        return from_generators([operator(one, options, generator=True) for one in generators],
                               [_label(one) for one in generators])
    raise ConversionError(f"a {_kind(thing)} is neither a circuit nor generators that liescape "
                          "knows")


def _kind(thing: Any) -> str:
    module = type(thing).__module__
    return ("" if module == "builtins" else f"{module}.") + type(thing).__qualname__


def _label(thing: Any) -> str:
    return thing if isinstance(thing, str) else str(operator(thing, {}, generator=True))


def operator(thing: Any, options: Mapping[str, Any], *, generator: bool = False,
             qubits: Mapping[object, int] = {}) -> Any:
    """A PauliSum; a text with indices in it, for the program, stays text.

    qubits: numbers of wires, sites or nodes, as the circuit has them.
    """
    order = options.get("order", "left")
    if isinstance(thing, PauliSum):
        return thing
    if isinstance(thing, str):
        return operator_from_text(thing, order=order)
    if isinstance(thing, Mapping) and converter(thing) is None:
        total = PauliSum()
        for label, value in thing.items():
            one = operator_from_text(label, order=order, value=value)
            if not isinstance(one, PauliSum):
                raise ConversionError(f"{label!r}: keys of a dict are dense labels like 'XXI'")
            total = total + one
        return total
    module = converter(thing)
    if module is None or not module.is_operator(thing):
        hint = ""
        if isinstance(thing, tuple) and thing and isinstance(thing[0], str):
            hint = '; a sum of labels is a dict, {"ZZ": 1, "XX": 0.5}'
        raise ConversionError(f"a {_kind(thing)} is no operator that liescape knows{hint}")
    return module.operator(thing, qubits=qubits, generator=generator)


def to_observables(thing: Any, options: Mapping[str, Any], ansatz: Ansatz) -> List[str]:
    """One, or a list of them."""
    if thing is None:
        return []
    many = thing if isinstance(thing, (list, tuple)) else [thing]
    return [str(_fitting(operator(one, options, qubits=ansatz.qubits), ansatz)) for one in many]


def _fitting(one: Any, ansatz: Ansatz) -> Any:
    """The operator, which is on as many qubits as the circuit where it says on how many."""
    width, number = getattr(one, "width", None), ansatz.num_qubits
    if None not in (width, number) and width != number:
        raise ConversionError(f"the observable {one} is on {width} qubits, the circuit on {number}")
    return one


def to_states(thing: Any, options: Mapping[str, Any]) -> List[str]:
    if thing is None:
        return []
    many = thing if isinstance(thing, (list, tuple)) else [thing]
    states = []
    for one in many:
        if isinstance(one, str):
            states.append(one)
            continue
        module = converter(one)
        if module is None or not hasattr(module, "state"):
            raise ConversionError(f"a {type(one).__qualname__} is no state that liescape knows; "
                                  "states are texts such as 'plus' or 'bits 0101'")
        states.append(module.state(one))
    return states
