"""What commutes with the generators, and which states a circuit reaches."""
from __future__ import annotations

from typing import List, Optional

from .landscape import Json, Part
from .numbers import Number, read


class Operators(Part):
    """With `operators=True`: texts such as "X0 X1 + Y0 Y1", qubit 0 first."""

    @property
    def centre(self) -> Optional[List[str]]:
        """A basis of the centre of the Lie algebra; None with `["centre_reason"]`."""
        return _texts(self.data.get("centre"))

    @property
    def commutant(self) -> Optional[List[str]]:
        """A basis, or with `products` independent strings: all products are one."""
        return _texts(self.data.get("commutant"))

    @property
    def products(self) -> bool:
        return self.data.get("commutant_is") == "products"

    @property
    def commutant_dimension(self) -> Optional[int]:
        listed = self.commutant
        if listed is None:
            return None
        return int(2 ** len(listed)) if self.products else len(listed)


class Reached(Part):
    """With `expressibility=True`: averages over the states reached from one input state."""

    @property
    def frame_potentials(self) -> Optional[List[Number]]:
        """Of order 1 and 2: the means of |<a|b>|^2 and |<a|b>|^4 over pairs of states."""
        found = [read(self.data.get(f"frame_potential_{order}")) for order in (1, 2)]
        known = [value for value in found if value is not None]
        return known if len(known) == 2 else None

    @property
    def entanglement(self) -> Optional[Number]:
        """The mean of Meyer and Wallach's measure, 0 for product states."""
        return read(self.data.get("entanglement"))


class States(Reached):
    """The deep circuit; `finite_depth` is this one, `haar` uniformly random states."""

    @property
    def state(self) -> str:
        return str(self.data.get("state"))

    @property
    def haar(self) -> Reached:
        return Reached(self.data.get("haar"))

    @property
    def finite_depth(self) -> Reached:
        own: Optional[Json] = self.data.get("finite_depth")
        return Reached(own if own is not None else
                       {"reason": self.data.get("finite_depth_reason"),
                        "reason_code": self.data.get("finite_depth_reason_code")})


def _texts(found: Optional[List[str]]) -> Optional[List[str]]:
    return None if found is None else [str(text) for text in found]
