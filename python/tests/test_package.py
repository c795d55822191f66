"""The package without any other: what it writes, reads, refuses and interrupts."""
import json
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest
from fractions import Fraction
from pathlib import Path

import simulate

import liescape
from liescape import _run, exact, numbers
from liescape.affine import affine_forms
from liescape.pauli import PauliSum
from liescape.qasm import Angle, Writer

EXAMPLES = Path(os.environ.get("LIESCAPE_EXAMPLES",
                               Path(__file__).resolve().parents[2] / "examples"))


class Numbers(unittest.TestCase):
    def test_read(self):
        self.assertEqual(numbers.read("-11/276"), Fraction(-11, 276))
        self.assertIsNone(numbers.read(None))
        ball = numbers.read({"mid": "0.5", "rad": "1e-3"})
        self.assertEqual((ball.mid, ball.rad), (Fraction(1, 2), Fraction(1, 1000)))
        self.assertIn(Fraction(1001, 2000), ball)
        self.assertNotIn(0.6, ball)
        for text, value in (("2/9*pi^2", 2.193245422464302),
                            ("(1 - 1/4*sqrt(2))*pi^2", 6.380172301269919)):
            self.assertAlmostEqual(float(numbers.read(text)), value, places=14)
        self.assertEqual(pickle.loads(pickle.dumps(ball)), ball)

    def test_meant(self):
        for value, meant in ((0.1, "1/10"), (1 / 3, "1/3"), (-0.81054798, "-0.81054798"),
                             (2, "2"), (1e-30, "1e-30")):
            self.assertEqual(exact.number(value), Fraction(meant))
        self.assertEqual(exact.multiple_of_pi(3.141592653589793 / 8), Fraction(1, 8))
        self.assertIsNone(exact.multiple_of_pi(0.3927))
        self.assertEqual(exact.multiple_of_pi(0.0), 0)

    def test_short(self):
        self.assertEqual(numbers.short(Fraction(1, 17)), "1/17")
        self.assertEqual(numbers.short(Fraction(10) ** 500), "1e+500")
        self.assertEqual(numbers.short(None), "unknown")


class Operators(unittest.TestCase):
    def test_order(self):
        self.assertEqual(str(PauliSum.from_label("XXI")), "X0 X1")
        self.assertEqual(str(PauliSum.from_label("XXI", order="right")), "X1 X2")

    def test_sum(self):
        total = PauliSum.from_label("XI", 0.5) + PauliSum.from_label("ZZ", -1)
        self.assertEqual(str(total), "1/2 X0 - Z0 Z1")
        self.assertTrue(total.anticommuting_pair())
        self.assertFalse(PauliSum({((0, "X"), (1, "X")): 1, ((0, "Z"), (1, "Z")): 1})
                         .anticommuting_pair())
        with self.assertRaises(liescape.ConversionError):
            PauliSum.from_label("X", 1j)


class Text(unittest.TestCase):
    def test_names(self):
        writer = Writer(["a b", "a_b", "θ[0]", "θ[1]", "x", "n[1]", "n[0]", "7"], 1)
        words = writer.original_names()
        self.assertEqual(list(words.values()), ["a b", "a_b", "θ[0]", "θ[1]", "x", "n[1]",
                                                "n[0]", "7"])
        self.assertEqual(len(words), 8)
        self.assertIn("θ[0]", words)
        self.assertNotIn("x", words)  # a gate
        for k, name in enumerate(words.values()):
            writer.gate("rx", [Angle({name: k + 1})], [0])
        ansatz = liescape.Ansatz(text=writer.text(), format="qasm", names=words)
        result = liescape.certify(ansatz, "Z0")
        self.assertEqual(set(result.landscapes[0].finite_depth.gradient_variance),
                         set(words.values()))

    def test_rotation_and_angle(self):
        writer = Writer(["a", "b"], 3)
        writer.gate("h", [], [0])
        writer.gate("ry", [0.3], [2])
        writer.rotation([(0, "Y"), (1, "X"), (2, "Z")],
                        Angle({"a": Fraction(2, 3), "b": -1}, 0.25, {"b": Fraction(1, 7)}))
        state = simulate.run(writer.text(), {"a": 0.7, "b": 0.2})
        start = Writer([], 3)
        start.gate("h", [], [0])
        start.gate("ry", [0.3], [2])
        expected = simulate.run(start.text(), {})
        simulate._rotate(expected, [(0, "Y"), (1, "X"), (2, "Z")],
                         1.4 / 3 - 0.2 + 0.25 + 0.2 * 3.141592653589793 / 7)
        self.assertLess(max(abs(a - b) for a, b in zip(state, expected)), 1e-12)

    def test_affine_forms(self):
        rows = [[0.5, 0, 0, 0, 2], [0, 1 / 3, 0, 0, 0], [0, 0, 0, 0, 0], [0, -1, 0, 1, 0]]
        base = [0.0, 0.7, 0.1, 0.0]

        def evaluate(point):
            return ([("gate", "rx", (0,), 1)] * 4,
                    [b + sum(c * x for c, x in zip(row, point)) for row, b in zip(rows, base)])
        _, _, forms = affine_forms(evaluate, "abcde")
        self.assertEqual([form.terms for form in forms],
                         [{"a": Fraction(1, 2), "e": 2}, {"b": Fraction(1, 3)}, {},
                          {"b": -1, "d": 1}])
        with self.assertRaisesRegex(liescape.ConversionError, "gate 0.*no sum of multiples"):
            affine_forms(lambda p: ([("gate", "rx", (0,), 1)], [p[0] * p[1]]), "ab")
        with self.assertRaisesRegex(liescape.ConversionError, "which gates"):
            affine_forms(lambda p: ([("gate", "rx", (0,), 1)] * (1 + (p[0] > 0)),
                                    [p[0]] * (1 + (p[0] > 0))), "a")


