#!/usr/bin/env python3
"""liescape beside PauLie, fastdla, PennyLane and g-sim on the same generators.

    bench-peers.py PROGRAM [FAMILY N ...]

CPU seconds, all threads together, so that other load on the machine hardly counts; the
median of three, or one when it takes more than ten seconds. liescape is the whole program
(certify: the algebra with proof, ideals, sectors, actions; and once more with an observable:
moments, gradients, minima, verdict, which `check` then proves again); the closure alone,
with its proof, when tests/bench/bench-closure is built beside it; the others one call after
everything is imported, the second one for fastdla, whose first compiles:
  PauLie      get_pauli_string(...).get_algebra(), the name of the algebra
  fastdla     lie_closure, a basis
  PennyLane   liealg.lie_closure, a basis; matrix=False
  g-sim       (M. L. Goh et al., arXiv:2308.01432) has no package: its steps by PennyLane's
              lie_closure and structure_constants, then one loss of a circuit of ten layers by
              exponentials in the adjoint representation (NumPy, SciPy)
Peers come from PyPI into a temporary environment of $PYTHON (python3.12: PauLie needs that),
kept where LIESCAPE_BENCH_VENV says. What a peer cannot read, or would have to list in more
than MOST_LISTED elements, is "-"; what takes longer than LIMIT_SECONDS is "> 120".
"""
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

LIMIT_SECONDS = 120
MOST_LISTED = 5000  # elements of a basis that are asked for
PACKAGES = ["paulie==0.2.3", "fastdla==0.9.0", "pennylane==0.45.1", "scipy"]
PEERS = ["PauLie", "fastdla", "PennyLane", "g-sim"]
DEFAULT = [("ising", 16), ("ising", 1000), ("universal", 4), ("universal", 1000), ("ring", 16),
           ("ring", 100), ("particles", 6), ("particles", 8), ("particles", 12),
           ("longitudinal", 8), ("longitudinal", 10), ("graph", 8), ("bonds", 8), ("bonds", 10),
           ("ansatz", 4), ("ansatz", 6), ("glass", 5), ("glass", 6), ("equivariant", 12)]
EDGES = "01 02 03 14 15 24 26 35 37 47 56 67".split()
# Known dimensions, where a basis might be listed.
DIMENSIONS = {("particles", 6): 919, ("longitudinal", 8): 4405, ("graph", 8): 1348,
              ("bonds", 8): 3291, ("ansatz", 4): 255, ("ansatz", 6): 4095, ("glass", 5): 1023,
              ("glass", 6): 4095, ("equivariant", 12): 449}


def word(n, letters):
    return "".join(letters.get(i, "I") for i in range(n))


def generators(family, n):
    """Lists of dense words with coefficient 1; the first letter is qubit 0."""
    if family == "ising":  # free fermions, so(2n)
        return [[word(n, {i: "X"})] for i in range(n)] + [
            [word(n, {i: "Z", i + 1: "Z"})] for i in range(n - 1)]
    if family == "universal":  # su(2^n)
        return [[word(n, {i: p})] for i in range(n) for p in "XY"] + [
            [word(n, {i: "Z", i + 1: "Z"})] for i in range(n - 1)]
    if family == "ring":  # the same couplings, one angle for all of a kind
        return [[word(n, {i: "X"}) for i in range(n)],
                [word(n, {i: "Z", (i + 1) % n: "Z"}) for i in range(n)]]
    if family == "particles":  # number-conserving: full on every number of particles
        return [[word(n, {i: p, i + 1: p}) for p in "XY"] for i in range(n - 1)] + [
            [word(n, {i: "Z"})] for i in range(n)] + [
            [word(n, {i: "Z", i + 1: "Z"})] for i in range(n - 1)]
    if family == "longitudinal":  # Ising ring in a transverse and a longitudinal field
        return generators("ring", n) + [[word(n, {i: "Z"}) for i in range(n)]]
    if family == "graph":  # largest cut of a 3-regular graph
        return [[word(n, {int(a): "Z", int(b): "Z"}) for a, b in EDGES],
                [word(n, {i: "X"}) for i in range(n)]]
    if family == "bonds":  # XXZ chain: even and odd bonds
        return [[word(n, {i: p, i + 1: p}) for i in range(first, n - 1, 2) for p in kind]
                for kind in ("XY", "Z") for first in (0, 1)]
    if family == "ansatz":  # hardware-efficient: X and Y of their own, one ZZ for all
        return [[word(n, {i: p})] for i in range(n) for p in "XY"] + [
            [word(n, {i: "Z", i + 1: "Z"}) for i in range(n - 1)]]
    if family == "glass":  # spin glass in a longitudinal field, and a transverse one
        return [[word(n, {i: "Z", j: "Z"}) for i in range(n) for j in range(i, n)],
                [word(n, {i: "X"}) for i in range(n)]]
    if family == "equivariant":  # under all permutations
        return [[word(n, {i: p}) for i in range(n)] for p in "XY"] + [
            [word(n, {i: "Z", j: "Z"}) for i in range(n) for j in range(i + 1, n)]]
    raise ValueError(family)


