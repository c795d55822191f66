#!/usr/bin/env python3
"""Symmetric ansaetze at their sizes: certify, check of what it wrote, what check leaves open.

    families.py PROGRAM [--readme] [FAMILY[=N,N...] ...]    (default: all, at default sizes)

A line a size: the dimension of the algebra and its centre (against known values, * where
there is one and it agrees, ! where it does not), CPU seconds and exit status of `certify`
and of `check`, how many claims are open, and the first of them. LIMIT_SECONDS of CPU end a
run (exit -24 or -9). Certificates are kept where LIESCAPE_BENCH_KEEP says.
With --readme the rows of these sizes in the table of examples/README.md are written anew.
"""
import collections
import itertools
import json
import os
import pathlib
import random
import resource
import subprocess
import sys
import tempfile

LIMIT_SECONDS = int(os.environ.get("LIESCAPE_BENCH_LIMIT", 300))
EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"
# dimension, centre; the chains: sums over the sectors of their symmetries, by hand
KNOWN = {("number", 8): (12863, 2), ("number", 14): (40116587, 2),
         ("number", 16): (601080375, 2), ("longitudinal", 8): (4405, 1),
         ("maxcut", 8): (1348, 1), ("xxz", 8): (3291, 3), ("sk", 8): (32766, 0),
         ("sk", 10): (524286, 0), ("sn", 16): (961, 1), ("sn", 24): (2913, 1),
         ("sn", 64): (47873, 1),
         ("bonds", 8): (1426, 1), ("hubbard", 8): (69, 3),
         ("hubbard", 12): (6873, 3)}
PETERSEN = [(i, (i + 1) % 5) for i in range(5)] + [(i, i + 5) for i in range(5)] + [
    (i + 5, (i + 2) % 5 + 5) for i in range(5)]


def example(name, n, state=None):
    """The example with n qubits, and its state bits 0101... at that length."""
    lines = []
    for line in (EXAMPLES / f"{name}.ops").read_text().splitlines():
        if line.startswith("qubits "):
            line = f"qubits {n}"
        if line.startswith("state bits") and state:
            line = f"state bits {(state * n)[:n]}"
        if not line.startswith(("#", "parameters")):
            lines.append(line)
    return "\n".join(lines) + "\n"


def cut(n, edges, weights=None):
    cost = " + ".join(f"{w} Z{a} Z{b}" for (a, b), w in zip(edges, weights or [1] * len(edges)))
    return (f"qubits {n}\ngenerator {cost}\ngenerator sum(i in 0..qubits-1: X{{i}})\n"
            f"observable {cost}\nstate plus\n").replace("+ -", "- ")


def regular(n, weighted):
    """A random 3-regular graph, always the same one; weights 1 to 9."""
    rng = random.Random(n)
    while True:
        ends = [v for v in range(n) for _ in range(3)]
        rng.shuffle(ends)
        edges = sorted({tuple(sorted(e)) for e in zip(ends[::2], ends[1::2])})
        if len(edges) == 3 * n // 2 and all(a != b for a, b in edges):
            return cut(n, edges, [rng.randint(1, 9) for _ in edges] if weighted else None)


def ring_of_j1j2(n):
    near = lambda odd: " + ".join(f"{p}{i} {p}{(i + 1) % n}" for i in range(odd, n, 2)
                                  for p in "XYZ")
    far = " + ".join(f"{p}{i} {p}{(i + 2) % n}" for i in range(n) for p in "XYZ")
    return (f"qubits {n}\ngenerator {near(0)}\ngenerator {near(1)}\ngenerator {far}\n"
            f"observable {near(0)} + {near(1)}\nstate bits {('01' * n)[:n]}\n")


# --- fermions, by Jordan and Wigner -----------------------------------------------------------

def times(a, b):
    """Products of strings {((qubit, letter), ...): coefficient}."""
    table = {"XY": ("Z", 1j), "YZ": ("X", 1j), "ZX": ("Y", 1j),
             "YX": ("Z", -1j), "ZY": ("X", -1j), "XZ": ("Y", -1j)}
    out = collections.defaultdict(complex)
    for (p, c), (q, d) in itertools.product(a.items(), b.items()):
        word, phase = dict(p), c * d
        for qubit, letter in q:
            if qubit not in word:
                word[qubit] = letter
            elif word[qubit] == letter:
                del word[qubit]
            else:
                word[qubit], turn = table[word[qubit] + letter]
                phase *= turn
        out[tuple(sorted(word.items()))] += phase
    return {k: v for k, v in out.items() if abs(v) > 1e-12}


def ladder(k, dagger):
    tail = tuple((j, "Z") for j in range(k))
    return {tail + ((k, "X"),): 0.5, tail + ((k, "Y"),): -0.5j if dagger else 0.5j}