class Certify(unittest.TestCase):
    def test_generators(self):
        r = liescape.certify(["XXI", "IXX", "ZII"], observable="ZZI")
        generators = [PauliSum.from_label(label) for label in ("XXI", "IXX", "ZII")]
        self.assertEqual(r.algebra.dimension, simulate.algebra_dimension(generators, 3))
        self.assertTrue(r.algebra.proved)
        self.assertEqual(r.landscapes[0].variance, Fraction(1, 2))
        self.assertEqual(r.landscapes[0].observable, "Z0 Z1")
        self.assertEqual(list(r.landscapes[0].gradient_variance), ["XXI", "IXX", "ZII"])
        self.assertIn(r.verdict, ("yes", "no", "undecided"))
        self.assertEqual(r.certificate["ansatz"]["qubits"], 3)
        self.assertEqual(r.num_qubits, 3)

    def test_order_is_said(self):
        left = liescape.certify(["XII", "ZII", "ZZI"], "ZII")
        right = liescape.certify(["IIX", "IIZ", "IZZ"], "IIZ", order="right")
        self.assertEqual(left.source, right.source)
        self.assertEqual(left.certificate["landscapes"], right.certificate["landscapes"])

    def test_several_inputs(self):
        r = liescape.certify(["X0", "Z0", "Z0 Z1", "X1"], ["Z0", {"ZZ": 0.5, "XI": 2}],
                             ["zero", "plus"])
        self.assertEqual([(one.observable, one.state) for one in r.landscapes],
                         [("Z0", "zero"), ("Z0", "plus"), ("2 X0 + 1/2 Z0 Z1", "zero"),
                          ("2 X0 + 1/2 Z0 Z1", "plus")])

    def test_path_text_and_set(self):
        path = EXAMPLES / "hardware_efficient.qasm"
        by_path = liescape.certify(path)
        by_text = liescape.certify(path.read_text(encoding="utf-8"))
        self.assertEqual(by_path.certificate["landscapes"], by_text.certificate["landscapes"])
        self.assertEqual(by_path.landscapes[0].variance, Fraction(1, 17))
        self.assertEqual(by_path.verdict, "yes")
        self.assertEqual(by_path.algebra.name, "su(16)")
        self.assertTrue(by_path.landscapes[0].verdict.shots_per_gradient.typical > 0)
        self.assertEqual(liescape.certify(path, set={"n": 3}).num_qubits, 3)

    def test_own_depth_by_brute_force(self):
        """Two shared angles, an offset, and an operator on a state: by quadrature."""
        writer = Writer(["alpha", "beta"], 2)
        for qubit in (0, 1):
            writer.gate("rx", [Angle({"alpha": 1})], [qubit])
        writer.rotation([(0, "Z"), (1, "Z")], Angle({"beta": 2}))
        writer.gate("ry", [Angle({"alpha": -1}, 3.141592653589793 / 2)], [1])
        ansatz = liescape.Ansatz(text=writer.text(), format="qasm",
                                 names=writer.original_names())
        operator = PauliSum({((0, "Z"),): 1, ((0, "X"), (1, "Y")): 0.5})
        mean, variance, slopes = simulate.grid_moments(
            lambda values: simulate.loss(ansatz, operator, values), ["alpha", "beta"], 16)
        own = liescape.certify(ansatz, operator).landscapes[0].finite_depth
        self.assertAlmostEqual(float(own.mean), mean, 9)
        self.assertAlmostEqual(float(own.variance), variance, 9)
        for name, value in own.gradient_variance.items():
            self.assertAlmostEqual(float(value), slopes[name], 6)

    def test_dead_parameters_and_names(self):
        text = textwrap.dedent("""\
            OPENQASM 3.0;
            include "stdgates.inc";
            input float alive;
            input float dead;
            qubit[2] q;
            rx(alive) q[0];
            rx(dead) q[1];
            """)
        own = liescape.certify(text, "Z0").landscapes[0]
        self.assertEqual(own.dead_parameters, ["dead"])
        self.assertEqual(list(own.gradient_variance), ["alive", "dead"])

    def test_dead_parameters_by_the_names_given(self):
        writer = Writer(["a b", "x"], 2)
        writer.gate("rx", [Angle({"a b": 1})], [0])
        writer.gate("rx", [Angle({"x": 1})], [1])
        ansatz = liescape.Ansatz(text=writer.text(), format="qasm",
                                 names=writer.original_names())
        self.assertEqual(liescape.certify(ansatz, "Z0").landscapes[0].dead_parameters, ["x"])
        self.assertEqual(liescape.certify(["XI", "IX"], "ZI").landscapes[0].dead_parameters,
                         ["IX"])

    def test_operators_and_states(self):
        r = liescape.certify("qubits 2\ngenerator X0 + X1\ngenerator Z0 + Z1\n", "Z0",
                             operators=True, expressibility=True)
        self.assertEqual(r.operators.centre, [])
        self.assertEqual(r.operators.commutant_dimension, 2)  # the triplet and the singlet
        self.assertIn("X0 X1 + Y0 Y1 + Z0 Z1", r.operators.commutant)
        (reached,) = r.expressibility
        # spin 1, coherent states: cos^4 and cos^8 of half an angle over the sphere
        self.assertEqual(reached.frame_potentials, [Fraction(1, 3), Fraction(1, 5)])
        self.assertEqual(reached.entanglement, 0)
        self.assertEqual(reached.haar.frame_potentials, [Fraction(1, 4), Fraction(1, 10)])
        self.assertEqual(reached.finite_depth.reason_code, "no_depth")
        self.assertIsNone(liescape.certify("qubits 1\ngenerator X0\n", "Z0",
                                           ).operators.commutant)

    def test_reasons(self):
        own = liescape.certify(["X0"], "Z0").landscapes[0].finite_depth
        self.assertIsNone(own.variance)
        self.assertIn("no depth", own.reason)
        self.assertTrue(own.reason_code)

    def test_angles(self):
        writer = Writer(["w[0]", "w[1]"], 1)
        for k in (0, 1):
            writer.gate("rx", [Angle({f"w[{k}]": 1})], [0])
        ansatz = liescape.Ansatz(text=writer.text(), format="qasm",
                                 names=writer.original_names())
        warm = liescape.certify(ansatz, "Z0", angles={"w": "interval:1/10"})
        one = liescape.certify(ansatz, "Z0", angles={"w[1]": "interval:1/10"})
        self.assertGreater(float(warm.landscapes[0].finite_depth.mean), 0.99)
        self.assertEqual(float(one.landscapes[0].finite_depth.mean), 0)
        with self.assertRaisesRegex(liescape.InputError, "no parameter v"):
            liescape.certify(ansatz, "Z0", angles={"v": "interval:1/10"})

    def test_sweep(self):
        family = liescape.certify(EXAMPLES / "hardware_efficient.qasm", sweep={"n": [2, 3, 4]})
        self.assertEqual([r.algebra.dimension for r in family], [15, 63, 255])
        self.assertEqual(family.values, ["2", "3", "4"])
        self.assertEqual(family[2].landscapes[0].variance, Fraction(1, 17))
        self.assertIn("gradient_variance", family.growth)

    def test_verify_and_check(self):
        r = liescape.certify(["X0", "Z0", "Z0 Z1", "X1"], "Z0")
        self.assertTrue(r.check().ok)
        report = r.verify(samples=500, seed=3)
        self.assertTrue(report.consistent, report.checks)
        self.assertTrue(report.checks and all(check.holds for check in report.checks))
        forged = json.loads(json.dumps(r.certificate))
        forged["landscapes"][0]["variance"] = "1/7"
        self.assertFalse(liescape.check(forged).ok)

    def test_save(self):
        r = liescape.certify(["X0", "Z0"], "Z0")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "certificate.json"
            r.save(path)
            self.assertTrue(liescape.check(path).ok)

    def test_shown(self):
        r = liescape.certify(["X0", "Z0", "Z0 Z1", "X1"], "Z0")
        self.assertTrue(str(r).startswith("trainable: "))
        self.assertIn(f"{r.algebra.name} of dimension 10", repr(r))
        page = r._repr_html_()
        self.assertIn(r.verdict, page)
        self.assertIn(r.algebra.name, page)
        self.assertEqual([row["parameter"] for row in r.rows()], ["X0", "Z0", "Z0 Z1", "X1"])


