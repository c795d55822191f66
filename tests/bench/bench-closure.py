#!/usr/bin/env python3
"""Exact closure side by side with fastdla 0.9 and PennyLane's lie_closure.

    bench-closure.py PROGRAM [FAMILY N ...]

PROGRAM is bench-closure; it times the closure with its proof. The program liescape
in the folder above (or LIESCAPE) then certifies the same generators from a file:
closure, centre, ideals, sectors and actions, with the time of the whole process.
Ratios are those of the faster peer to the closure. The peers are installed from PyPI into a temporary
virtual environment (kept where LIESCAPE_BENCH_VENV says, if that is set). A
peer that cannot be installed or does not end within LIMIT_SECONDS is said so.
fastdla compiles on its first call: the second one is timed.
"""
import json
import os
import subprocess
import sys
import tempfile
import time
import venv

LIMIT_SECONDS = 600
DEFAULT = [("tfim", 16), ("hea", 4), ("hea", 6), ("spinglass", 5),
           ("spinglass", 6), ("tfim", 100), ("xxz", 6), ("xxz", 8), ("sn", 12)]
PEERS = {"fastdla": [("tfim", 16), ("hea", 4), ("hea", 6), ("spinglass", 5),
                     ("spinglass", 6)],
         "pennylane": [("tfim", 16), ("hea", 4)]}


def generators(family, n):
    """The families of bench-closure.c, as lists of (dense word, coefficient)."""
    def word(letters):
        return "".join(letters.get(i, "I") for i in range(n))
    field = [[(word({i: p}), 1) for i in range(n)] for p in "XY"]
    if family == "tfim":
        return [field[0], [(word({i: "Z", (i + 1) % n: "Z"}), 1) for i in range(n)]]
    if family == "hea":
        return [[(word({i: p}), 1)] for i in range(n) for p in "XY"] + [
            [(word({i: "Z", i + 1: "Z"}), 1) for i in range(n - 1)]]
    if family == "spinglass":
        seed, terms = 12345, []
        for i in range(n):
            for j in range(i, n):
                seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
                terms.append((word({i: "Z", j: "Z"}), (seed >> 33) % 64 + 1))
        return [terms, field[0]]
    if family == "xxz":
        bonds = [[(i, i + 1) for i in range(odd, n - 1, 2)] for odd in (0, 1)]
        return [[(word({i: p, j: p}), 1) for i, j in b for p in letters]
                for letters in ("XY", "Z") for b in bonds]
    if family == "sn":
        return field + [[(word({i: "Z", j: "Z"}), 1)
                         for i in range(n) for j in range(i + 1, n)]]
    raise ValueError(family)


def certify(program, family, n):
    """The complete certificate; returns what the report line says."""
    lines = [f"qubits {n}"]
    for terms in generators(family, n):
        lines.append("generator " + " + ".join(
            f"{c} " + " ".join(p + str(i) for i, p in enumerate(w) if p != "I")
            for w, c in terms))
    start = time.perf_counter()
    done = subprocess.run([program, "certify", "-", "--format", "ops", "-q",
                           "--json"], input="\n".join(lines) + "\n",
                          capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if not done.stdout:
        return "failed: " + done.stderr.strip()[-200:]
    found = json.loads(done.stdout)
    known = [what for what, there in
             (("proved", found["algebra"]["proved"]),
              ("ideals", found["algebra"]["ideals"] is not None),
              ("sectors", found["sectors"] is not None),
              ("actions", found["sectors"] is not None and
               all(s.get("actions") is not None for s in found["sectors"])))
             if there]
    return (f"{family} {n} {found['algebra']['dimension']} "
            f"{' '.join(known)} {seconds:.4f} exit {done.returncode}")


def run_peer(peer, family, n):
    """Runs in the environment; prints dimension and seconds."""
    import numpy as np
    terms = generators(family, n)
    if peer == "fastdla":
        from fastdla import SparsePauliSum, SparsePauliSumArray, lie_closure

        def closure():
            return len(lie_closure(SparsePauliSumArray(
                [SparsePauliSum([w for w, _ in t],
                                np.array([-1j * c for _, c in t]))
                 for t in terms])))
        closure()
    else:
        import pennylane
        from pennylane.pauli import PauliSentence, PauliWord

        def closure():
            return len(pennylane.lie_closure(
                [PauliSentence({PauliWord({i: p for i, p in enumerate(w)
                                           if p != "I"}): c for w, c in t})
                 for t in terms], pauli=True))
    start = time.perf_counter()
    dimension = closure()
    print(dimension, time.perf_counter() - start)


def make_environment(path):
    python = os.path.join(path, "bin", "python")
    if not os.path.exists(python):
        venv.create(path, with_pip=True)
        pip = [python, "-m", "pip", "install", "-q"]
        subprocess.run(pip + ["pennylane", "numba", "jax", "scipy", "h5py"],
                       check=True)
        subprocess.run(pip + ["--no-deps", "--ignore-requires-python",
                              "fastdla==0.9"], check=True)
    return python


def report(label, command):
    """Prints the last line of the output and returns its seconds, if any."""
    try:
        done = subprocess.run(command, capture_output=True, text=True,
                              timeout=LIMIT_SECONDS)
        last = done.stdout.strip().splitlines()
        print(f"{label:24} {last[-1] if done.returncode == 0 and last else 'failed: ' + done.stderr.strip()[-200:]}",
              flush=True)
        if done.returncode == 0 and last:
            words = last[-1].split()
            return float(words[4] if len(words) > 4 else words[1])
    except subprocess.TimeoutExpired:
        print(f"{label:24} not done after {LIMIT_SECONDS} s", flush=True)
    return None


def main():
    if len(sys.argv) == 5 and sys.argv[1] == "--peer":
        run_peer(sys.argv[2], sys.argv[3], int(sys.argv[4]))
        return
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    rest = sys.argv[2:]
    cases = [(rest[i], int(rest[i + 1])) for i in range(0, len(rest), 2)] or DEFAULT
    keep = os.environ.get("LIESCAPE_BENCH_VENV")
    program = os.environ.get("LIESCAPE", os.path.join(
        os.path.dirname(os.path.abspath(sys.argv[1])), "..", "..", "liescape"))
    with tempfile.TemporaryDirectory() as scratch:
        try:
            python = make_environment(keep or os.path.join(scratch, "venv"))
        except (subprocess.CalledProcessError, OSError) as error:
            print(f"peers not installed: {error}")
            python = None
        for family, n in cases:
            own = report("liescape closure", [sys.argv[1], family, str(n)])
            print(f"{'liescape certify':24} {certify(program, family, n)}",
                  flush=True)
            times = []
            for peer, known in PEERS.items():
                if python and (family, n) in known:
                    times.append(report(peer, [python, __file__, "--peer", peer,
                                               family, str(n)]))
            times = [t for t in times if t]
            if own and times:
                print(f"{'ratio':24} {min(times) / own:.1f}", flush=True)


main()
