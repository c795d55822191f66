"""The variance of each derivative, drawn with matplotlib."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, List

if TYPE_CHECKING:
    from .landscape import Landscape

_MOST_LABELS = 40


def plot_gradients(landscape: "Landscape", axes: Any = None) -> Any:
    """Dots: this circuit at its own depth; a line: the deep circuit. Zeros are crosses at
    the foot of the logarithmic axis."""
    import matplotlib.pyplot as pyplot
    if axes is None:
        axes = pyplot.subplots(figsize=(7, 3.5), layout="constrained")[1]
    own = landscape.finite_depth.gradient_variance or {}
    deep = landscape.gradient_variance or {}
    names: List[str] = list(own or deep)
    values = {"this circuit": [own.get(name) for name in names],
              "deep circuit": [deep.get(name) for name in names]}
    positive = [float(value) for row in values.values() for value in row
                if value is not None and float(value) > 0]
    foot = min(positive) / 3 if positive else 1.0
    for (label, row), mark in zip(values.items(), ("o", "_")):
        at = [k for k, value in enumerate(row) if value is not None and float(value) > 0]
        if at:
            axes.plot(at, [float(row[k] or 0) for k in at], mark, label=label)
    dead = [k for k, value in enumerate(values["this circuit"])
            if value is not None and float(value) == 0]
    if dead:
        axes.plot(dead, [foot] * len(dead), "x", color="tab:red", label="zero: no influence")
    axes.set_yscale("log")
    axes.set_ylabel("E[(dl/dtheta)^2]")
    axes.set_title(f"{landscape.observable} on {landscape.state}: "
                   f"trainable {landscape.verdict.trainable}", fontsize="medium", wrap=True)
    if len(names) <= _MOST_LABELS:
        axes.set_xticks(range(len(names)), names, rotation=90, fontsize="small")
    else:
        axes.set_xlabel("parameter")
    if positive or dead:
        axes.legend(fontsize="small")
    return axes