class Version(unittest.TestCase):
    def test_of_the_program(self):
        from liescape._version import VERSION
        self.assertEqual(liescape.version(), VERSION)
        self.assertEqual(liescape.__version__, VERSION)


class Formats(unittest.TestCase):
    """Certificates of format 1 and 2, made up: none of these numbers is true."""

    def test_verdicts(self):
        for shots in ({"shots_per_gradient": "3", "shots_per_gradient_worst": "9/2"},
                      {"shots_per_gradient": {"typical": "3", "worst": "9/2"}}):
            r = liescape.Result({"ansatz": {"qubits": 1, "parameters": 1},
                                 "landscapes": [{"observable": "Z0", "state": "zero",
                                                 "gradient_variance": ["1/3"],
                                                 "verdict": {"trainable": "no", **shots}}]})
            found = r.landscapes[0].verdict.shots_per_gradient
            self.assertEqual((found.typical, found.worst), (3, Fraction(9, 2)))
            self.assertEqual(r.verdict, "no")
            self.assertEqual(r.landscapes[0].gradient_variance, {"p0": Fraction(1, 3)})
            self.assertIsNone(r.landscapes[0].finite_depth.variance)
            self.assertIn("no", r._repr_html_())

    def test_initialisation(self):
        row = {"width": "1/8", "mean": "0", "variance": {"mid": "0.5", "rad": "1e-9"},
               "median_gradient_variance": "1/4", "mean_square": "1", "shots": "2",
               "gradients": "yes"}
        data = {"law": "normal", "noisy": False, "widths": [row], "best": "1/8"}
        found = liescape.landscape.Landscape({"initialisation": data}, []).initialisation
        self.assertEqual(found.best, Fraction(1, 8))
        self.assertEqual(found.widths[0].shots, 2)
        self.assertEqual(found.widths[0].gradient_variance, Fraction(1, 4))
        self.assertIsNone(liescape.landscape.Landscape({}, []).initialisation)

    def test_noise_and_kernel(self):
        noise = {"channel": "x", "mean": "0", "variance": {"mid": "0.5", "rad": "1e-9"},
                 "gradient_variance": ["1/5"]}
        r = liescape.Result({"ansatz": {"qubits": 1, "parameters": 1, "parameter_names": ["t"]},
                             "kernel": {"deep": [["1"]]},
                             "landscapes": [{"observable": "Z0", "state": "zero",
                                             "noise": noise}]})
        found = r.landscapes[0].noise
        self.assertEqual(found.gradient_variance, {"t": Fraction(1, 5)})
        self.assertEqual(found.variance.mid, Fraction(1, 2))
        self.assertEqual(r.kernel["deep"], [["1"]])


