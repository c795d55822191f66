"""Which angle is which multiple of which parameter, found by trying numbers."""
from __future__ import annotations

import random
from typing import Any, Callable, Dict, List, Sequence, Tuple

from ._errors import ConversionError
from .exact import near, number
from .qasm import Angle

#: The structure of a circuit and its angles at a point.
Evaluate = Callable[[Sequence[float]], Tuple[List[Any], List[float]]]
_TOLERANCE = 1e-9


def affine_forms(evaluate: Evaluate,
                 names: Sequence[str]) -> Tuple[List[Any], List[float], List[Angle]]:
    """(structure, angles at 0, angles as sums of parameters). Raises ConversionError when
    the structure depends on the numbers or an angle is no such sum."""
    count = len(names)
    shapes, base = evaluate([0.0] * count)
    step = [_at(evaluate, shapes, [1.0] * count)[k] - base[k] for k in range(len(base))]
    slopes: List[Dict[int, float]] = [{} for _ in base]
    index = [0] * len(base)
    whole = [True] * len(base)  # all of the step comes from one parameter, as far as seen
    for bit in range(max(count - 1, 0).bit_length()):
        angles = _at(evaluate, shapes, [float(k >> bit & 1) for k in range(count)])
        for k, angle in enumerate(angles):
            if _close(angle - base[k], step[k]):
                index[k] |= 1 << bit
            elif not _close(angle, base[k]):
                whole[k] = False
    for k, size in enumerate(step):
        if not _close(size, 0) and whole[k] and index[k] < count:
            slopes[k] = {index[k]: size}
    draw = random.Random(2)
    points = [[draw.uniform(-1, 1) for _ in names] for _ in range(2)]
    values = [_at(evaluate, shapes, point) for point in points]
    wrong = _disagreeing(base, slopes, points, values)
    if wrong:
        for j in range(count):
            angles = _at(evaluate, shapes, [float(i == j) for i in range(count)])
            for k in wrong:
                if j == 0:
                    slopes[k] = {}
                if not _close(angles[k], base[k]):
                    slopes[k][j] = angles[k] - base[k]
        wrong = _disagreeing(base, slopes, points, values)
    if wrong:
        raise ConversionError(
            f"the angle of {_describe(shapes, wrong[0])} is no sum of multiples of parameters: "
            "it would not be uniform; make it a parameter of its own")
    forms = [Angle({names[j]: _clean(size, base[k]) for j, size in slopes[k].items()}, base[k])
             for k in range(len(base))]
    return shapes, base, forms


def _at(evaluate: Evaluate, shapes: List[Any], point: Sequence[float]) -> List[float]:
    found, angles = evaluate(point)
    if found != shapes:
        raise ConversionError("which gates the circuit has depends on the numbers in it")
    return angles


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= _TOLERANCE * max(1.0, abs(a), abs(b))


def _disagreeing(base: Sequence[float], slopes: Sequence[Any], points: Sequence[Sequence[float]],
                 values: Sequence[Sequence[float]]) -> List[int]:
    return [k for k in range(len(base))
            if not all(_close(value[k], base[k] + sum(size * point[j]
                                                      for j, size in slopes[k].items()))
                       for point, value in zip(points, values))]


def _clean(size: float, base: float) -> Any:
    """A difference from a base that is 0 is exact."""
    return number(size) if base == 0 else near(size)


def _describe(shapes: Sequence[Any], angle: int) -> str:
    at = 0
    for position, shape in enumerate(shapes):
        if at + shape[3] > angle:
            return f"gate {position} ({shape[1]} on {shape[2]})"
        at += shape[3]
    return f"angle {angle}"
