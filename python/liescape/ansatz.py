"""What is analysed: a text for the program, and what its names stand for."""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Dict, List, Optional

from .pauli import PauliSum


@dataclass
class Ansatz:
    """The text of a circuit or of a list of generators, or the path of one."""

    text: Optional[str] = None
    #: "qasm", "ops", or None: the program finds out.
    format: Optional[str] = None
    path: Optional[str] = None
    #: From the names in the text to those that the user knows, in order; empty when
    #: they are the same.
    names: Dict[str, str] = field(default_factory=dict)
    #: What the user's objects bring along.
    observables: List[PauliSum] = field(default_factory=list)
    states: List[str] = field(default_factory=list)
    notes: List[str] = field(default_factory=list)
    #: From the user's qubits, sites or nodes to numbers.
    qubits: Dict[object, int] = field(default_factory=dict)

    @property
    def num_qubits(self) -> Optional[int]:
        """Of a text that was converted; None of a user's own, which can be overridden."""
        match = re.search(r"^qubit(?:s (\d+)$|\[(\d+)\])", self.text or "", re.M)
        return int(match[1] or match[2]) if match and self.names else None