class Refusals(unittest.TestCase):
    def test_place(self):
        with self.assertRaises(liescape.InputError) as caught:
            liescape.certify("OPENQASM 3.0;\nqubit[2] q;\nfoo q[0];\n")
        error = caught.exception
        self.assertEqual((error.line, error.column), (3, 1))
        self.assertEqual(error.message, "unknown gate 'foo'")
        self.assertIn("foo q[0];", error.excerpt)

    def test_no_such(self):
        for circuit, words in ((["hello"], "no operator"), ([], "no generators"),
                               (3, "a int is neither"), ("XX", "in a list"),
                               (["X0\ngenerator Z0"], "one line")):
            with self.assertRaisesRegex(liescape.LiescapeError, words):
                liescape.certify(circuit, "Z0")
        with self.assertRaises(liescape.InputError):
            liescape.certify("there-is-no-such-file.qasm")
        with self.assertRaisesRegex(liescape.InputError, "frobnicate"):
            liescape.certify(["X0"], "Z0", frobnicate=3)
        with self.assertRaisesRegex(liescape.ConversionError, 'order is "left"'):
            liescape.certify(["XX"], "ZZ", order="up")

    def test_widths(self):
        for generators, observable, said in (
                (["XXI", "IX"], None, "on 2 qubits"),
                (["XXI", "IXX"], "ZZ", "on 2 qubits, the circuit on 3"),
                (["XXI", "IXX"], {"ZZI": 1, "ZZ": 1}, "labels of 3 and of 2 qubits"),
                (["XX", "ZI"], [("ZZ", 1.0)], "a sum of labels is a dict")):
            with self.assertRaises(liescape.ConversionError) as caught:
                liescape.certify(generators, observable)
            self.assertIn(said, str(caught.exception))
        one = liescape.certify(["X0 X1", "Z2"], "Z0")  # written with indices: any number
        self.assertEqual(one.num_qubits, 3)

    def test_program(self):
        before = os.environ.get("LIESCAPE")
        with tempfile.TemporaryDirectory() as folder:
            fake = Path(folder) / "fake"
            fake.write_text("#!/bin/sh\nkill -SEGV $$\n")
            fake.chmod(0o755)
            try:
                os.environ["LIESCAPE"] = str(fake)
                with self.assertRaisesRegex(liescape.ProgramError, "signal 11"):
                    liescape.certify(["X0"], "Z0")
                os.environ["LIESCAPE"] = folder + "/none"
                with self.assertRaisesRegex(liescape.ProgramError, "cannot be run"):
                    liescape.certify(["X0"], "Z0")
            finally:
                if before is None:
                    del os.environ["LIESCAPE"]
                else:
                    os.environ["LIESCAPE"] = before

    def test_limits(self):
        r = liescape.certify(EXAMPLES / "xxz_hva.ops", max_dimension=3)
        self.assertFalse(r.complete)
        self.assertFalse(r.algebra.proved)
        self.assertTrue(r.algebra.reason)
        self.assertIsNone(r.landscapes[0].variance)
        self.assertTrue(r.landscapes[0].reason)


