"""liescape: exact loss landscapes of variational quantum circuits.

    import liescape
    r = liescape.certify(circuit, observable)
    print(r)

The circuit may be Qiskit's, PennyLane's, Cirq's or Braket's, a graph of networkx (QAOA
for MaxCut), a list of generators, an OpenQASM 3 text, or a path.
"""
from __future__ import annotations

import json
import os
import tempfile
from typing import Any, List, Mapping, Optional, Sequence, Tuple, Union

from . import _run
from ._version import VERSION as __version__
from ._errors import ConversionError, InputError, LiescapeError, LimitError, ProgramError
from .ansatz import Ansatz
from .convert import to_ansatz, to_observables, to_states
from .landscape import FiniteDepth, Landscape, Minima, Shots, Verdict
from .numbers import Ball
from .pauli import PauliSum
from .reports import Check, CheckReport, VerifyReport
from .result import Algebra, Ideal, Result, Sector, Sweep

__all__ = ["Algebra", "Ansatz", "Ball", "Check", "CheckReport", "ConversionError", "FiniteDepth",
           "Ideal", "InputError", "Landscape", "LiescapeError", "LimitError", "Minima",
           "PauliSum", "ProgramError", "Result", "Sector", "Shots", "Sweep", "Verdict",
           "VerifyReport", "__version__", "certify", "check", "convert_circuit", "verify", "version"]

#: What converters take, and the program does not.
_CONVERTING = ("args", "kwargs", "layers", "order", "qubit_order", "share_equal_angles", "qubits")


def version() -> str:
    """Of the program."""
    return _run.run(["--version"])[1].split()[1]


def convert_circuit(circuit: Any, **options: Any) -> Ansatz:
    """What `certify` hands to the program: its `.text` is OpenQASM 3 or an operator file."""
    return to_ansatz(circuit, options)


def certify(circuit: Any, observable: Any = None, state: Any = None, *,
            angles: Any = None, noise: Optional[str] = None,
            sweep: Union[None, str, Mapping[str, Sequence[Any]], Tuple[str, Sequence[Any]]] = None,
            time_limit: Optional[float] = None, set: Optional[Mapping[str, Any]] = None,
            progress: Optional[bool] = None, arguments: Sequence[str] = (),
            **options: Any) -> Any:
    """Exact analysis of the loss landscape of an ansatz; a `Result`.

    circuit      what `liescape` knows how to read, see the package's text
    observable   an operator, or a list of them; text is "Z0 Z1 + 1/2 X2" or a dense label
                 "ZZI" whose leftmost letter is qubit 0 (order="right": the rightmost);
                 operators of Qiskit keep Qiskit's order and are turned round
    state        "zero", "plus", "ghz", "mixed", "bits 0101", ..., or a list of states
    angles       how parameters are drawn: "interval:1/10", "normal:0.1", or a dict of these
                 by the name of a parameter
    noise        "depolarizing=1/100"
    sweep        {"n": [4, 8, 16]}: a `Sweep` over the values of one name of a text
    time_limit   seconds
    set          values of names in a text
    progress     whether progress is shown; None: in notebooks and on terminals
    arguments    further arguments for the program, as they are
    args, kwargs what a PennyLane QNode is called with (numbers do not matter, shapes do)
    layers       of QAOA on a graph (1)
    Every other keyword is an option of the program: max_dimension=10**5, suggest=True.
    """
    ansatz, command = _command(circuit, observable, state, angles, noise, time_limit, set,
                               arguments, options)
    if sweep is not None:
        command += ["--sweep", _sweep_text(sweep)]
    certificate, status, _ = _ask(["certify"], ansatz, command, progress)
    if sweep is not None:
        return Sweep(certificate, ansatz, status != 3)
    return Result(certificate, ansatz, complete=status != 3, options=command)


def verify(circuit: Any, observable: Any = None, state: Any = None, *, angles: Any = None,
           noise: Optional[str] = None, samples: Optional[int] = None,
           seed: Optional[int] = None, layers: Optional[int] = None,
           minima: Optional[int] = None, time_limit: Optional[float] = None,
           set: Optional[Mapping[str, Any]] = None, progress: Optional[bool] = None,
           arguments: Sequence[str] = (), **options: Any) -> VerifyReport:
    """Certifies and tries to refute every prediction by sampling; or, of a `Result`, its
    certificate as it stands. layers: repetitions of the circuit."""
    for name, value in (("samples", samples), ("seed", seed), ("minima", minima)):
        if value is not None:
            options[name] = value
    more = list(arguments) + (["--layers", str(layers)] if layers is not None else [])
    if isinstance(circuit, Result):
        _refuse(observable=observable, state=state, angles=angles, noise=noise, set=set)
        ansatz: Optional[Ansatz] = circuit._ansatz
        if time_limit is not None:
            options["time_limit"] = time_limit
        command = more + _options(options)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "certificate.json")
            circuit.save(path)
            certificate, status, said = _ask(["verify", path], None, command, progress)
    else:
        ansatz, command = _command(circuit, observable, state, angles, noise, time_limit, set,
                                   more, options)
        certificate, status, said = _ask(["verify"], ansatz, command, progress)
    return VerifyReport(certificate, status, said, ansatz)


