"""OpenFermion: QubitOperator and FermionOperator (by its Jordan-Wigner transformation).

An anti-Hermitian operator A, as coupled cluster has them, generates exp(theta A): that is
exp(-i theta H) with H = i A.
"""
from __future__ import annotations

from typing import Any, Mapping

from .._errors import ConversionError
from ..ansatz import Ansatz
from ..pauli import PauliSum


def is_operator(thing: Any) -> bool:
    return hasattr(thing, "terms")


def operator(thing: Any, *, qubits: Mapping[object, int] = {}, generator: bool = False) -> PauliSum:
    name = type(thing).__name__
    if name in ("FermionOperator", "InteractionOperator", "MajoranaOperator"):
        import openfermion
        thing = openfermion.jordan_wigner(thing)
    elif name != "QubitOperator":
        raise ConversionError(f"a {name} is neither a QubitOperator nor a FermionOperator")
    values = {term: complex(value) for term, value in thing.terms.items()}
    values = {term: value for term, value in values.items() if value}
    if generator and values and all(value.real == 0 for value in values.values()):
        values = {term: 1j * value for term, value in values.items()}
    try:
        return PauliSum({tuple(term): value for term, value in values.items()})
    except ConversionError as error:
        raise ConversionError(f"{error}; add its Hermitian conjugate "
                              "(openfermion.hermitian_conjugated)") from None


def ansatz(thing: Any, **options: Any) -> Ansatz:
    raise ConversionError(f"a {type(thing).__name__} of OpenFermion is no circuit")
