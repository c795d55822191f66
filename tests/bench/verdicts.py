#!/usr/bin/env python3
"""The verdict on every landscape of examples/, and how many are undecided.

    tests/bench/verdicts.py [LIESCAPE]        (default: build/liescape)

Files without an observable of their own are certified with Z0 Z1 and counted apart.
"""
import json
import pathlib
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parents[2]
program = sys.argv[1] if len(sys.argv) > 1 else str(root / "build" / "liescape")
own, given = [], []
for path in sorted(root.glob("examples/*.qasm")) + sorted(root.glob("examples/*.ops")):
    has = "observable" in path.read_text() or "pragma braket" in path.read_text()
    command = [program, "certify", str(path), "-q", "--json"]
    run = subprocess.run(command + ([] if has else ["-O", "Z0 Z1"]), capture_output=True,
                         text=True, check=False)
    for landscape in json.loads(run.stdout)["landscapes"]:
        verdict = landscape["verdict"]
        (own if has else given).append(verdict["trainable"])
        why = "" if verdict["trainable"] != "undecided" else f"  next: {verdict['next']}"
        print(f"{path.name:45} {landscape['observable'][:16]:16} {verdict['trainable']:10}{why}")
for name, list_ in (("with observables of their own", own), ("with Z0 Z1", given)):
    print(f"{name}: {len(list_)} landscapes, {list_.count('yes')} yes, {list_.count('no')} no, "
          f"{list_.count('undecided')} undecided")
