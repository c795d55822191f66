"""Sums of Pauli strings with exact coefficients; qubits are counted from 0."""
from __future__ import annotations

from fractions import Fraction
from typing import Any, Dict, Iterable, Mapping, Optional, Tuple

from ._errors import ConversionError
from .exact import number

#: Pairs of a qubit and one of X, Y, Z, by qubit.
Term = Tuple[Tuple[int, str], ...]


class PauliSum:
    """An operator; terms with coefficients other than 0, as Fractions."""

    def __init__(self, terms: Mapping[Term, Any] = {}, num_qubits: int = 0) -> None:
        self.terms: Dict[Term, Fraction] = {}
        #: At least this many qubits, acted on or not.
        self.num_qubits = num_qubits
        #: Exactly this many, where how it was written says so (labels, Qiskit).
        self.width: Optional[int] = None
        for term, value in terms.items():
            self.add(term, value)

    def add(self, term: Iterable[Tuple[int, str]], value: Any) -> None:
        """Adds value times the string."""
        key = tuple(sorted((qubit, letter) for qubit, letter in term if letter != "I"))
        if len({qubit for qubit, _ in key}) != len(key):
            raise ConversionError(f"a qubit occurs twice in {key}")
        total = self.terms.get(key, Fraction(0)) + number(real(value))
        if total:
            self.terms[key] = total
        else:
            self.terms.pop(key, None)
        self.num_qubits = max([self.num_qubits] + [qubit + 1 for qubit, _ in key])

    @classmethod
    def from_label(cls, label: str, value: Any = 1, *, order: str = "left") -> "PauliSum":
        """A dense label. Order "left": its leftmost letter is qubit 0; "right": its
        rightmost one, as in Qiskit."""
        letters = label[::-1] if order == "right" else label
        sum_ = cls(num_qubits=len(label))
        sum_.width = len(label)
        sum_.add(enumerate(letters), value)
        return sum_

    def anticommuting_pair(self) -> bool:
        """Whether two of the strings anticommute."""
        terms = [dict(term) for term in self.terms]
        return any(sum(b.get(q, p) != p for q, p in a.items()) % 2
                   for k, a in enumerate(terms) for b in terms[:k])

    def __add__(self, other: "PauliSum") -> "PauliSum":
        if None not in (self.width, other.width) and self.width != other.width:
            raise ConversionError(f"labels of {self.width} and of {other.width} qubits in one "
                                  "operator")
        total = PauliSum(self.terms, max(self.num_qubits, other.num_qubits))
        total.width = other.width if self.width is None else self.width
        for term, value in other.terms.items():
            total.add(term, value)
        return total

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, PauliSum) and self.terms == other.terms

    def __str__(self) -> str:
        """As expressions are written: "1/2 X0 X1 - Z3"."""
        text = ""
        for term, value in self.terms.items():
            sign = "-" if value < 0 else "+"
            size = "" if abs(value) == 1 else f"{abs(value)} "
            word = " ".join(f"{letter}{qubit}" for qubit, letter in term) or "I0"
            text += f" {sign} {size}{word}" if text else f"{'-' if value < 0 else ''}{size}{word}"
        return text or "0 I0"

    __repr__ = __str__


def real(value: Any) -> Any:
    """The number without an imaginary part that is zero."""
    imaginary = getattr(value, "imag", 0)
    if imaginary:
        raise ConversionError(f"the coefficient {value} is not real: the operator is not "
                              "Hermitian")
    return getattr(value, "real", value)