def coefficients(family, count):
    """Of the terms of the first generator; fixed "random" numbers 1 ... 64 for the glass."""
    seed, list_ = 12345, []
    for _ in range(count):
        seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
        list_.append((seed >> 33) % 64 + 1 if family == "glass" else 1)
    return list_


def weighted(family, n):
    """The generators as lists of (word, coefficient)."""
    terms = generators(family, n)
    return [list(zip(t, coefficients(family if k == 0 else "", len(t))))
            for k, t in enumerate(terms)]


def operator_file(family, n, loss=False):
    lines = [f"qubits {n}"] + ["generator " + " + ".join(f"{c}*{w}" for w, c in t)
                               for t in weighted(family, n)]
    if loss:
        lines.append("observable " + " + ".join(generators(family, n)[-1]))
    return "\n".join(lines) + "\n"


def dimension(family, n):
    known = {"ising": n * (2 * n - 1), "universal": 4**n, "ring": 4 * n}
    return known.get(family) or DIMENSIONS.get((family, n), 4**n)


def call_of(peer, family, n):
    """A function without arguments that gives the dimension, or None when it cannot."""
    terms = weighted(family, n)
    if peer != "PauLie" and dimension(family, n) > MOST_LISTED:
        return None
    if peer == "PauLie":
        if any(len(t) > 1 for t in terms):
            return None
        from paulie import get_pauli_string
        return lambda: get_pauli_string([t[0][0] for t in terms]).get_algebra()
    if peer == "fastdla":
        import numpy
        from fastdla import SparsePauliSum, SparsePauliSumArray, lie_closure
        return lambda: len(lie_closure(SparsePauliSumArray(
            [SparsePauliSum([w for w, _ in t], numpy.array([-1j * c for _, c in t]))
             for t in terms])))
    import pennylane
    from pennylane.pauli import PauliSentence, PauliWord

    def closure():
        return pennylane.lie_closure(
            [PauliSentence({PauliWord({i: p for i, p in enumerate(w) if p != "I"}): float(c)
                            for w, c in t}) for t in terms], pauli=True)
    if peer == "PennyLane":
        return lambda: len(closure())
    return lambda: g_sim(closure(), terms)


def g_sim(basis, terms):
    """e_j = <B_j> on zero, evolved by exp(theta ad_H); the loss is e_0: B_0 is observed."""
    import numpy
    import pennylane
    from scipy.linalg import expm
    f = pennylane.structure_constants(basis, pauli=True)
    zero = numpy.array([sum(c for w, c in b.items() if set(w.values()) <= {"Z"})
                        for b in basis], dtype=float)
    for theta in numpy.random.default_rng(1).uniform(-3, 3, 10 * len(terms)).reshape(10, -1):
        for k in range(len(terms)):  # the generators are the first of the basis
            zero = expm(-theta[k] * f[k]) @ zero
    assert numpy.isfinite(zero[0])
    return len(basis)


