#!/usr/bin/env python3
"""Medians of local minima against the number of degrees of freedom: descents through deep
circuits, the law at that size (Kac and Rice), and its limit.

    python3 tests/bench/minima-edge.py measure BENCH_MINIMA_EDGE > docs/minima-edge.tsv
    python3 tests/bench/minima-edge.py draw docs/minima-edge.tsv > docs/minima-edge.svg

m = 2 r = 16, 64, 128 degrees of freedom: SU(2^n) and a projector of rank r = 2^n/16;
p = m/4 and m/2 free parameters. BENCH_MINIMA_EDGE is tests/bench/bench-minima-edge, built
by make; it takes some five minutes of one processor.
"""
import math
import subprocess
import sys

LEVELS = 4  # the projector is on so many qubits: r = 2^n / 16
# Qubits n, then p, starts of descents, runs of the law.
SIZES = [(7, 4, 1000, 8), (7, 8, 1000, 8), (9, 16, 600, 8), (9, 32, 300, 8),
         (10, 32, 100, 4), (10, 64, 100, 4)]
HEAD = """# Medians of local minima, (l - least)/(mean - least), of SU(2^n), N = 2^n, and a projector
# of rank m/2 = N/16: python3 tests/bench/minima-edge.py measure tests/bench/bench-minima-edge
# descents: p m N median low high starts seconds; law: p m N median error runs seconds"""

LEFT, RIGHT, TOP, BOTTOM = 70, 500, 40, 280
HIGHEST, TICKS = 0.35, [0, 0.1, 0.2, 0.3]
STYLE = """.paper{fill:#fff}text{fill:#222}.grid{fill:none;stroke:#ddd}
.quarter{stroke:#1f6f4a;fill:#1f6f4a}.half{stroke:#b3332f;fill:#b3332f}
.line{fill:none;stroke-width:2}.limit{stroke-dasharray:3 4}.law{stroke-dasharray:9 4}
text.quarter,text.half{stroke:none}
@media (prefers-color-scheme:dark){.paper{fill:#16181d}text{fill:#ddd}.grid{stroke:#3a3d44}
.quarter{stroke:#5fc794;fill:#5fc794}.half{stroke:#ef8a80;fill:#ef8a80}.line{fill:none}}"""


def edge(gamma):
    s = (gamma + math.sqrt(gamma * gamma + 8 * gamma)) / 4
    return (1 - s) ** 2 * (1 - gamma / s)


def measure(bench):
    print(HEAD)
    for qubits, p, starts, runs in SIZES:
        for kind, count in (("descents", starts), ("law", runs)):
            print(subprocess.run([bench, kind, str(qubits), str(LEVELS), str(p), str(count)],
                                 check=True, capture_output=True, text=True).stdout, end="",
                  flush=True)


def read(path):
    """{(kind, gamma): [(m, median, low, high)]} in ascending m."""
    rows = {}
    for line in open(path):
        if line.startswith("#"):
            continue
        kind, p, m, _, median, *rest = line.split()
        median, p, m = float(median), int(p), int(m)
        if kind == "law":
            low, high = median - float(rest[0]), median + float(rest[0])
        else:
            low, high = float(rest[0]), float(rest[1])
        rows.setdefault((kind, p / m), []).append((m, median, low, high))
    return {key: sorted(list_) for key, list_ in rows.items()}


def x(m):
    return LEFT + 40 + (RIGHT - LEFT - 70) * math.log2(m / 16) / 3


def y(level):
    return BOTTOM - (BOTTOM - TOP) * level / HIGHEST


def curve(css, name, list_):
    points = " ".join(f"{x(m):.1f},{y(v):.1f}" for m, v, _, _ in list_)
    yield f'<polyline class="{css} line{" law" if name == "law" else ""}" points="{points}"/>'
    for m, v, low, high in list_:
        yield f'<path class="{css} line" d="M{x(m):.1f} {y(low):.1f}V{y(high):.1f}"/>'
        if name != "law":
            yield (f'<circle class="{css}" cx="{x(m):.1f}" cy="{y(v):.1f}" r="4">'
                   f"<title>descents, m = {m}: {v:g}</title></circle>")


def draw(path):
    rows = read(path)
    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 340" role="img" '
           'aria-labelledby="t d" font-family="sans-serif" font-size="14">',
           '<title id="t">Median level of local minima against the degrees of freedom</title>',
           '<desc id="d">For p = m/4 and p = m/2 parameters, medians of descents and of the law '
           'of all minima fall with m towards the limits %.4f and %.4f.</desc>'
           % (edge(0.25), edge(0.5)),
           f"<style>\n{STYLE}\n</style>", '<rect class="paper" width="720" height="340"/>',
           f'<text x="{LEFT}" y="24">Median level of local minima, '
           '(l - least)/(mean - least)</text>']
    for tick in TICKS:
        out.append(f'<path class="grid" d="M{LEFT} {y(tick):.1f}H{RIGHT}"/>'
                   f'<text x="{LEFT - 10}" y="{y(tick) + 5:.1f}" text-anchor="end">{tick:g}</text>')
    for m in (16, 32, 64, 128):
        out.append(f'<text x="{x(m):.1f}" y="{BOTTOM + 22}" text-anchor="middle">{m}</text>')
    out.append(f'<text x="{(LEFT + RIGHT) / 2}" y="{BOTTOM + 46}" text-anchor="middle">'
               "degrees of freedom m</text>")
    for gamma, css, name in ((0.25, "quarter", "m/4"), (0.5, "half", "m/2")):
        for kind in ("law", "descents"):
            out += curve(css, kind, rows[kind, gamma])
        out.append(f'<path class="{css} line limit" d="M{LEFT} {y(edge(gamma)):.1f}H{RIGHT}"/>')
        labels = (("all minima, by the law", rows["law", gamma][-1][1]),
                  (f"descents, p = {name}", rows["descents", gamma][-1][1]),
                  (f"limit {edge(gamma):.4f}", edge(gamma)))
        place = BOTTOM + 40
        for text, level in reversed(labels):
            place = min(place - 18, y(level) + 5)
            out.append(f'<text class="{css}" x="{RIGHT + 12}" y="{place:.1f}">{text}</text>')
    print("\n".join(out + ["</svg>"]))


if __name__ == "__main__":
    {"measure": measure, "draw": draw}[sys.argv[1]](sys.argv[2])