def excitation(up, down, factor):
    """factor (a^dag_up.. a_down..) + its adjoint, as text."""
    word = {(): factor}
    for k, dagger in [(k, True) for k in up] + [(k, False) for k in down]:
        word = times(word, ladder(k, dagger))
    total = collections.defaultdict(float)
    for string, c in word.items():
        total[string] += 2 * c.real
    return " + ".join(f"{c:.6g} " + " ".join(f"{p}{q}" for q, p in s)
                      for s, c in total.items() if c).replace("+ -", "- ")


def hubbard(rows, columns):
    sites = rows * columns
    at = lambda r, c: r * columns + c
    across = [(at(r, c), at(r, c + 1)) for r in range(rows) for c in range(columns - 1)]
    along = [(at(r, c), at(r + 1, c)) for r in range(rows - 1) for c in range(columns)]
    hop = lambda pairs: " + ".join(excitation([a + s], [b + s], 1) for a, b in pairs
                                   for s in (0, sites)).replace("+ -", "- ")
    on = " + ".join(f"1/4 Z{k} Z{k + sites} - 1/4 Z{k} - 1/4 Z{k + sites}" for k in range(sites))
    state = ["0"] * (2 * sites)
    for r, c in itertools.product(range(rows), range(columns)):
        state[at(r, c) + (sites if (r + c) % 2 else 0)] = "1"
    lines = [f"qubits {2 * sites}"]
    lines += [f"generator {hop(pairs)}" for pairs in (across, along) if pairs]
    lines += [f"generator {on}", f"observable {on}", f"state bits {''.join(state)}"]
    return "\n".join(lines) + "\n"


