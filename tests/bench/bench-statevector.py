#!/usr/bin/env python3
"""State vectors side by side with Qulacs, Qiskit Aer and PennyLane Lightning.

    bench-statevector.py PROGRAM [--quick] [--threads 1,2] [--peers A,B]
                         [--qubits 10,16] [run|gradient|samples|copy ...]

PROGRAM is bench-statevector. The peers are installed from PyPI into a temporary
virtual environment (kept where LIESCAPE_BENCH_VENV says, if that is set). All do
the same circuits in double precision and their results are compared: a
difference is an error. Ours in single precision is told below ours in double. Times are the best of several; making, transpiling and
optimising a circuit is not timed, neither is our planning of the sweeps.
 - Qulacs: native multi-qubit Pauli rotations, the optimiser with blocks of 2
   and 3 qubits and without it, whichever is best.
 - Aer: transpiled, its own fusion, the time it states for the simulation.
 - Lightning: its own Pauli rotations, device.execute on a tape; adjoint method.
"""
import itertools
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
import venv

TOLERANCE = 1e-9
SINGLE_TOLERANCE = 1e-5  # of the sum of the observable's coefficients
LIMIT_SECONDS = 300
SIZES = [(10, 10), (16, 10), (20, 4), (24, 1)]  # qubits, layers
PEERS = ["qulacs", "aer", "lightning"]


# --- circuits ------------------------------------------------------------------

def pauli_layers(n, layers):
    """n rotations a layer about strings of random weight 1..n."""
    r, gates = random.Random(n), []
    for _ in range(n * layers):
        word = ["I"] * n
        for q in r.sample(range(n), r.randint(1, n)):
            word[q] = r.choice("XYZ")
        gates.append(("R", "".join(word), r.uniform(0, 2 * math.pi)))
    return gates


def hardware_efficient(n, layers, parameters=None):
    """ry and rz on every qubit, a chain of CZ."""
    r, gates, used = random.Random(n), [], 0
    for _ in range(layers):
        for letter, q in itertools.product("YZ", range(n)):
            if parameters is not None and used == parameters:
                return gates
            gates.append(("R", "I" * q + letter + "I" * (n - q - 1),
                          r.uniform(0, 2 * math.pi)))
            used += 1
        gates += [("CZ", q, q + 1) for q in range(n - 1)]
    return gates


def write_circuit(path, n, gates, observable):
    with open(path, "w") as out:
        print("qubits", n, file=out)
        for gate in gates:
            print(*gate, file=out)
        for word, c in observable:
            print("O", word, c, file=out)


def read_circuit(path):
    with open(path) as lines:
        n = int(next(lines).split()[1])
        gates, observable = [], []
        for line in lines:
            kind, a, b = line.split()
            if kind == "R":
                gates.append(("R", a, float(b)))
            elif kind == "CZ":
                gates.append(("CZ", int(a), int(b)))
            else:
                observable.append((a, float(b)))
    return n, gates, observable


# --- the peers, inside the environment ---------------------------------------------

def best_time(call, least=0.7, repeats=3):
    call()
    best, total, count = math.inf, 0, 0
    while count < repeats or total < least:
        start = time.perf_counter()
        call()
        seconds = time.perf_counter() - start
        best, total, count = min(best, seconds), total + seconds, count + 1
        if total > 30:
            break
    return best


def support(word):
    return [(q, p) for q, p in enumerate(word) if p != "I"]


