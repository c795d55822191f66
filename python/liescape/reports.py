"""What `verify` and `check` say."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Optional

from .landscape import Json
from .result import Result

if TYPE_CHECKING:
    from .ansatz import Ansatz


@dataclass(frozen=True)
class Check:
    """One prediction and what was measured."""

    name: str
    predicted: Any
    measured: Any
    standard_error: Any
    p_value: Optional[float]
    holds: bool


class VerifyReport:
    """What sampling said to the predictions."""

    def __init__(self, certificate: Json, status: int, said: str,
                 ansatz: Optional["Ansatz"] = None) -> None:
        self.certificate = certificate
        self.result = Result(certificate, ansatz, complete=status != 3)
        self.text = said
        self.checks = [Check(str(c.get("name")), c.get("predicted"), c.get("measured"),
                             c.get("standard_error"), c.get("p_value"), bool(c.get("holds")))
                       for c in certificate.get("checks") or []]

    @property
    def consistent(self) -> bool:
        """Whether every prediction stands; together they err once in a thousand runs."""
        return bool(self.certificate.get("consistent"))

    ok = consistent

    def __repr__(self) -> str:
        holding = sum(check.holds for check in self.checks)
        return (f"<VerifyReport {'consistent' if self.consistent else 'REFUTED'}: "
                f"{holding} of {len(self.checks)} predictions stand>")


@dataclass(frozen=True)
class CheckReport:
    """What the second proof said."""

    status: int
    text: str

    @property
    def ok(self) -> bool:
        """No claim is wrong; some may be open, see `complete`."""
        return self.status in (0, 3)

    @property
    def complete(self) -> bool:
        """Every claim that is covered was proved again."""
        return self.status == 0

    consistent = ok

    def __repr__(self) -> str:
        what = {0: "proved again", 3: "nothing wrong, something left open"}
        return f"<CheckReport {what.get(self.status, 'A CLAIM FAILS')}>"