def run_peer(peer, family, n):
    call = call_of(peer, family, n)
    if call is None:
        print("-")
        return
    if peer == "fastdla":
        call()
    seconds = []
    while len(seconds) < 3 and sum(seconds) < 10:
        start, calls = time.process_time(), 0
        while calls == 0 or time.process_time() - start < 0.2:  # the clock may be coarse
            result = call()
            calls += 1
        seconds.append((time.process_time() - start) / calls)
    print(result, f"{statistics.median(seconds):.3g}", sep="\t")


def run_program(program, family, n, loss):
    done, seconds = timed([program, "certify", "-", "--format", "ops"],
                          operator_file(family, n, loss))
    found = [line.split()[1].rstrip(",") for line in done.stdout.splitlines()
             if line.startswith("  dimension")]
    return (found or [f"exit {done.returncode}"])[0], seconds


def run_closure(closure, family, n):
    done, seconds = timed([closure], operator_file(family, n))
    said = done.stdout.split()
    return " ".join(said[:2]) if done.returncode == 0 else f"exit {done.returncode}", seconds


def run_check(program, family, n):
    """What `check` leaves open of the certificate with an observable, and its time."""
    made = subprocess.run([program, "certify", "-", "--format", "ops", "--json"], text=True,
                          input=operator_file(family, n, True), capture_output=True)
    done, seconds = timed([program, "check", "-"], made.stdout)
    last = (done.stdout.splitlines() or ["?"])[-1]
    return last.split(", ")[-1].replace(" were not re-proved", " open"), seconds


def timed(command, text):
    seconds = []
    while len(seconds) < 3 and sum(seconds) < 10:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, text=True, input=text, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return done, f"{statistics.median(seconds):.3g}"


def environment(folder):
    python = os.path.join(folder, "bin", "python")
    if not os.path.exists(python):
        subprocess.run([os.environ.get("PYTHON", "python3.12"), "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)
    return python


def measured(python, peer, family, n):
    command = [python, os.path.abspath(__file__), "--peer", peer, family, str(n)]
    limit = lambda: resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_SECONDS + 30,) * 2)
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=limit)
    said = done.stdout.strip().splitlines()
    if done.returncode == -9 or done.returncode == -24:
        return f"> {LIMIT_SECONDS}"
    if done.returncode or not said:
        return "failed: " + (done.stderr.strip().splitlines() or ["?"])[-1][:60]
    return said[-1].replace("\t", " in ")


def main():
    if len(sys.argv) == 5 and sys.argv[1] == "--peer":
        run_peer(sys.argv[2], sys.argv[3], int(sys.argv[4]))
        return
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    rest = sys.argv[2:]
    cases = [(rest[i], int(rest[i + 1])) for i in range(0, len(rest), 2)] or DEFAULT
    closure = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])),
                           "tests", "bench", "bench-closure")
    with tempfile.TemporaryDirectory() as scratch:
        try:
            python = environment(os.environ.get("LIESCAPE_BENCH_VENV",
                                                os.path.join(scratch, "venv")))
        except (subprocess.CalledProcessError, OSError) as error:
            print(f"peers not installed: {error}")
            python = None
        for family, n in cases:
            print(f"{family} {n}")
            if os.path.exists(closure) and dimension(family, n) <= MOST_LISTED:
                print(f"  {'closure':10} {' in '.join(run_closure(closure, family, n))}",
                      flush=True)
            for label, loss in (("liescape", False), ("with O", True)):
                print(f"  {label:10} {' in '.join(run_program(sys.argv[1], family, n, loss))}",
                      flush=True)
            print(f"  {'check':10} {' in '.join(run_check(sys.argv[1], family, n))}", flush=True)
            for peer in PEERS if python else []:
                print(f"  {peer:10} {measured(python, peer, family, n)}", flush=True)


main()
