"""A result as Jupyter shows it: the verdict first, then this circuit, then the rest."""
from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, List, Tuple

from .numbers import short

if TYPE_CHECKING:
    from .landscape import Landscape
    from .result import Result

_MARK = {"yes": "#2e7d32", "no": "#c62828", "undecided": "#ef6c00"}
_MOST_ROWS = 40


def page(result: "Result") -> str:
    parts = ['<div style="max-width:60em">']
    for landscape in result.landscapes:
        parts.append(_landscape(landscape, len(result.landscapes) > 1))
    algebra = result.algebra
    bound = "at most " if result.upper_bound else ""
    proved = "proved" if algebra.proved else "not proved"
    parts.append(_table([
        ("ansatz", f"{result.num_qubits} qubits, {len(result.parameters)} parameters"),
        ("Lie algebra", f"{algebra.name}, dimension {bound}{algebra.dimension} ({proved})")]))
    parts += [f"<p><small>{escape(note)}</small></p>" for note in result.notes]
    if not result.complete:
        parts.append("<p><small>A limit was reached, or something could not be decided; the "
                     "certificate says what.</small></p>")
    return "".join(parts) + "</div>"


def _landscape(one: "Landscape", with_title: bool) -> str:
    verdict = one.verdict
    color = _MARK.get(verdict.trainable, "inherit")
    parts = []
    if with_title:
        parts.append(f"<h4>{escape(one.observable)} on {escape(one.state)}</h4>")
    parts.append(f'<p><b style="color:{color}">trainable: {escape(verdict.trainable)}</b><br>'
                 f"{escape(verdict.because)}"
                 + (f"<br>next: {escape(verdict.next)}" if verdict.next else "") + "</p>")
    own, shots = one.finite_depth, verdict.shots_per_gradient
    parts.append(_table([
        ("observable, input", f"{one.observable} on {one.state}"),
        ("this circuit", f"mean {short(own.mean)}, variance {short(own.variance)}"),
        ("deep circuit", f"mean {short(one.mean)}, variance {short(one.variance)}"),
        ("shots per gradient", f"{_shots(shots.typical)} typical, {_shots(shots.worst)} worst")]))
    parts.append(_gradients(one))
    return "".join(parts)


def _shots(value: Any) -> str:
    return short(value if value is None else float(value))


def _gradients(one: "Landscape") -> str:
    own = one.finite_depth.gradient_variance or {}
    deep = one.gradient_variance or {}
    names = list(own or deep)
    if not names:
        return ""
    rows = [f"<tr><td>{escape(name)}</td><td>{short(own.get(name))}</td>"
            f"<td>{short(deep.get(name))}</td></tr>" for name in names[:_MOST_ROWS]]
    if len(names) > _MOST_ROWS:
        rows.append(f"<tr><td colspan=3>and {len(names) - _MOST_ROWS} more</td></tr>")
    return ("<details><summary>variance of each derivative</summary><table><tr><th>parameter"
            "</th><th>this circuit</th><th>deep circuit</th></tr>" + "".join(rows)
            + "</table></details>")


def _table(rows: List[Tuple[str, Any]]) -> str:
    return "<table>" + "".join(
        f'<tr><td style="text-align:left">{escape(key)}</td>'
        f'<td style="text-align:left">{escape(str(value))}</td></tr>'
        for key, value in rows) + "</table>"