def check(certificate: Any, *, progress: Optional[bool] = None,
          arguments: Sequence[str] = ()) -> CheckReport:
    """Proves the exact claims again by another way: of a `Result`, a parsed certificate, or
    the path of one."""
    if isinstance(certificate, (Result, Sweep)):
        certificate = certificate.certificate
    text = None
    if isinstance(certificate, (str, os.PathLike)):
        path = os.fspath(certificate)
    else:
        path, text = "-", json.dumps(certificate)
    status, out, said = _run.run(["check", path, *arguments], text,
                                 progress=_run.progress_for(progress))
    return CheckReport(status, out + said)


# --- the command line -------------------------------------------------------------------


def _command(circuit: Any, observable: Any, state: Any, angles: Any, noise: Optional[str],
             time_limit: Optional[float], set_: Optional[Mapping[str, Any]],
             arguments: Sequence[str], options: Mapping[str, Any]) -> Tuple[Ansatz, List[str]]:
    converting = {key: options[key] for key in _CONVERTING if key in options}
    rest = {key: value for key, value in options.items() if key not in converting}
    ansatz = to_ansatz(circuit, converting)
    if not ansatz.names:  # a text of the user's
        if converting.get("share_equal_angles"):
            rest["share_equal_angles"] = True
    observables = to_observables(observable, converting, ansatz)
    if not observables:
        observables = [str(one) for one in ansatz.observables]
    states = to_states(state, converting) or list(ansatz.states)
    command: List[str] = []
    for one in observables:
        command += ["--observable", one]
    for one in states:
        command += ["--state", one]
    for law in _laws(angles, ansatz):
        command += ["--angles", law]
    for name, value in (set_ or {}).items():
        command += ["--set", f"{name}={value}"]
    if noise is not None:
        command += ["--noise", noise]
    if time_limit is not None:
        command += ["--time-limit", f"{time_limit}"]
    return ansatz, command + _options(rest) + list(arguments)


def _options(options: Mapping[str, Any]) -> List[str]:
    command = []
    for name, value in options.items():
        flag = "--" + name.replace("_", "-")
        if value is True:
            command.append(flag)
        elif value is not None and value is not False:
            command.append(f"{flag}={value}")
    return command


def _laws(angles: Any, ansatz: Ansatz) -> List[str]:
    if angles is None:
        return []
    if isinstance(angles, str):
        return [angles]
    words = {name: word for word, name in ansatz.names.items()}
    laws = []
    for name, law in angles.items():
        word = words.get(str(name), str(name))
        if ansatz.names and word not in ansatz.names:
            below = [w for w in ansatz.names if w.startswith(f"{word}[")]
            below = below or [w for n, w in words.items() if n.startswith(f"{name}[")]
            if not below:
                raise InputError(f"there is no parameter {name}; there are "
                                 + ", ".join(list(words)[:20]))
            laws += [f"{w}={law}" for w in below]
        else:
            laws.append(f"{word}={law}")
    return laws


def _sweep_text(sweep: Any) -> str:
    if isinstance(sweep, str):
        return sweep
    items = list(sweep.items()) if isinstance(sweep, Mapping) else [tuple(sweep)]
    if len(items) != 1:
        raise InputError('sweep goes over one name: {"n": [4, 8, 16]}')
    name, values = items[0]
    return f"{name}=" + ",".join(str(value) for value in values)


def _ask(head: List[str], ansatz: Optional[Ansatz], command: List[str],
         progress: Optional[bool]) -> Tuple[Any, int, str]:
    text = None
    if ansatz is not None:
        if ansatz.path is not None:
            head = head + [ansatz.path]
        else:
            text = ansatz.text
            head = head + ["-"]
            if ansatz.format:
                head += ["--format", ansatz.format]
    status, out, said = _run.run(head + ["--json", "--quiet"] + command, text,
                                 progress=_run.progress_for(progress))
    if not out.strip():
        if status == 3:
            raise LimitError(said or "a limit was reached")
        raise ProgramError(f"liescape said nothing: {said}", status=status)
    return json.loads(out), status, said


def _refuse(**given: Any) -> None:
    for name, value in given.items():
        if value is not None:
            raise InputError(f"{name} stands in the certificate already")
