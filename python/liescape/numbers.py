"""Numbers of a certificate: exact ones, and balls that enclose what is no fraction."""
from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Optional, Union


@dataclass(frozen=True)
class Ball:
    """A number within ``rad`` of ``mid``; both are exact."""

    mid: Fraction
    rad: Fraction

    def __float__(self) -> float:
        return float(self.mid)

    def __contains__(self, number: Any) -> bool:
        return abs(Fraction(number) - self.mid) <= self.rad

    def __repr__(self) -> str:
        return f"Ball({float(self.mid):.17g} +- {float(self.rad):.2g})"


Number = Union[Fraction, Ball]


_DIGITS = 49
_PI = Fraction(31415926535897932384626433832795028841971693993751, 10 ** _DIGITS)
_TERM = re.compile(r"([+-]?)\s*(\d+(?:/\d+)?)(?:\*sqrt\((\d+)\))?")


def _closed_form(text: str) -> Ball:
    """"9*pi^2", "1/2 + 1/4*sqrt(2)", "(1 - 1/4*sqrt(2))*pi^2"."""
    body = text[:-len("*pi^2")] if text.endswith("*pi^2") else text
    total = Fraction(0)
    for sign, coefficient, root in _TERM.findall(body):
        term = Fraction(coefficient)
        if root:
            term *= Fraction(math.isqrt(int(root) * 10 ** (2 * _DIGITS)), 10 ** _DIGITS)
        total += -term if sign == "-" else term
    if body != text:
        total *= _PI ** 2
    return Ball(total, (abs(total) + 1) / 10 ** (_DIGITS - 10))


def read(value: Any) -> Optional[Number]:
    """What a member of a certificate says: null is None."""
    if value is None:
        return None
    if isinstance(value, dict) and "mid" in value:
        return Ball(Fraction(value["mid"]), Fraction(value["rad"]))
    if isinstance(value, bool):
        raise ValueError(f"{value} is no number")
    if isinstance(value, str) and ("sqrt" in value or "pi" in value):
        return _closed_form(value)
    return Fraction(value)


def short(value: Any, digits: int = 4) -> str:
    """For people: a short fraction as it is, else a decimal."""
    if value is None:
        return "unknown"
    if isinstance(value, Fraction):
        text = str(value)
        if len(text) <= 9:
            return text
    if isinstance(value, (Fraction, Ball, float)):
        try:
            return f"{float(value):.{digits}g}"
        except OverflowError:
            return _huge(Fraction(value) if not isinstance(value, Ball) else value.mid, digits)
    return str(value)


def _huge(value: Fraction, digits: int) -> str:
    whole = abs(value.numerator) // value.denominator
    power = len(str(whole)) - 1
    lead = Fraction(whole, 10 ** power)
    sign = "-" if value < 0 else ""
    return f"{sign}{float(lead):.{digits}g}e+{power}"
