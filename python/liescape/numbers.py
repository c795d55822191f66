"""Numbers of a certificate: exact ones, and balls that enclose what is no fraction."""
from __future__ import annotations

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


def read(value: Any) -> Optional[Number]:
    """What a member of a certificate says: null is None."""
    if value is None:
        return None
    if isinstance(value, dict) and "mid" in value:
        return Ball(Fraction(value["mid"]), Fraction(value["rad"]))
    if isinstance(value, bool):
        raise ValueError(f"{value} is no number")
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