def qulacs_circuit(n, gates, parametric=False):
    import qulacs
    c = qulacs.ParametricQuantumCircuit(n) if parametric else qulacs.QuantumCircuit(n)
    for gate in gates:
        if gate[0] == "CZ":
            c.add_CZ_gate(gate[1], gate[2])
            continue
        letters = support(gate[1])
        q, ids = [q for q, _ in letters], ["IXYZ".index(p) for _, p in letters]
        # its rotations are exp(+i angle P/2)
        if parametric and len(q) == 1:
            {1: c.add_parametric_RX_gate, 2: c.add_parametric_RY_gate,
             3: c.add_parametric_RZ_gate}[ids[0]](q[0], -gate[2])
        elif parametric:
            c.add_parametric_multi_Pauli_rotation_gate(q, ids, -gate[2])
        elif len(q) == 1:
            {1: c.add_RX_gate, 2: c.add_RY_gate, 3: c.add_RZ_gate}[ids[0]](
                q[0], -gate[2])
        else:
            c.add_multi_Pauli_rotation_gate(q, ids, -gate[2])
    return c


def qulacs_observable(n, observable):
    import qulacs
    o = qulacs.Observable(n)
    for word, c in observable:
        o.add_operator(c, " ".join(f"{p} {q}" for q, p in support(word)))
    return o


def qulacs_run(n, gates, observable):
    import qulacs
    from qulacs.circuit import QuantumCircuitOptimizer
    state, best, value = qulacs.QuantumState(n), math.inf, None
    for block in (0, 2, 3):
        c = qulacs_circuit(n, gates)
        if block:
            QuantumCircuitOptimizer().optimize(c, block)

        def call():
            state.set_zero_state()
            c.update_quantum_state(state)
        best = min(best, best_time(call))
        value = qulacs_observable(n, observable).get_expectation_value(state)
        if n >= 20 and all(g[0] == "R" for g in gates):
            break  # strings of random weight do not fit blocks of 2 or 3
    return best, [value]


def qulacs_gradient(n, gates, observable):
    c, o = qulacs_circuit(n, gates, True), qulacs_observable(n, observable)
    values = [-g for g in c.backprop(o)]
    return best_time(lambda: c.backprop(o)), values


def aer_circuit(n, gates, observable, free=False):
    from qiskit import QuantumCircuit
    from qiskit.circuit import Parameter
    from qiskit.circuit.library import PauliEvolutionGate
    from qiskit.quantum_info import SparsePauliOp
    c, parameters = QuantumCircuit(n), []
    for gate in gates:
        if gate[0] == "CZ":
            c.cz(gate[1], gate[2])
            continue
        letters, angle = support(gate[1]), gate[2]
        if free:
            angle = Parameter(f"t{len(parameters)}")
            parameters.append(angle)
        if len(letters) == 1:
            getattr(c, "r" + letters[0][1].lower())(angle, letters[0][0])
        else:
            c.append(PauliEvolutionGate(
                SparsePauliOp("".join(p for _, p in reversed(letters))),
                time=angle / 2), [q for q, _ in letters])
    c.save_expectation_value(
        SparsePauliOp([w[::-1] for w, _ in observable], [v for _, v in observable]),
        range(n))
    return c, parameters


def aer_simulator():
    from qiskit_aer import AerSimulator
    threads = int(os.environ["OMP_NUM_THREADS"])
    return AerSimulator(method="statevector", precision="double",
                        max_parallel_threads=threads,
                        fusion_enable=True)


def aer_run(n, gates, observable):
    from qiskit import transpile
    simulator = aer_simulator()
    c, _ = aer_circuit(n, gates, observable)
    c = transpile(c, simulator, optimization_level=2)
    best, total = math.inf, 0
    for _ in range(3 if n >= 20 else 20):
        result = simulator.run(c, shots=1).result()
        seconds = result.results[0].time_taken
        best, total = min(best, seconds), total + seconds
        if total > 30:
            break
    return best, [result.data(0)["expectation_value"]]


