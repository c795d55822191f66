#!/usr/bin/env python3
"""How certify and check grow with the number of qubits, and PauLie beside them.

    bench-scale.py LIESCAPE [N ...]

CPU seconds, memory and size of the certificate for the XY chain, a hardware-efficient
set (X, Y, Z of each qubit and ZZ of neighbours), one hardware-efficient layer with three
rotations for each qubit as a circuit, and 3 N random two-local strings (seed 1).
PauLie: get_pauli_string(...).get_algebra(), the type of the algebra alone, one call after
everything is imported; "> 300" when it does not end, "-" for a circuit or where no $PYTHON
(python3.12) has it. It comes from PyPI into a temporary environment, kept where
LIESCAPE_BENCH_VENV says.
"""
import os
import random
import resource
import subprocess
import sys
import tempfile
import time

LIMIT_SECONDS = 300
PAULIE = "paulie==0.2.3"
SIZES = [250, 500, 1000, 2000, 4000, 10000]


def operators(n, generators, observable):
    return "\n".join([f"qubits {n}"] + [f"generator {g}" for g in generators]
                     + [f"observable {observable}", ""])


def xy_chain(n):
    return operators(n, [f"{p}{i} {p}{i + 1}" for i in range(n - 1) for p in "XY"], "Z0")


def hardware_efficient(n):
    return operators(n, [f"{p}{i}" for i in range(n) for p in "XYZ"]
                     + [f"Z{i} Z{i + 1}" for i in range(n - 1)], "Z0 Z1")


def random_local(n):
    stream, found = random.Random(1), {}
    while len(found) < 3 * n:
        a, b = sorted(stream.sample(range(n), 2))
        found[f"{stream.choice('XYZ')}{a} {stream.choice('XYZ')}{b}"] = None
    return operators(n, found, "Z0 Z1")


def layer(n):
    return f"""OPENQASM 3.0;
include "stdgates.inc";
input array[float, {3 * n}] t;
qubit[{n}] q;
#pragma liescape observable Z0 Z1
for int i in [0:{n - 1}] {{ rx(t[3*i]) q[i]; ry(t[3*i+1]) q[i]; rz(t[3*i+2]) q[i]; }}
for int i in [0:{n - 2}] {{ cz q[i], q[i+1]; }}
"""


FAMILIES = [("XY chain", xy_chain, "ops"), ("hardware-efficient set", hardware_efficient, "ops"),
            ("hardware-efficient layer", layer, "qasm"), ("random 2-local", random_local, "ops")]


def measure(command):
    """CPU seconds, megabytes, exit status (None: no end within the limit)."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                             preexec_fn=lambda: resource.setrlimit(
                                 resource.RLIMIT_CPU, (LIMIT_SECONDS, LIMIT_SECONDS)))
    _, status, usage = os.wait4(child.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, code if code >= 0 else None


def dense(n, generator):
    letters = ["I"] * n
    for factor in generator.split():
        letters[int(factor[1:])] = factor[0]
    return "".join(letters)


def run_paulie(path):
    """In the environment of its own: the CPU seconds of one call."""
    from paulie import get_pauli_string
    with open(path, encoding="ascii") as file:
        lines = file.read().splitlines()
    n = int(lines[0].split()[1])
    strings = [dense(n, line[10:]) for line in lines if line.startswith("generator ")]
    start = time.process_time()
    get_pauli_string(strings).get_algebra()
    print(f"{time.process_time() - start:.2f}")


def paulie(python, path):
    if python is None:
        return "-"
    done = subprocess.run([python, os.path.abspath(__file__), "--paulie", path],
                          capture_output=True, text=True, check=False,
                          preexec_fn=lambda: resource.setrlimit(
                              resource.RLIMIT_CPU, (LIMIT_SECONDS, LIMIT_SECONDS)))
    if done.returncode in (-9, -24):
        return f"> {LIMIT_SECONDS}"
    return done.stdout.strip() if done.returncode == 0 else "failed"


def environment(folder):
    python = os.path.join(folder, "bin", "python")
    try:
        if not os.path.exists(python):
            subprocess.run([os.environ.get("PYTHON", "python3.12"), "-m", "venv", folder],
                           check=True)
            subprocess.run([python, "-m", "pip", "install", "-q", PAULIE], check=True)
    except (subprocess.CalledProcessError, OSError) as error:
        print(f"PauLie not installed: {error}")
        return None
    return python


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--paulie":
        run_paulie(sys.argv[2])
        return
    program, sizes = sys.argv[1], [int(n) for n in sys.argv[2:]] or SIZES
    print(f"{'family':26}{'qubits':>7}{'certify':>11}{'MB':>7}{'file MB':>9}{'check':>11}{'MB':>7}"
          f"{'PauLie':>9}")
    with tempfile.TemporaryDirectory() as folder:
        python = environment(os.environ.get("LIESCAPE_BENCH_VENV",
                                            os.path.join(folder, "venv")))
        for name, make, kind in FAMILIES:
            slow = False
            for n in sizes:
                source = os.path.join(folder, "input." + kind)
                target = os.path.join(folder, "certificate.json")
                with open(source, "w", encoding="ascii") as file:
                    file.write(make(n))
                if os.path.exists(target):
                    os.remove(target)
                time, memory, code = measure([program, "certify", "-q", source,
                                              "--json=" + target])
                line = f"{name:26}{n:7}{time:8.2f} ({code}){memory:6.0f}"
                if os.path.exists(target):
                    size = os.path.getsize(target) / 1e6
                    time, memory, code = measure([program, "check", target])
                    line += f"{size:9.1f}{time:8.2f} ({code}){memory:6.0f}"
                peer = "-" if kind == "qasm" or slow else paulie(python, source)
                slow = slow or peer.startswith(">")
                print(line + f"{peer:>9}", flush=True)
                if code is None:
                    break
    print("seconds of CPU, exit status in brackets; None: more than "
          f"{LIMIT_SECONDS} s")


if __name__ == "__main__":
    main()
