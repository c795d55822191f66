"""Writes OpenQASM 3 in which parameters keep their names and what they share."""
from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple, Union

from ._errors import ConversionError
from .exact import multiple_of_pi, number
from .pauli import PauliSum

#: Names that mean something else in the text.
_TAKEN = set("""pi tau euler U CX gphase include input output const qubit bit bool int uint
 float angle complex array gate def cal defcal defcalgrammar extern box let break continue
 end if else for while in return pragma inv pow ctrl negctrl measure barrier reset delay
 stretch duration qreg creg opaque void true false sizeof sin cos tan arcsin arccos arctan
 exp log sqrt ceiling floor mod popcount rotl rotr q c h x y z s t p id i u u0 u1 u2 u3 rx
 ry rz cx cy cz ch cp crx cry crz cu swap ccx cswap sx sdg tdg qubits sum prod zero plus
 ghz mixed bits v r xx yy zz xy ms ecr dcx iswap""".split())


class Angle:
    """constant + pi times multiple + sum of coefficients times parameters."""

    def __init__(self, terms: Mapping[str, Any] = {}, constant: Any = 0,
                 pi_terms: Mapping[str, Any] = {}) -> None:
        self.terms = {name: number(value) for name, value in terms.items() if value}
        #: Coefficients in units of pi.
        self.pi_terms = {name: number(value) for name, value in pi_terms.items() if value}
        turns = multiple_of_pi(constant)
        self.turns = turns if turns is not None else Fraction(0)
        self.constant = number(constant) if turns is None else Fraction(0)

    def scaled(self, factor: Fraction) -> "Angle":
        out = Angle()
        out.terms = {name: factor * value for name, value in self.terms.items()}
        out.pi_terms = {name: factor * value for name, value in self.pi_terms.items()}
        out.turns, out.constant = factor * self.turns, factor * self.constant
        return out

    def text(self, names: Mapping[str, str]) -> str:
        parts = [(value, names[name]) for name, value in self.terms.items()]
        parts += [(value, f"pi*{names[name]}") for name, value in self.pi_terms.items()]
        if self.turns:
            parts.append((self.turns, "pi"))
        text = "".join(_product(value, word) for value, word in parts)
        if self.constant:
            text += ("-" if self.constant < 0 else "+") + _decimal(abs(self.constant))
        return text.lstrip("+") or "0"


def _product(value: Fraction, word: str) -> str:
    sign = "-" if value < 0 else "+"
    top, bottom = abs(value.numerator), value.denominator
    if top > 10 ** 9 or bottom > 10 ** 9:
        return f"{sign}{_decimal(abs(value))}*{word}"
    return f"{sign}{'' if top == 1 else f'{top}*'}{word}{'' if bottom == 1 else f'/{bottom}'}"


def _decimal(value: Fraction) -> str:
    """A decimal fraction that is the same number, else a quotient."""
    for digits in range(40):
        scaled = value * 10 ** digits
        if scaled.denominator == 1:
            text = str(scaled.numerator).rjust(digits + 1, "0")
            return f"{text[:len(text) - digits]}.{text[len(text) - digits:] or '0'}"
    return f"{value.numerator}/{value.denominator}"


class Names:
    """Words of the text for names that people use: arrays where there are some."""

    def __init__(self, names: Sequence[str]) -> None:
        #: From a name to what stands for it.
        self.word: Dict[str, str] = {}
        #: Lines that declare them, in the order given.
        self.declarations: List[str] = []
        self._used = set(_TAKEN)
        if len(set(names)) != len(names):
            twice = next(name for k, name in enumerate(names) if name in names[:k])
            raise ConversionError(f"two parameters are called {twice}")
        arrays = _arrays(names)
        for name in names:
            base = _element(name)[0]
            if base in arrays:
                if arrays[base][0] == name:
                    word = self._new(base)
                    size = len(arrays[base])
                    self.declarations.append(f"input array[float[64], {size}] {word};")
                    for k, element in enumerate(arrays[base]):
                        self.word[element] = f"{word}[{k}]"
                continue
            self.word[name] = self._new(name)
            self.declarations.append(f"input float[64] {self.word[name]};")

    def _new(self, name: str) -> str:
        word = re.sub(r"[^A-Za-z0-9_\u0370-\u03ff]+", "_", name).strip("_") or "p"
        if word[0].isdigit():
            word = f"p_{word}"
        while word in self._used:
            word += "_"
        self._used.add(word)
        return word