def lightning_tape(n, gates, observable):
    import pennylane as qml
    operations = []
    for gate in gates:
        if gate[0] == "CZ":
            operations.append(qml.CZ([gate[1], gate[2]]))
            continue
        letters = support(gate[1])
        if len(letters) == 1:
            operations.append(getattr(qml, "R" + letters[0][1])(gate[2], letters[0][0]))
        else:
            operations.append(qml.PauliRot(gate[2], "".join(p for _, p in letters),
                                           [q for q, _ in letters]))
    terms = []
    for word, _ in observable:
        factors = [getattr(qml, "Pauli" + p)(q) for q, p in support(word)]
        terms.append(factors[0] if len(factors) == 1 else qml.prod(*factors))
    o = terms[0] if len(terms) == 1 else qml.Hamiltonian([c for _, c in observable],
                                                         terms)
    tape = qml.tape.QuantumScript(operations, [qml.expval(o)])
    tape.trainable_params = list(range(sum(g[0] == "R" for g in gates)))
    return tape


def lightning_run(n, gates, observable):
    import pennylane as qml
    from pennylane.devices import ExecutionConfig
    device, config = qml.device("lightning.qubit", wires=n), ExecutionConfig()
    tape = lightning_tape(n, gates, observable)
    value = float(device.execute([tape], config)[0])
    return best_time(lambda: device.execute([tape], config)), [value]


def lightning_gradient(n, gates, observable):
    import pennylane as qml
    from pennylane.devices import ExecutionConfig
    device = qml.device("lightning.qubit", wires=n)
    config = ExecutionConfig(gradient_method="adjoint",
                             use_device_gradient=True)
    tape = lightning_tape(n, gates, observable)

    def call():
        return device.compute_derivatives([tape], config)
    values = [float(g) for g in call()[0]]
    return best_time(call), values


# The loop over samples: seconds for one sample, and the values asked for.

def set_angles(gates, angles):
    angles = iter(angles)
    return [(g[0], g[1], next(angles)) if g[0] == "R" else g for g in gates]


def qulacs_samples(n, gates, observable, points, gradients):
    import qulacs
    c, o = qulacs_circuit(n, gates, True), qulacs_observable(n, observable)
    state, count = qulacs.QuantumState(n), len(points[0])

    def call(angles):
        for j in range(count):
            c.set_parameter(j, -angles[j])
        if gradients:
            return sum(g * g for g in c.backprop(o))
        state.set_zero_state()
        c.update_quantum_state(state)
        return o.get_expectation_value(state)
    values = [call(a) for a in points]
    loops = 100
    return best_time(lambda: [call(points[i % len(points)])
                              for i in range(loops)]) / loops, values


def aer_samples(n, gates, observable, points, gradients):
    from qiskit import transpile
    if gradients:
        raise NotImplementedError("no gradients")
    simulator, loops = aer_simulator(), 100
    c, parameters = aer_circuit(n, gates, observable, True)
    c = transpile(c, simulator, optimization_level=2)
    many = [points[i % len(points)] for i in range(loops)]
    binds = [{p: [a[j] for a in many] for j, p in enumerate(parameters)}]

    def call():
        result = simulator.run(c, shots=1, parameter_binds=binds).result()
        return [result.data(i)["expectation_value"] for i in range(len(points))]
    values = call()
    return best_time(call) / loops, values


def lightning_samples(n, gates, observable, points, gradients):
    import pennylane as qml
    from pennylane.devices import ExecutionConfig
    device, config = qml.device("lightning.qubit", wires=n), ExecutionConfig()
    adjoint = ExecutionConfig(gradient_method="adjoint",
                              use_device_gradient=True)
    tapes = [lightning_tape(n, set_angles(gates, a), observable) for a in points]
    loops = 20
    many = [tapes[i % len(tapes)] for i in range(loops)]
    if gradients:
        values = [sum(float(g)**2 for g in r)
                  for r in device.compute_derivatives(tapes, adjoint)]
        return best_time(lambda: device.compute_derivatives(many, adjoint)) / loops, values
    values = [float(r) for r in device.execute(tapes, config)]
    return best_time(lambda: device.execute(many, config)) / loops, values


