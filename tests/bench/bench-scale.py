#!/usr/bin/env python3
"""How certify and check grow with the number of qubits.

    bench-scale.py LIESCAPE [N ...]

CPU seconds, memory and size of the certificate for the XY chain, a hardware-efficient
set (X, Y, Z of each qubit and ZZ of neighbours), one hardware-efficient layer with three
rotations for each qubit as a circuit, and 3 N random two-local strings (seed 1).
"""
import os
import random
import resource
import subprocess
import sys
import tempfile

LIMIT_SECONDS = 300
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


def main():
    program, sizes = sys.argv[1], [int(n) for n in sys.argv[2:]] or SIZES
    print(f"{'family':26}{'qubits':>7}{'certify':>11}{'MB':>7}{'file MB':>9}{'check':>11}{'MB':>7}")
    with tempfile.TemporaryDirectory() as folder:
        for name, make, kind in FAMILIES:
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
                print(line, flush=True)
                if code is None:
                    break
    print("seconds of CPU, exit status in brackets; None: more than "
          f"{LIMIT_SECONDS} s")


if __name__ == "__main__":
    main()
