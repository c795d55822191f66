#!/bin/sh
# wheel.sh WHEEL SOURCE - installs the wheel into a new virtual environment, with real
# toolkits from PyPI, and runs every test there with no path to compilers, to libraries of
# this build or to its program. $PYTHON chooses the Python.
set -eu
wheel=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
source=$(cd "$2" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
"${PYTHON:-python3}" -m venv "$tmp/venv"
bare() {
  env -i PATH="$tmp/venv/bin" HOME="$tmp" MPLBACKEND=Agg PYTHONDONTWRITEBYTECODE=1 \
    LIESCAPE_EXAMPLES="$source/examples" "$tmp/venv/bin/python" "$@"
}
pip() { "$tmp/venv/bin/python" -m pip install -q --disable-pip-version-check "$@"; }

pip --no-deps "$wheel"
cd "$tmp"
bare - <<'LIBRARIES'
import os, re, subprocess, sys, sysconfig
import liescape
home = sysconfig.get_path("platlib")
loader = "/lib64/ld-linux-x86-64.so.2" if os.uname().machine == "x86_64" else \
    "/lib/ld-linux-aarch64.so.1"
for name in ("bin/liescape", "lib/libliescape.so.0"):
    said = subprocess.run([loader, "--list", f"{home}/liescape/{name}"], check=True,
                          capture_output=True, text=True).stdout
    of_the_system = re.compile(r"(ld-linux|linux-vdso|lib(c|m|pthread|dl|rt|gcc_s|stdc\+\+)\.so)")
    for library, path in re.findall(r"(\S+) => (\S+)", said):
        if not of_the_system.match(library) and not os.path.realpath(path).startswith(
                os.path.realpath(home)):
            sys.exit(f"{name} needs {path}, which the wheel does not carry")
import ctypes
library = ctypes.CDLL(f"{home}/liescape/lib/libliescape.so.0")
library.liescape_version.restype = ctypes.c_char_p
assert library.liescape_version().decode() == liescape.__version__ == liescape.version()
print("every library is in the wheel or of the system")
LIBRARIES
bare "$source/python/tests/test_package.py"
pip -r "$source/python/tests/toolkits.txt"
bare "$source/python/tests/test_toolkits.py"
bare "$source/python/tests/test_shown.py"
