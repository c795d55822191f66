#!/usr/bin/env python3
"""Times liescape at finite depth, through the program, reading included.

    bench-depth.py PATH/TO/liescape [REPETITIONS]

Brickwall: ry, rz on every qubit and CZ on alternating bonds, 1,000 qubits,
5 layers (exact, all gradients) and 20 layers (sampled Pauli paths), Z Z on the
middle bond with the wider and with the narrower light cone, and X X. Matchgate:
rz on every qubit, rxx on every bond, 200 qubits, 100 layers, Z0, exact.
"""
import json
import subprocess
import sys
import tempfile
import time

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\ninput array[float[64], %d] t;\nqubit[%d] q;\n'
RXX = "gate rxx(a) x, y { h x; h y; cx x, y; rz(a) y; cx x, y; h x; h y; }\n"


def brickwall(n, layers):
    lines, k = [HEAD % (2 * n * layers, n)], 0
    for layer in range(layers):
        for q in range(n):
            lines.append(f"ry(t[{k}]) q[{q}];\nrz(t[{k + 1}]) q[{q}];\n")
            k += 2
        for q in range(layer % 2, n - 1, 2):
            lines.append(f"cz q[{q}], q[{q + 1}];\n")
    return "".join(lines)


def matchgate(n, layers):
    lines, k = [HEAD % ((2 * n - 1) * layers, n), RXX], 0
    for _ in range(layers):
        for q in range(n):
            lines.append(f"rz(t[{k}]) q[{q}];\n")
            k += 1
        for q in range(n - 1):
            lines.append(f"rxx(t[{k}]) q[{q}], q[{q + 1}];\n")
            k += 1
    return "".join(lines)


def run(program, name, text, observable, options, repetitions):
    with tempfile.NamedTemporaryFile("w", suffix=".qasm") as source:
        source.write(text)
        source.flush()
        best, output = None, None
        for _ in range(repetitions):
            start = time.monotonic()
            output = subprocess.run(
                [program, "certify", source.name, "-O", observable, "--json", "-q"]
                + options, capture_output=True, check=False, text=True).stdout
            took = time.monotonic() - start
            best = took if best is None else min(best, took)
    depth = json.loads(output)["landscapes"][0]["finite_depth"]
    gradient = depth["gradient_variance"]
    if depth["kind"] == "sampled":
        x = depth["sampled"]["variance"]
        value = (f'{depth["sampled"]["paths"]} paths: {x["estimate"]:.5g} in '
                 f'[{x["low"]:.5g}, {x["high"]:.5g}]')
    else:
        value = depth["variance"]
        value = value if len(value) < 40 else value[:37] + "..."
        value += f", {sum(g != '0' for g in gradient)} of {len(gradient)} gradients not 0"
    print(f"{best:7.2f} s  {name}, O = {observable}: {depth['kind']}, {value}")


def main():
    program = sys.argv[1]
    repetitions = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    shallow = brickwall(1000, 5)
    for observable in ("Z500 Z501", "Z499 Z500", "X500 X501"):
        run(program, "brickwall 1000 x 5", shallow, observable, [], repetitions)
    run(program, "matchgate 200 x 100", matchgate(200, 100), "Z0", [], repetitions)
    run(program, "brickwall 1000 x 20", brickwall(1000, 20), "Z499 Z500",
        ["--paths", "1000000"], repetitions)


main()