def run_peer(task, peer, path, extra):
    circuit = read_circuit(path)
    call = globals().get(f"{peer}_{task}")
    if call is None:
        return
    if task == "samples":
        with open(extra[0]) as f:
            extra = [json.load(f), extra[1] == "gradients"]
    seconds, values = call(*circuit, *extra)
    print(json.dumps({"seconds": seconds, "values": [float(v) for v in values]}))


# --- the comparison -------------------------------------------------------------------

def make_environment(path):
    python = os.path.join(path, "bin", "python")
    if not os.path.exists(python):
        venv.create(path, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "qulacs", "qiskit",
                        "qiskit-aer", "pennylane", "pennylane-lightning"],
                       check=True)
    return python


def call_json(command, threads):
    env = dict(os.environ, OMP_NUM_THREADS=str(threads), OMP_PROC_BIND="false",
               QULACS_NUM_THREADS=str(threads))
    try:
        done = subprocess.run(command, env=env, capture_output=True, text=True,
                              timeout=LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        return None, f"no end in {LIMIT_SECONDS} s"
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        error = done.stderr.strip().splitlines()
        return None, error[-1][:60] if error else "nothing"
    return json.loads(lines[-1]), ""


class Bench:
    def __init__(self, program, python, folder):
        self.program, self.python, self.folder = program, python, folder
        self.wrong = self.behind = 0

    def ours(self, threads, *arguments):
        result, why = call_json([self.program, *map(str, arguments)], threads)
        if result is None:
            sys.exit(f"bench-statevector: {why}")
        return result

    def peers(self, task, path, threads, extra=()):
        for peer in PEERS:
            if f"{peer}_{task}" in globals():
                yield peer, *call_json(
                    [self.python, os.path.abspath(__file__), "--peer", task, peer,
                     path, *extra], threads)

    def compare(self, label, seconds, values, results, goal=1.0):
        line, best = f"  {label:26s} ours {1e3 * seconds:10.3f} ms", math.inf
        for peer, result, why in results:
            if result is None:
                if why != "NotImplementedError: no gradients":
                    line += f"  {peer}: {why}"
                continue
            worst = max(abs(a - b) for a, b in zip(values, result["values"]))
            best = min(best, result["seconds"])
            line += f"  {peer} {1e3 * result['seconds']:10.3f}"
            if not worst < TOLERANCE or len(values) != len(result["values"]):
                line += f" DIFFERS BY {worst:.2g}"
                self.wrong += 1
        if best < math.inf:
            good = best >= goal * seconds
            self.behind += not good
            line += f"  best peer/ours {best / seconds:6.1f}" + ("" if good else " BEHIND")
        print(line, flush=True)

    def single(self, threads, mine, key, norm, *arguments, count=1):
        """The same in single precision, one of count."""
        other = self.ours(threads, "--precision", "single", *arguments)
        worst = max(abs(a - b) for a, b in zip(mine[key], other[key]))
        line = (f"  {'':26s} single {1e3 * other['seconds'] / count:8.3f} ms, "
                f"{mine['seconds'] / other['seconds']:.2f} times as fast, "
                f"off by {worst / norm:.1g}")
        if not worst < SINGLE_TOLERANCE * norm:
            line += " TOO MUCH"
            self.wrong += 1
        print(line, flush=True)

    def circuit(self, name, n, gates, observable=None):
        path = os.path.join(self.folder, f"{name}-{n}")
        write_circuit(path, n, gates,
                      observable or [("ZZ" + "I" * (n - 2), 1), ("X" * n, 1)])
        return path

    def copy(self, threads, n=24):
        c = self.ours(threads, "copy", n)
        rate = c["bytes"] / c["seconds"]
        print(f"  copy of {n} qubits {rate / 1e9:8.2f} GB/s")
        return rate

    def run(self, threads, sizes):
        for name, make in (("pauli", pauli_layers), ("hea", hardware_efficient)):
            for n, layers in sizes:
                path = self.circuit(name, n, make(n, layers))
                mine = self.ours(threads, "sweep", path)
                self.compare(f"{name} n {n}, {layers} layers", mine["seconds"],
                             mine["values"], self.peers("run", path, threads))
                self.single(threads, mine, "values", 2, "sweep", path)
        if sizes[-1][0] >= 20:  # past the caches
            self.rates(threads, sizes[-1][0])

    def rates(self, threads, n):
        """Bytes moved: every gate reads and writes the whole vector when done
        by itself. In sweeps many gates share a pass: the rate that gate by gate
        would need for the same time."""
        rate = self.copy(threads, n)
        for name, make in (("pauli", pauli_layers), ("hea", hardware_efficient)):
            path = self.circuit(name, n, make(n, 1))
            for task, text in (("run", "gate by gate"), ("sweep", "in sweeps, as if gate by gate")):
                mine = self.ours(threads, task, path)
                moved = 32 * 2**n * mine["gates"] / mine["seconds"]
                print(f"  {name} n {n} {text}: {moved / 1e9:8.2f} GB/s, "
                      f"{100 * moved / rate:.0f}% of the copy", flush=True)

    def gradient(self, threads, sizes):
        for n, _ in sizes:
            if n > 20:
                continue
            gates = hardware_efficient(n, 100, 200)
            sum_z = [("I" * q + "Z" + "I" * (n - q - 1), 1) for q in range(n)]
            path = self.circuit("gradient", n, gates, sum_z)
            mine = self.ours(threads, "gradient", path)
            self.compare(f"adjoint gradient n {n} p 200", mine["seconds"],
                         mine["values"], self.peers("gradient", path, threads))
            self.single(threads, mine, "values", n, "gradient", path)

    def samples(self, threads, sizes):
        n, count = 10, 10000
        path = self.circuit("samples", n, hardware_efficient(n, 5),
                            [("ZZ" + "I" * (n - 2), 1)])
        for what in ("losses", "gradients"):
            mine = self.ours(threads, "samples", path, count, what)
            values = mine["norms" if what == "gradients" else "values"]
            p = len(mine["angles"]) // len(values)
            points = [mine["angles"][i * p:(i + 1) * p] for i in range(len(values))]
            angles = os.path.join(self.folder, "angles")
            with open(angles, "w") as out:
                json.dump(points, out)
            self.compare(f"one of {count} {what}, p {p}", mine["seconds"] / count,
                         values, self.peers("samples", path, threads, [angles, what]),
                         10.0)
            self.single(threads, mine, "norms" if what == "gradients" else "values",
                        p if what == "gradients" else 1, "samples", path, count, what,
                        count=count)


def main(argv):
    if argv[:1] == ["--peer"]:
        run_peer(argv[1], argv[2], argv[3], argv[4:])
        return 0
    if not argv:
        sys.exit(__doc__)
    program, threads, sizes, tasks = os.path.abspath(argv[0]), [1, 2], SIZES, []
    rest = iter(argv[1:])
    for word in rest:
        if word == "--quick":
            sizes = SIZES[:2]
        elif word == "--peers":
            PEERS[:] = next(rest).split(",")
        elif word == "--qubits":
            wanted = {int(n) for n in next(rest).split(",")}
            sizes = [size for size in SIZES if size[0] in wanted]
        elif word == "--threads":
            threads = [int(t) for t in next(rest).split(",")]
        else:
            tasks.append(word)
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ.get("LIESCAPE_BENCH_VENV")
        python = make_environment(environment or os.path.join(folder, "venv"))
        bench = Bench(program, python, folder)
        for t in threads:
            print(f"{t} thread(s), double precision, milliseconds:", flush=True)
            for task in tasks or ["run", "gradient", "samples"]:
                if task == "copy":
                    bench.copy(t)
                else:
                    getattr(bench, task)(t, sizes)
    print(f"{bench.wrong} differ, {bench.behind} behind a goal")
    return 1 if bench.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
