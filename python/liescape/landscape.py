"""The loss of one observable on one input state, member by member of the certificate."""
from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from .numbers import Number, read, short

Json = Mapping[str, Any]


class Part:
    """A member of a certificate. Whatever has no attribute is read by [...]."""

    def __init__(self, data: Optional[Json]) -> None:
        self.data: Json = data or {}

    def __getitem__(self, key: str) -> Any:
        return self.data[key]

    @property
    def reason(self) -> Optional[str]:
        """Why something here is None; None when nothing is."""
        reason = self.data.get("reason")
        return None if reason is None else str(reason)

    @property
    def reason_code(self) -> Optional[str]:
        code = self.data.get("reason_code")
        return None if code is None else str(code)


class Moments(Part):
    """Mean and variances; those of the derivatives by the names of the parameters."""
    _names: Sequence[str] = ()

    @property
    def mean(self) -> Optional[Number]:
        return read(self.data.get("mean"))

    @property
    def variance(self) -> Optional[Number]:
        return read(self.data.get("variance"))

    @property
    def gradient_variance(self) -> Optional[Dict[str, Optional[Number]]]:
        """E[(dl/dtheta)^2] by the name of the parameter."""
        return _by_name(self.data.get("gradient_variance"), self._names)


class FiniteDepth(Moments):
    """This very circuit, at its own depth, its angles independent."""

    def __init__(self, data: Optional[Json], names: Sequence[str],
                 reason: Optional[str] = None, code: Optional[str] = None) -> None:
        super().__init__(data if data is not None else {"reason": reason, "reason_code": code})
        self._names = names

    @property
    def kind(self) -> str:
        """"exact", "ball", "sampled" or "unknown"."""
        return str(self.data.get("kind", "unknown"))

    @property
    def dead_parameters(self) -> Optional[List[str]]:
        """Those whose derivative is zero everywhere; None when it is not known."""
        gradient = self.gradient_variance
        if gradient is None or any(value is None for value in gradient.values()):
            return None
        return [name for name, value in gradient.items()
                if isinstance(value, Fraction) and value == 0]

    @property
    def sampled(self) -> Optional[Json]:
        """Estimates with their intervals, where exact numbers outgrew the limits."""
        return self.data.get("sampled")

    def __repr__(self) -> str:
        return f"<FiniteDepth {self.kind}: mean {short(self.mean)}, variance {short(self.variance)}>"


@dataclass(frozen=True)
class Width:
    """This circuit, its angles normal around zero with one standard deviation."""
    width: Fraction
    mean: Optional[Number]
    variance: Optional[Number]
    gradient_variance: Optional[Number]  # the median of those that are not 0
    shots: Optional[Number]
    gradients: str  # "yes", "no" or "undecided": are the shots few


class Initialisation(Part):
    """Widths of a normal law around zero for the first angles."""

    @property
    def best(self) -> Optional[Fraction]:
        """The width of fewest shots; None when none leaves gradients that few resolve."""
        found = self.data.get("best")
        return None if found is None else Fraction(found)

    @property
    def widths(self) -> List[Width]:
        return [Width(Fraction(row["width"]), read(row.get("mean")), read(row.get("variance")),
                      read(row.get("median_gradient_variance")), read(row.get("shots")),
                      str(row.get("gradients"))) for row in self.data.get("widths") or []]

    def __repr__(self) -> str:
        return f"<Initialisation: best width {self.best}>"


@dataclass(frozen=True)
class Shots:
    """Measurements that tell a component of the gradient from zero, at one sigma."""

    typical: Optional[Number]
    worst: Optional[Number]
    #: More than that are never needed, but fewer may do.
    upper_bound: bool = False