def _element(name: str) -> Tuple[str, int]:
    match = re.fullmatch(r"(.*\S)\[(\d+)\]", name)
    return (match[1], int(match[2])) if match and "[" not in match[1] else ("", 0)


def _arrays(names: Sequence[str]) -> Dict[str, List[str]]:
    """Those whose elements 0, 1, ... all occur, one right after the other."""
    groups: Dict[str, List[str]] = {}
    for k, name in enumerate(names):
        base, index = _element(name)
        if not base:
            continue
        group = groups.setdefault(base, [])
        if index != len(group) or (group and names[k - 1] != group[-1]):
            group.append("")  # not in one piece
        group.append(name)
    return {base: group for base, group in groups.items() if "" not in group}


_TO_Z = {"X": (["h"], ["h"]), "Y": (["sdg", "h"], ["h", "s"]), "Z": ([], [])}
AngleLike = Union[Angle, str, float, int, Fraction]


class Writer:
    """A program, gate by gate."""

    def __init__(self, parameters: Sequence[str], num_qubits: int) -> None:
        self.names = Names(parameters)
        self.num_qubits = num_qubits
        #: (gate, angles, qubits) in order; written when the text is asked for.
        self.gates: List[Tuple[str, List["AngleLike"], Tuple[int, ...]]] = []

    def gate(self, name: str, angles: Iterable[AngleLike], qubits: Iterable[int]) -> None:
        """A gate of the standard library. Angles that are text are written as they are."""
        self.gates.append((name, list(angles), tuple(qubits)))

    def _line(self, name: str, angles: Sequence[AngleLike], qubits: Sequence[int]) -> str:
        written = ", ".join(self._angle(angle) for angle in angles)
        wires = ", ".join(f"q[{qubit}]" for qubit in qubits)
        return f"{name}{f'({written})' if written else ''} {wires};"

    def _angle(self, angle: AngleLike) -> str:
        if isinstance(angle, str):
            return angle
        if not isinstance(angle, Angle):
            angle = Angle(constant=angle)
        return angle.text(self.names.word)

    def rotation(self, string: Sequence[Tuple[int, str]], angle: AngleLike) -> None:
        """exp(-i angle/2 P). The gates around it are Clifford gates."""
        if not string:
            return
        qubits = [qubit for qubit, _ in string]
        for qubit, letter in string:
            for name in _TO_Z[letter][0]:
                self.gate(name, [], [qubit])
        for a, b in zip(qubits, qubits[1:]):
            self.gate("cx", [], [a, b])
        self.gate("rz", [angle], [qubits[-1]])
        for a, b in reversed(list(zip(qubits, qubits[1:]))):
            self.gate("cx", [], [a, b])
        for qubit, letter in string:
            for name in _TO_Z[letter][1]:
                self.gate(name, [], [qubit])

    def exponential(self, generator: PauliSum, angle: Angle) -> None:
        """exp(-i angle H) for strings that commute with each other; exact up to a
        global phase."""
        if generator.anticommuting_pair():
            raise ConversionError(f"the strings of {generator} do not commute")
        for term, value in generator.terms.items():
            self.rotation(term, angle.scaled(2 * value))

    def text(self, comment: Optional[str] = None) -> str:
        head = ["OPENQASM 3.0;", 'include "stdgates.inc";']
        if comment:
            head.insert(0, f"// {comment}")
        head += self.names.declarations + [f"qubit[{self.num_qubits}] q;"]
        return "\n".join(head + [self._line(*gate) for gate in self.gates]) + "\n"

    def count_half_turns(self) -> List[str]:
        """Parameters that occur in units of pi only are counted in radians from now on;
        which ones. The program has no exact number for gradients in half-turns."""
        angles = [angle for _, some, _ in self.gates for angle in some
                  if isinstance(angle, Angle)]
        in_radians = {name for angle in angles for name in angle.terms}
        turned = {name for angle in angles for name in angle.pi_terms} - in_radians
        for angle in {id(angle): angle for angle in angles}.values():
            for name in turned.intersection(angle.pi_terms):
                angle.terms[name] = angle.pi_terms.pop(name)
        return [name for name in self.names.word if name in turned]

    def original_names(self) -> Dict[str, str]:
        """From the words of the text to the names that were given, in their order."""
        return {word: name for name, word in self.names.word.items()}
