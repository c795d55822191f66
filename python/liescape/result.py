"""What `certify` found: the certificate, member by member, exact."""
from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Optional, Sequence

from .landscape import Json, Landscape, Part
from .numbers import Ball, short
from .states import Operators, States

if TYPE_CHECKING:
    from .ansatz import Ansatz
    from .reports import CheckReport, VerifyReport


def _integer(text: Any) -> Optional[int]:
    return None if text is None else int(text)


@dataclass(frozen=True)
class Ideal:
    type: str
    name: str
    dimension: int
    rank: int
    count: int


@dataclass(frozen=True)
class Sector:
    dimension: int
    multiplicity: int
    count: int
    field: str


class Algebra(Part):
    """The dynamical Lie algebra."""

    @property
    def dimension(self) -> Optional[int]:
        return _integer(self.data.get("dimension"))

    @property
    def center(self) -> Optional[int]:
        return _integer(self.data.get("center"))

    @property
    def proved(self) -> bool:
        return bool(self.data.get("proved"))

    @property
    def ideals(self) -> List[Ideal]:
        return [Ideal(i["type"], i["name"], int(i["dimension"]), int(i["rank"]), int(i["count"]))
                for i in self.data.get("ideals") or []]

    @property
    def name(self) -> str:
        """Its isomorphism class, "su(2) + su(2) + u(1)"."""
        parts = [i.name if i.count == 1 else f"{i.count} {i.name}" for i in self.ideals]
        if self.center:
            parts.append("u(1)" if self.center == 1 else f"{self.center} u(1)")
        return " + ".join(parts) or ("unknown" if self.dimension else "0")

    def __repr__(self) -> str:
        return (f"<Algebra {self.name}, dimension {self.dimension}, "
                f"{'proved' if self.proved else 'not proved'}>")


