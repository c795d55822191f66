"""Angles written with sympy, as Cirq and Braket have them."""
from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import Any, Dict, List, Sequence, Tuple, Union

from .._errors import ConversionError
from ..exact import near, number
from ..qasm import Angle, Writer


def natural_order(names: Sequence[str]) -> List[str]:
    """a2 before a10."""
    def key(name: str) -> List[Tuple[int, Union[int, str]]]:
        return [(0, int(piece)) if piece.isdigit() else (1, piece)
                for piece in re.split(r"(\d+)", name) if piece]
    return sorted(names, key=key)


def angle(value: Any, place: str, *, half_turns: bool = False) -> Angle:
    """The angle in radians; half_turns: value is one in units of pi."""
    if not getattr(value, "free_symbols", None):
        x = _float(value, place)
        return _turns(x) if half_turns else Angle(constant=x)
    import sympy
    expression = sympy.expand(value)
    terms: Dict[str, Fraction] = {}
    pi_terms: Dict[str, Fraction] = {}
    rest = expression
    for symbol in expression.free_symbols:
        slope = expression.coeff(symbol, 1)
        if slope.free_symbols:
            raise _not_linear(value, symbol, place)
        rest = sympy.expand(rest - slope * symbol)
        amount, in_pi = _amount(slope * sympy.pi if half_turns else slope, place)
        (pi_terms if in_pi else terms)[str(symbol)] = amount
    if rest.free_symbols:
        raise _not_linear(value, next(iter(rest.free_symbols)), place)
    out = _turns(_float(rest, place)) if half_turns else Angle(constant=_float(rest, place))
    out.terms, out.pi_terms = terms, pi_terms
    return out


def _not_linear(value: Any, symbol: Any, place: str) -> ConversionError:
    return ConversionError(f"{place}: the angle {value} is not linear in {symbol}: it would not "
                           "be uniform; make the angle a parameter of its own")


def _turns(x: float) -> Angle:
    small = Fraction(x).limit_denominator(4096)
    out = Angle(constant=math.pi * x)
    if float(small) == x:
        out.turns, out.constant = small, Fraction(0)
    return out


def _amount(value: Any, place: str) -> Tuple[Fraction, bool]:
    """A number, and whether it is one in units of pi."""
    import sympy
    if value.is_Rational:
        return Fraction(int(value.p), int(value.q)), False
    ratio = sympy.nsimplify(value / sympy.pi) if not value.atoms(sympy.Float) else None
    if ratio is not None and ratio.is_Rational:
        return Fraction(int(ratio.p), int(ratio.q)), True
    x = _float(value, place)
    for in_pi, size in ((False, x), (True, x / math.pi)):
        small = near(size, 1e-14)
        if small.denominator <= 4096:
            return small, in_pi
    return number(x), False


def _float(value: Any, place: str) -> float:
    try:
        x = complex(value)
    except (TypeError, ValueError) as error:
        raise ConversionError(f"{place}: {value!r} is no angle") from error
    if x.imag:
        raise ConversionError(f"{place}: the angle {value} is not real")
    return x.real


def half_turn_note(writer: Writer) -> List[str]:
    turned = writer.count_half_turns()
    if not turned:
        return []
    return [f"{', '.join(turned)} {'counts' if len(turned) == 1 else 'count'} half-turns: "
            "gradients are with respect to the angle in radians, pi times it"]
