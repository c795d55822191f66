"""Floating-point numbers of other packages, written so that they are read exactly."""
from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

#: Numerators and denominators up to here are taken for what somebody meant.
_SMALL = 4096


def number(value: Any) -> Fraction:
    """The fraction that somebody meant by a float: 0.1 is 1/10, 0.3333333333333333 is
    1/3. A float that is no small fraction is its shortest decimal."""
    if isinstance(value, (int, Fraction)):
        return Fraction(value)
    x = float(value)
    if not math.isfinite(x):
        raise ValueError(f"{x} is no finite number")
    small = Fraction(x).limit_denominator(_SMALL)
    if float(small) == x:
        return small
    return Fraction(repr(x))


def near(value: Any, tolerance: float = 1e-12) -> Fraction:
    """The same for a float that comes out of some operations: the simplest fraction within
    the tolerance, else 12 digits."""
    x = float(value)
    small = Fraction(x).limit_denominator(_SMALL)
    if abs(small - Fraction(x)) <= tolerance * max(1.0, abs(x)):
        return small
    return Fraction(f"{x:.12g}")


def multiple_of_pi(value: Any) -> "Fraction | None":
    """value/pi when it is a multiple of pi/48 up to the rounding of some operations
    (4 units of the last digit), else None. 0 is one."""
    x = float(value)
    k = round(x / math.pi * 48)
    return Fraction(k, 48) if abs(x - k * (math.pi / 48)) <= 4 * math.ulp(x) else None