class Result:
    """Everything that was proved about an ansatz.

    Exact numbers are `fractions.Fraction`, numbers known within bounds are
    `liescape.Ball`, and what is not known is None, with `.reason` beside it.
    """

    def __init__(self, certificate: Json, ansatz: Optional["Ansatz"] = None, *,
                 complete: bool = True, options: Sequence[str] = ()) -> None:
        self.certificate = certificate
        #: False when a limit was reached, or something could not be decided.
        self.complete = complete
        self._ansatz = ansatz
        self._options = tuple(options)
        self.parameters: List[str] = _names(certificate, ansatz)

    # --- what the certificate says ---

    @property
    def notes(self) -> List[str]:
        own = self._ansatz.notes if self._ansatz is not None else []
        return list(own) + list(self.certificate.get("ansatz", {}).get("notes") or [])

    @property
    def num_qubits(self) -> int:
        return int(self.certificate["ansatz"]["qubits"])

    @property
    def upper_bound(self) -> bool:
        """Whether the algebra is that of a larger circuit; `notes` say why."""
        return bool(self.certificate["ansatz"].get("upper_bound"))

    @property
    def algebra(self) -> Algebra:
        return Algebra(self.certificate.get("algebra"))

    @property
    def sectors(self) -> List[Sector]:
        return [Sector(int(s["dimension"]), int(s["multiplicity"]), int(s["count"]),
                       str(s["field"])) for s in self.certificate.get("sectors") or []]

    @property
    def landscapes(self) -> List[Landscape]:
        said = self.certificate.get("ansatz", {}).get("parameter_names") or []
        return [Landscape(one, self.parameters, dict(zip(said, self.parameters)))
                for one in self.certificate.get("landscapes") or []]

    @property
    def verdict(self) -> str:
        """"yes", "no" or "undecided": is the first landscape trainable?"""
        landscapes = self.landscapes
        return landscapes[0].verdict.trainable if landscapes else "undecided"

    @property
    def because(self) -> str:
        landscapes = self.landscapes
        return landscapes[0].verdict.because if landscapes else "there is no observable"

    @property
    def source(self) -> Optional[str]:
        """The OpenQASM 3 program or operator file that was analysed."""
        text = self.certificate.get("ansatz", {}).get("source", {}).get("text")
        return None if text is None else str(text)

    @property
    def operators(self) -> Operators:
        """With `operators=True`: the centre and what commutes with every generator."""
        return Operators(self.certificate.get("operators"))

    @property
    def expressibility(self) -> List[States]:
        """With `expressibility=True`: one for each input state."""
        return [States(one) for one in self.certificate.get("expressibility") or []]

    @property
    def kernel(self) -> Optional[Json]:
        """With several inputs: the mean neural tangent kernel, "deep" and "finite_depth"."""
        return self.certificate.get("kernel")

    @property
    def growth(self) -> Optional[Json]:
        return self.certificate.get("growth")

    def to_json(self, **keywords: Any) -> str:
        return json.dumps(self.certificate, **keywords)

    def save(self, path: Any) -> None:
        """The certificate, for `liescape check PATH` or somebody else."""
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.to_json(indent=1) + "\n")

    # --- further commands ---

    def verify(self, **options: Any) -> "VerifyReport":
        """Tries to refute every prediction by sampled landscapes."""
        from . import verify
        return verify(self, **options)

    def check(self, **options: Any) -> "CheckReport":
        """Proves the exact claims again by another way."""
        from . import check
        return check(self, **options)

    # --- tables and pictures ---

    def rows(self) -> List[Dict[str, Any]]:
        """One row per landscape and parameter."""
        return [row for one in self.landscapes for row in _rows(one, self.parameters)]

    def to_frame(self, exact: bool = False) -> Any:
        """The rows as a pandas.DataFrame; floats unless exact."""
        import pandas
        rows = self.rows()
        if not exact:
            rows = [{key: float(value) if isinstance(value, (Fraction, Ball)) else value
                     for key, value in row.items()} for row in rows]
        return pandas.DataFrame(rows)

    def plot(self, axes: Any = None, landscape: int = 0) -> Any:
        """Draws the variance of each derivative with matplotlib; returns the axes."""
        from ._plot import plot_gradients
        return plot_gradients(self.landscapes[landscape], axes)

    def _repr_html_(self) -> str:
        from ._html import page
        return page(self)

    def __repr__(self) -> str:
        algebra = self.algebra
        bound = "at most " if self.upper_bound else ""
        return (f"<liescape.Result {self.num_qubits} qubits, {len(self.parameters)} parameters, "
                f"{algebra.name} of dimension {bound}{algebra.dimension}, "
                f"trainable {self.verdict}>")

    def __str__(self) -> str:
        lines = [f"trainable: {self.verdict}"]
        if self.because:
            lines.append(f"  {self.because}")
        follow = self.landscapes[0].verdict.next if self.landscapes else None
        if follow:
            lines.append(f"  next: {follow}")
        bound = "at most " if self.upper_bound else ""
        lines.append(f"{self.num_qubits} qubits, {len(self.parameters)} parameters; algebra "
                     f"{self.algebra.name}, dimension {bound}{self.algebra.dimension}"
                     + ("" if self.algebra.proved
                        else f" (not proved: {self.algebra.reason})"))
        for one in self.landscapes:
            own = one.finite_depth
            line = (f"{one.observable} on {one.state}: deep circuit: mean {short(one.mean)}, "
                    f"variance {short(one.variance)}")
            if own.mean is not None or own.variance is not None:
                line += f"; this circuit: mean {short(own.mean)}, variance {short(own.variance)}"
            lines.append(line)
        lines += [f"note: {note}" for note in self.notes]
        return "\n".join(lines)


def _rows(one: Landscape, names: Sequence[str]) -> Iterator[Dict[str, Any]]:
    deep = one.gradient_variance or {}
    own = one.finite_depth.gradient_variance or {}
    for name in deep or own or names:
        yield {"observable": one.observable, "state": one.state, "parameter": name,
               "gradient_variance": own.get(name), "deep_gradient_variance": deep.get(name)}


def _names(certificate: Json, ansatz: Optional["Ansatz"]) -> List[str]:
    """By the order of the gradients: the names that the user gave, if known."""
    about = certificate.get("ansatz") or {}
    said = about.get("parameter_names")
    if ansatz is not None and ansatz.names:
        if said is not None and any(name in ansatz.names for name in said):
            return [ansatz.names.get(name, name) for name in said]
        if said is None or len(said) == len(ansatz.names):
            return list(ansatz.names.values())
    if said is not None:
        return [str(name) for name in said]
    return [f"p{k}" for k in range(int(about.get("parameters") or 0))]


class Sweep:
    """A family: one Result per value, and how the numbers grow."""

    def __init__(self, certificate: Json, ansatz: Optional["Ansatz"], complete: bool) -> None:
        self.certificate = certificate
        self.complete = complete
        rows = certificate.get("sweep") or []
        self.values: List[Any] = [row.get("value", row.get("set")) for row in rows]
        self.results = [Result(row.get("certificate", row), ansatz, complete=complete)
                        for row in rows]

    @property
    def growth(self) -> Any:
        return self.certificate.get("growth")

    def __len__(self) -> int:
        return len(self.results)

    def __iter__(self) -> Iterator[Result]:
        return iter(self.results)

    def __getitem__(self, index: int) -> Result:
        return self.results[index]
