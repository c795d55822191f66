#!/usr/bin/env python3
"""Medians of local minima against the number of degrees of freedom: descents through deep
circuits, the law at that size (Kac and Rice), and its limit.

    python3 tests/bench/minima-edge.py LIESCAPE [OUT.svg]

m = 2 r = 16, 64, 128 degrees of freedom: SU(2^n) and a projector of rank r on few qubits;
p = m/4 and m/2 free parameters. Prints a table; the picture is drawn by gnuplot. Minutes.
"""
import json
import math
import pathlib
import subprocess
import sys
import tempfile

# qubits, qubits of the projector: r = 2^(n - k), m = 2 r.
SIZES = [(7, 4), (8, 3), (9, 3)]
GAMMAS = [0.25, 0.5]
STARTS = 60


def program(qubits, levels):
    """Rotations about single strings that generate su(2^n); a projector as a sum of Z."""
    terms = []
    for mask in range(1 << levels):
        letters = " ".join(f"Z{q}" for q in range(levels) if mask >> q & 1) or "I"
        sign = "-" if bin(mask).count("1") % 2 else "+"
        terms.append(f"{sign} 1/{1 << levels} {letters}")
    return "\n".join([f"qubits {qubits}",
                      "for i in 0..qubits-1: generator Y{i}",
                      "for i in 0..qubits-1: generator Z{i}",
                      "for i in 0..qubits-2: generator X{i} X{i+1}",
                      "observable " + " ".join(terms).removeprefix("+ "),
                      "state zero", "parameters 1", ""])


def edge(gamma):
    s = (gamma + math.sqrt(gamma * gamma + 8 * gamma)) / 4
    return (1 - s) ** 2 * (1 - gamma / s)


def measure(liescape, qubits, levels):
    """Rows of minima_found at the wanted gammas."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "case.ops").write_text(program(qubits, levels))
        subprocess.run([liescape, "verify", "case.ops", "-q", "--samples=200", "--seed=1",
                        f"--minima={STARTS}", "--json=out.json"], cwd=path, check=True,
                       stdout=subprocess.DEVNULL)
        found = json.loads((path / "out.json").read_text())["minima_found"]
    rows = found["landscapes"][0]["rows"]
    return [r for r in rows if r["ensemble"] == "scrambled" and r["gamma"] in GAMMAS]


def draw(rows, out):
    data = "\n\n\n".join(
        "\n".join("{m} {median} {low} {high} {law} {error}".format(**r)
                  for r in rows if r["gamma"] == gamma) for gamma in GAMMAS)
    plots = []
    for i, gamma in enumerate(GAMMAS):
        color = ["#1f5fa8", "#b3541e"][i]
        plots += [f"$data index {i} using 1:2:3:4 with yerrorbars lc rgb '{color}' pt 7 "
                  f"title 'descents, p = m * {gamma:g}'",
                  f"$data index {i} using 1:5 with linespoints lc rgb '{color}' pt 6 dt 1 "
                  f"title 'all minima, by the law'",
                  f"{edge(gamma)} with lines lc rgb '{color}' dt 3 title 'limit'"]
    script = f"""set terminal svg size 640,400 font 'sans-serif,12'
set output '{out}'
$data << EOD
{data}
EOD
set logscale x 2
set xrange [12:180]
set yrange [0:*]
set xtics (16, 32, 64, 128)
set xlabel 'degrees of freedom m'
set ylabel 'median level, (l - least)/(mean - least)'
set key outside bottom center horizontal maxrows 2
plot {", ".join(plots)}
"""
    subprocess.run(["gnuplot"], input=script, text=True, check=True)


def main():
    liescape = str(pathlib.Path(sys.argv[1]).resolve())
    rows = []
    print("    m    p  gamma   descents              all minima        limit")
    for qubits, levels in SIZES:
        m = 2 << (qubits - levels)
        for r in measure(liescape, qubits, levels):
            low, high = r["median_interval"]
            row = {"m": m, "p": r["parameters"], "gamma": r["gamma"], "low": low,
                   "high": high, "median": r["quantiles"]["0.5"],
                   "law": r["law"]["0.5"] if r["law"] else math.nan,
                   "error": r["law_standard_error"]["0.5"] if r["law"] else math.nan}
            rows.append(row)
            print("{m:5d} {p:4d} {gamma:6.2f}   {median:.4f} [{low:.4f}, {high:.4f}]"
                  "   {law:.4f} +- {error:.4f}   {0:.4f}".format(edge(r["gamma"]), **row),
                  flush=True)
    if len(sys.argv) > 2:
        draw(rows, sys.argv[2])


main()