class Children(unittest.TestCase):
    def test_progress(self):
        lines = []
        script = ("import sys, time\n"
                  "for k in range(6):\n"
                  "    sys.stderr.write('\\r\\033[Kliescape: stage %d' % k)\n"
                  "    sys.stderr.flush(); time.sleep(0.15)\n"
                  "sys.stderr.write('\\r\\033[K'); sys.stderr.write('liescape: a:1:2: bad\\n')\n"
                  "sys.exit(2)\n")
        with tempfile.TemporaryDirectory() as folder:
            fake = Path(folder) / "fake"
            fake.write_text(f"#!{sys.executable}\n{script}")
            fake.chmod(0o755)
            before = os.environ.get("LIESCAPE")
            os.environ["LIESCAPE"] = str(fake)
            try:
                with self.assertRaises(liescape.InputError) as caught:
                    _run.run([], progress=lines.append)
            finally:
                if before is None:
                    del os.environ["LIESCAPE"]
                else:
                    os.environ["LIESCAPE"] = before
        self.assertEqual(str(caught.exception), "liescape: a:1:2: bad")
        self.assertTrue(any(line.startswith("stage") for line in lines), lines)
        self.assertEqual(lines[-1], "")

    def test_interrupt(self):
        """Ctrl-C in the middle: KeyboardInterrupt, soon, and no child is left."""
        script = textwrap.dedent("""
            import signal, sys, liescape
            # a shell starts what it runs in the background without it
            signal.signal(signal.SIGINT, signal.default_int_handler)
            print("begin", flush=True)
            try:
                liescape.verify(sys.argv[1], samples=10**8, set={"n": 8})
            except KeyboardInterrupt:
                print("interrupted", flush=True)
            """)
        path = str(EXAMPLES / "hardware_efficient.qasm")
        with tempfile.TemporaryDirectory() as folder:
            child = subprocess.Popen([sys.executable, "-c", script, path], cwd=folder,
                                     stdout=subprocess.PIPE, text=True)
            self.assertEqual(child.stdout.readline(), "begin\n")
            time.sleep(2)
            below = _children(child.pid)
            start = time.time()
            child.send_signal(signal.SIGINT)
            self.assertEqual(child.stdout.readline(), "interrupted\n")
            child.wait()
            child.stdout.close()
            self.assertLess(time.time() - start, 8)
        self.assertTrue(below, "the program was not running")
        self.assertFalse([pid for pid in below if os.path.exists(f"/proc/{pid}/exe")])


def _children(pid):
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return path.read_text().split() if path.exists() else ["unknown"]


if __name__ == "__main__":
    unittest.main()
