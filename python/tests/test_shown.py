"""What README and notebook show is what comes out: each snippet, each cell."""
import contextlib
import io
import json
import os
import re
import unittest
import warnings
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
READMES = (HERE.parent / "README.md", HERE.parents[1] / "README.md")
NOTEBOOK = Path(os.environ.get("LIESCAPE_EXAMPLES",
                               HERE.parents[1] / "examples")) / "notebook.ipynb"
PACKAGES = ("qiskit", "pennylane", "cirq", "braket", "openfermion", "networkx", "matplotlib",
            "pandas")


def missing(code):
    return [name for name in PACKAGES
            if re.search(rf"^\s*(?:import|from) {name}\b", code, re.M) and find_spec(name) is None]


def said(code, scope):
    out = io.StringIO()
    with contextlib.redirect_stdout(out), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(code, "<shown>", "exec"), scope)
    return out.getvalue()


class Readme(unittest.TestCase):
    def test_snippets(self):
        snippets = []
        for readme in READMES:
            text = readme.read_text(encoding="utf-8")
            found = re.findall(r"```python\n(.*?)```\n```text\n(.*?)```", text, re.S)
            self.assertEqual(len(found), text.count("```python"))
            snippets += found
        self.assertGreaterEqual(len(snippets), 8)
        for code, shown in snippets:
            with self.subTest(code=code):
                if missing(code):
                    self.skipTest(f"{missing(code)} is not installed")
                self.assertEqual(said(code, {"__name__": "snippet"}), shown)


class Notebook(unittest.TestCase):
    def test_cells(self):
        if find_spec("matplotlib"):
            import matplotlib
            matplotlib.use("Agg")
        cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
        codes = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        if missing("\n".join(codes)):
            self.skipTest(f"{missing(chr(10).join(codes))} are not installed")
        scope = {"__name__": "notebook"}
        for cell in cells:
            if cell["cell_type"] != "code":
                continue
            shown = "".join("".join(out["text"]) for out in cell["outputs"]
                            if out["output_type"] == "stream" and out["name"] == "stdout")
            with self.subTest(code="".join(cell["source"])):
                self.assertEqual(said("".join(cell["source"]), scope), shown)


if __name__ == "__main__":
    unittest.main()