class Verdict(Part):
    """Equal to the text "yes", "no" or "undecided"; the parts are attributes."""

    @property
    def trainable(self) -> str:
        return str(self.data.get("trainable", "undecided"))

    @property
    def gradients(self) -> Optional[str]:
        return self.data.get("gradients")

    @property
    def traps(self) -> Optional[str]:
        """Whether local minima are harmless: "yes", "no" or "undecided"."""
        return self.data.get("traps")

    @property
    def basis(self) -> Optional[str]:
        """"this circuit" or "deep circuit"."""
        return self.data.get("basis")

    @property
    def because(self) -> str:
        return str(self.data.get("because") or "")

    @property
    def next(self) -> Optional[str]:
        """What to do next."""
        return self.data.get("next")

    @property
    def shots_per_gradient(self) -> Shots:
        shots = self.data.get("shots_per_gradient")
        if isinstance(shots, dict) and "mid" not in shots:
            return Shots(read(shots.get("typical")), read(shots.get("worst")),
                         bool(shots.get("upper_bound")))
        return Shots(read(shots), read(self.data.get("shots_per_gradient_worst")))

    def __repr__(self) -> str:
        return f"<Verdict trainable {self.trainable}: {self.because}>"


class Minima(Part):
    """Where local minima lie."""

    @property
    def gamma(self) -> Optional[Number]:
        return read(self.data.get("gamma"))

    @property
    def threshold(self) -> Optional[Number]:
        return read(self.data.get("threshold"))

    @property
    def trap_level(self) -> Optional[Number]:
        return read(self.data.get("trap_level"))

    @property
    def law(self) -> Optional[Json]:
        return self.data.get("law")


def _by_name(values: Any, names: Sequence[str]) -> Optional[Dict[str, Optional[Number]]]:
    if values is None:
        return None
    if isinstance(values, dict):  # a long list, its different numbers once
        numbers = [read(value) for value in values["values"]]
        entries = [numbers[k] for k in values["entries"]]
    else:
        entries = [read(value) for value in values]
    if len(names) != len(entries):
        names = [f"p{k}" for k in range(len(entries))]
    return dict(zip(names, entries))


class Landscape(Moments):
    """The loss of one observable on one input state; moments of the deep circuit."""

    def __init__(self, data: Json, names: Sequence[str],
                 name_of: Optional[Mapping[str, str]] = None) -> None:
        super().__init__(data)
        self._names = names
        self._name_of = name_of or {}

    @property
    def observable(self) -> str:
        return str(self.data["observable"])

    @property
    def state(self) -> str:
        return str(self.data["state"])

    @property
    def finite_depth(self) -> FiniteDepth:
        return FiniteDepth(self.data.get("finite_depth"), self._names,
                           self.data.get("finite_depth_reason"),
                           self.data.get("finite_depth_reason_code"))

    @property
    def verdict(self) -> Verdict:
        return Verdict(self.data.get("verdict"))

    @property
    def minima(self) -> Minima:
        return Minima(self.data.get("minima"))

    @property
    def wishart(self) -> Part:
        return Part(self.data.get("wishart"))

    @property
    def adjoint(self) -> Part:
        """The law of a loss whose observable lies in the algebra."""
        return Part(self.data.get("adjoint"))

    @property
    def distribution(self) -> Optional[List[Tuple[Number, Number]]]:
        """[(level, P(l <= level)), ...] of that law, where it is given."""
        points = (self.data.get("adjoint") or {}).get("distribution")
        if points is None:
            return None
        return [(read(p["level"]), read(p["probability"])) for p in points]

    @property
    def traps_on_group(self) -> Part:
        return Part(self.data.get("traps_on_group"))

    @property
    def noise(self) -> Optional[FiniteDepth]:
        """The same three numbers under noise, at the circuit's own depth."""
        noise = self.data.get("noise")
        return None if noise is None else FiniteDepth(noise, self._names)

    @property
    def initialisation(self) -> Optional[Initialisation]:
        """With `widths=True`: how wide to draw the first angles."""
        found = self.data.get("initialisation")
        return None if found is None else Initialisation(found)

    @property
    def dead_parameters(self) -> Optional[List[str]]:
        """Parameters of this circuit that the loss does not depend on."""
        said = (self.data.get("verdict") or {}).get("dead_parameters")
        if said is None:
            return self.finite_depth.dead_parameters
        return [self._name_of.get(name, name) for name in said]

    def __repr__(self) -> str:
        return (f"<Landscape of {self.observable} on {self.state}: mean {short(self.mean)}, "
                f"variance {short(self.variance)}, trainable {self.verdict.trainable}>")