def uccsd(orbitals, electrons, adapted=False):
    """Singles and doubles that keep spin, each with an angle; even qubits spin up. adapted:
    singlets E_ai and E_ai E_bj, E_ai the sum over both spins, an angle for each."""
    n = 2 * orbitals
    low, high = range(electrons), range(electrons, n)
    words = []
    if adapted:
        singles = list(itertools.product(range(electrons // 2, orbitals), range(electrons // 2)))
        pairs = list(itertools.combinations_with_replacement(singles, 2))
        words += [[([2 * a + s], [2 * i + s]) for s in (0, 1)] for a, i in singles]
        words += [[([2 * b + t, 2 * a + s], [2 * i + s, 2 * j + t]) for s in (0, 1)
                   for t in (0, 1) if (a, s) != (b, t) and (i, s) != (j, t)]
                  for (a, i), (b, j) in pairs]
    else:
        words += [[([a], [i])] for a, i in itertools.product(high, low) if a % 2 == i % 2]
        words += [[([b, a], [i, j])]
                  for (i, j), (a, b) in itertools.product(itertools.combinations(low, 2),
                                                          itertools.combinations(high, 2))
                  if sorted((i % 2, j % 2)) == sorted((a % 2, b % 2))]
    sums = [" + ".join(excitation(up, down, 1j) for up, down in word).replace("+ -", "- ")
            for word in words]
    lines = [f"qubits {n}"] + [f"generator {s}" for s in sums]
    lines += [f"observable Z{electrons - 1} Z{electrons}",
              f"state bits {'1' * electrons}{'0' * (n - electrons)}"]
    return "\n".join(lines) + "\n"


# name: (text of n, default sizes)
FAMILIES = {
    "number": (lambda n: example("number_conserving", n, "01"), (8, 10, 12, 14, 16)),
    "longitudinal": (lambda n: example("ising_longitudinal", n), (8, 10, 12)),
    "maxcut": (lambda n: example("maxcut_regular", n) if n == 8 else regular(n, False),
               (8, 10, 12)),
    "weighted": (lambda n: regular(n, True), (8, 10, 12)),
    "petersen": (lambda n: cut(n, PETERSEN), (10,)),
    "sk": (lambda n: example("sherrington_kirkpatrick", n), (8, 10)),
    "xxz": (lambda n: example("xxz_hva", n, "01"), (8, 10, 12)),
    "xxz-ring": (lambda n: example("xxz_ring", n, "01"), (8, 10, 12)),
    "j1j2": (lambda n: example("j1j2_hva", n, "01"), (8, 10, 12)),
    "j1j2-ring": (ring_of_j1j2, (8, 10, 12)),
    "bonds": (lambda n: example("heisenberg_bonds", n, "01"), (8, 10, 12)),
    "sn": (lambda n: example("sn_equivariant", n), (16, 24, 64)),
    "hubbard": (lambda n: hubbard(2, n // 4), (8, 12)),
    "uccsd": (lambda n: uccsd(n // 2, 4), (8, 10, 12)), # H4, and LiH in its smallest basis
    "uccsd-core": (lambda n: uccsd(n // 2, 2), (10,)), # LiH, two electrons frozen
    "uccsd-spin": (lambda n: uccsd(n // 2, 4, True), (8, 10, 12)),
    "tfim": (lambda n: cut(n, [(i, (i + 1) % n) for i in range(n)]), (8, 16, 100)),
}
# The names in examples/README.md, in its order.
TITLES = {"number": "number-conserving chain", "longitudinal": "longitudinal-field Ising ring",
          "maxcut": "MaxCut, 3-regular graph", "weighted": "MaxCut, random integer weights",
          "petersen": "MaxCut, Petersen graph", "sk": "Sherrington-Kirkpatrick",
          "xxz": "XXZ chain", "xxz-ring": "XXZ ring", "j1j2": "J1-J2 chain",
          "j1j2-ring": "J1-J2 ring", "bonds": "exchanges on bonds (heisenberg_bonds.ops)",
          "sn": "all permutations (sn_equivariant.ops)", "hubbard": "Fermi-Hubbard, 2 sites across",
          "uccsd": "UCCSD, four electrons", "uccsd-core": "UCCSD, two electrons",
          "uccsd-spin": "UCCSD adapted to spin, four electrons", "tfim": "Ising ring, two angles"}
HEAD = "| family | qubits | dimension | centre | Wishart class | trainable | certify | check |"


def run(command, text):
    limit = lambda: resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_SECONDS, LIMIT_SECONDS + 5))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False,
                          preexec_fn=limit)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def open_claims(text):
    """Lines of check between 'not re-proved' and the next heading; all failures."""
    return [line.strip() for line in text.splitlines()
            if " open" in line or "FAILS" in line or "fails" in line]


def row(name, n, certificate, certify, check):
    """certify, check: seconds and exit status."""
    algebra, landscape = certificate["algebra"], certificate["landscapes"][0]
    proved = "" if algebra["proved"] else " (at least)"
    applies = landscape["wishart"]["applies"]
    times = [f"{seconds:.2g} s, exit {status}" if seconds < 10 else f"{seconds:.0f} s, exit {status}"
             for seconds, status in (certify, check)]
    return (f"| {TITLES[name]} | {n} | {int(algebra['dimension']):,}{proved} | "
            f"{algebra['center'] or '?'} | {'yes' if applies else 'no'} | "
            f"{landscape['verdict']['trainable']} | {times[0]} | {times[1]} |")


def put_row(text):
    """Into the table: in the place of the row of that family and size, or behind what is before
    it in the order of TITLES and sizes."""
    path = EXAMPLES / "README.md"
    lines = path.read_text().splitlines()
    first = lines.index(HEAD) + 2
    last = next(i for i in range(first, len(lines)) if not lines[i].startswith("|"))
    order = list(TITLES.values())

    def key(line):
        cells = [cell.strip() for cell in line.split("|")]
        return order.index(cells[1]), int(cells[2])
    rows = {key(line): line for line in lines[first:last] + [text]}
    lines[first:last] = [rows[k] for k in sorted(rows)]
    path.write_text("\n".join(lines) + "\n")


def measure(program, name, n, folder, readme):
    path = os.path.join(folder, f"{name}-{n}.json")
    made, seconds = run([program, "certify", "-", "--format", "ops", "-q", f"--json={path}",
                         f"--time-limit={LIMIT_SECONDS}"],
                        FAMILIES[name][0](n))
    if not os.path.exists(path):
        print(f"{name:12} {n:3} certify {seconds:8.1f} s exit {made.returncode}  no certificate: "
              + (made.stderr.strip().splitlines() or [""])[-1][:100], flush=True)
        return
    certificate = json.loads(pathlib.Path(path).read_text())
    algebra = certificate["algebra"]
    got = (algebra["dimension"], algebra["center"])
    known = KNOWN.get((name, n))
    mark = " " if not known else "*" if got == tuple(map(str, known)) else "!"
    done, again = run([program, "check", path], "")
    last = (done.stdout.strip().splitlines() or done.stderr.strip().splitlines() or ["?"])[-1]
    print(f"{name:12} {n:3} dimension {got[0]} centre {got[1]}{mark} "
          f"certify {seconds:.1f} s exit {made.returncode}  check {again:.1f} s "
          f"exit {done.returncode}  {last}", flush=True)
    if readme:
        put_row(row(name, n, certificate, (seconds, made.returncode), (again, done.returncode)))
    for line in open_claims(done.stdout)[:6]:
        print(f"{'':16} {line[:150]}", flush=True)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as scratch:
        folder = os.environ.get("LIESCAPE_BENCH_KEEP", scratch)
        words = [word for word in sys.argv[2:] if word != "--readme"]
        for word in words or FAMILIES:
            name, _, sizes = word.partition("=")
            for n in [int(x) for x in sizes.split(",")] if sizes else FAMILIES[name][1]:
                measure(sys.argv[1], name, n, folder, len(words) < len(sys.argv) - 2)


main()
