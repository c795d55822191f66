"""Cirq: circuits with sympy symbols, PauliString, PauliSum.

Exponents are in units of pi: X**t is a rotation by pi t.
"""
from __future__ import annotations

from fractions import Fraction
from typing import Any, Dict, List, Mapping, Set

from .._errors import ConversionError
from ..ansatz import Ansatz
from ..pauli import PauliSum
from ..qasm import Angle, Writer
from .symbolic import angle, half_turn_note, natural_order

_DEPTH = 32


def is_operator(thing: Any) -> bool:
    import cirq
    return isinstance(thing, (cirq.PauliString, cirq.PauliSum, cirq.DensePauliString))


def operator(thing: Any, *, qubits: Mapping[object, int] = {}, generator: bool = False) -> PauliSum:
    import cirq
    if isinstance(thing, cirq.DensePauliString):
        thing = thing.sparse()
    total = PauliSum()
    for string in ([thing] if isinstance(thing, cirq.PauliString) else thing):
        total.add([(_number(qubit, qubits), str(pauli)) for qubit, pauli in string.items()],
                  complex(string.coefficient))
    return total


def _number(qubit: Any, qubits: Mapping[object, int]) -> int:
    if qubit in qubits:
        return qubits[qubit]
    place = getattr(qubit, "x", None)
    if qubits or place is None or hasattr(qubit, "row"):
        raise ConversionError(f"qubit {qubit} does not occur in the circuit")
    return int(place)


def ansatz(circuit: Any, **options: Any) -> Ansatz:
    import cirq
    if not isinstance(circuit, cirq.AbstractCircuit):
        raise ConversionError(f"a {type(circuit).__name__} of Cirq is no circuit")
    names = natural_order([str(symbol) for symbol in cirq.parameter_symbols(circuit)])
    order = sorted(circuit.all_qubits())
    numbers: Dict[object, int] = {qubit: k for k, qubit in enumerate(order)}
    unfolder = _Unfolder(Writer(names, len(order)), numbers)
    for k, moment in enumerate(circuit):
        for op in moment.operations:
            unfolder.unfold(op, f"moment {k} ({op})", 0)
    notes = half_turn_note(unfolder.writer)
    return Ansatz(text=unfolder.writer.text("from a Cirq circuit"), format="qasm",
                  names=unfolder.writer.original_names(), notes=notes, qubits=numbers)


class _Unfolder:
    def __init__(self, writer: Writer, numbers: Mapping[object, int]) -> None:
        self.writer, self.numbers = writer, numbers
        self.measured: Dict[int, str] = {}
        self.touched: Set[int] = set()

    def unfold(self, op: Any, place: str, depth: int) -> None:
        import cirq
        if depth > _DEPTH:
            raise ConversionError(f"{place}: decompositions are nested too deeply")
        if isinstance(op, cirq.ClassicallyControlledOperation):
            raise ConversionError(f"{place} depends on measured values, which is not unitary")
        op = op.untagged
        qubits = [self.numbers[qubit] for qubit in op.qubits]
        gate = op.gate
        if isinstance(gate, cirq.MeasurementGate):
            self.measured.update((qubit, place) for qubit in qubits)
            return
        if isinstance(gate, cirq.ResetChannel) and not self.touched.intersection(qubits):
            return  # it is zero there
        for qubit in qubits:
            if qubit in self.measured:
                raise ConversionError(f"{place} acts after a measurement of qubit {qubit}: only "
                                      "measurements at the end can be left out")
        if isinstance(gate, (cirq.IdentityGate, cirq.WaitGate, cirq.GlobalPhaseGate)):
            return
        self.touched.update(qubits)
        if self._known(gate, qubits, place):
            return
        parts = cirq.decompose_once(op, default=None)
        if parts is None:
            raise ConversionError(f"{place} is no unitary gate that Cirq can decompose")
        for part in parts:
            self.unfold(part, place, depth + 1)

    def _known(self, gate: Any, qubits: List[int], place: str) -> bool:
        """Global phases are left out."""
        import cirq
        if isinstance(gate, cirq.PauliStringPhasorGate):
            self._phasor(gate, qubits, place)
            return True
        if isinstance(gate, cirq.ControlledGate):
            return self._controlled(gate, qubits, place)
        if not isinstance(gate, cirq.EigenGate):
            return False
        turn = angle(gate.exponent, place, half_turns=True)
        for kind, letters in ((cirq.XPowGate, "X"), (cirq.YPowGate, "Y"), (cirq.ZPowGate, "Z"),
                              (cirq.XXPowGate, "XX"), (cirq.YYPowGate, "YY"),
                              (cirq.ZZPowGate, "ZZ")):
            if isinstance(gate, kind):
                if len(letters) == 1:
                    self.writer.gate(f"r{letters.lower()}", [turn], qubits)
                else:
                    self.writer.rotation(list(zip(qubits, letters)), turn)
                return True
        if isinstance(gate, cirq.ISwapPowGate):
            for letter in "XY":
                self.writer.rotation([(qubit, letter) for qubit in qubits],
                                     turn.scaled(Fraction(-1, 2)))
            return True
        if isinstance(gate, cirq.CZPowGate) and gate.exponent != 1:
            self.writer.gate("cp", [turn], qubits)
            return True
        for fixed, word in ((cirq.HPowGate, "h"), (cirq.CXPowGate, "cx"), (cirq.CZPowGate, "cz"),
                           (cirq.SwapPowGate, "swap"), (cirq.CCXPowGate, "ccx"),
                           (cirq.CCZPowGate, "ccz")):
            if isinstance(gate, fixed) and gate.exponent == 1:
                self.writer.gate(word, [], qubits)
                return True
        return False

    def _phasor(self, gate: Any, qubits: List[int], place: str) -> None:
        turn = angle(gate.exponent_neg - gate.exponent_pos, place, half_turns=True)
        dense = gate.dense_pauli_string
        string = [(qubit, "IXYZ"[int(k)]) for qubit, k in zip(qubits, dense.pauli_mask) if k]
        self.writer.rotation(string, turn.scaled(Fraction(int(dense.coefficient.real))))

    def _controlled(self, gate: Any, qubits: List[int], place: str) -> bool:
        """One control on a power of X, Y or Z: exp(i pi e (shift + 1/2)) R(pi e)."""
        import cirq
        sub = gate.sub_gate
        if gate.num_controls() != 1 or not _is_plain(gate):
            return False
        if isinstance(sub, cirq.GlobalPhaseGate) and not cirq.is_parameterized(sub):
            import cmath
            self.writer.gate("p", [Angle(constant=cmath.phase(complex(sub.coefficient)))], qubits)
            return True
        for kind, word in ((cirq.XPowGate, "crx"), (cirq.YPowGate, "cry"), (cirq.ZPowGate, "crz")):
            if isinstance(sub, kind):
                turn = angle(sub.exponent, place, half_turns=True)
                self.writer.gate(word, [turn], qubits)
                shift = Fraction(sub.global_shift) + Fraction(1, 2)
                if shift:
                    self.writer.gate("p", [turn.scaled(shift)], qubits[:1])
                return True
        return False


def _is_plain(gate: Any) -> bool:
    """Whether the control acts on one, and is a qubit."""
    return gate.control_qid_shape == (2,) and list(gate.control_values.expand()) == [(1,)]
