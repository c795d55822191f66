"""The numbers within what a QNode is called with."""
from __future__ import annotations

import math
from typing import Any, Dict, Iterator, List, Sequence, Tuple


class Slots:
    """The trainable numbers within arguments."""

    def __init__(self, args: Sequence[Any], names: Sequence[str]) -> None:
        self.args = args
        self.names: List[str] = []
        leaves = [leaf for k, arg in enumerate(args)
                  for leaf in _leaves(arg, names[k] if k < len(names) else f"arg{k}")]
        marked = any(getattr(value, "requires_grad", None) is True for _, value in leaves)
        self._chosen = {name: _is_chosen(value, marked) for name, value in leaves}
        self._shapes: Dict[str, Tuple[int, ...]] = {}
        for name, value in leaves:
            if self._chosen[name]:
                shape = tuple(int(size) for size in getattr(value, "shape", ()))
                self._shapes[name] = shape
                self.names += list(_element_names(name, shape))
        self._argument_names = [names[k] if k < len(names) else f"arg{k}"
                                for k in range(len(args))]

    def filled(self, point: Sequence[float]) -> Tuple[Any, ...]:
        values = iter(point)
        return tuple(self._fill(arg, name, values)
                     for arg, name in zip(self.args, self._argument_names))

    def _fill(self, arg: Any, name: str, values: Iterator[float]) -> Any:
        if isinstance(arg, (list, tuple)):
            return type(arg)(self._fill(one, f"{name}[{k}]", values)
                             for k, one in enumerate(arg))
        if isinstance(arg, dict):
            return {key: self._fill(one, f"{name}[{key}]", values) for key, one in arg.items()}
        if not self._chosen[name]:
            return arg
        shape = self._shapes[name]
        if not shape and isinstance(arg, (int, float)):
            return next(values)
        import pennylane as qml
        filled = qml.numpy.array([next(values) for _ in range(math.prod(shape))],
                                 requires_grad=True).reshape(shape)
        like = qml.math.get_interface(arg)
        if like in ("autograd", "numpy", "builtins"):
            return filled
        return qml.math.asarray(filled.numpy(), like=like)


def _leaves(arg: Any, name: str) -> Iterator[Tuple[str, Any]]:
    if isinstance(arg, (list, tuple)):
        for k, one in enumerate(arg):
            yield from _leaves(one, f"{name}[{k}]")
    elif isinstance(arg, dict):
        for key, one in arg.items():
            yield from _leaves(one, f"{name}[{key}]")
    else:
        yield name, arg


def _is_chosen(value: Any, marked: bool) -> bool:
    """Floats, and of numbers with marks the marked ones."""
    if marked:
        return getattr(value, "requires_grad", None) is True
    if isinstance(value, bool) or isinstance(value, (str, int, bytes)) or value is None:
        return False
    kind = str(getattr(value, "dtype", ""))
    return isinstance(value, float) or "float" in kind


def _element_names(name: str, shape: Tuple[int, ...]) -> Iterator[str]:
    if not shape:
        yield name
        return
    for flat in range(math.prod(shape)):
        index = []
        for size in reversed(shape):
            index.append(str(flat % size))
            flat //= size
        yield f"{name}[{','.join(reversed(index))}]"
