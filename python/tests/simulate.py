"""State vectors of the programs that the package writes, in plain Python: gate matrices
from the OpenQASM 3 standard library, independent of liescape. Qubit 0 is the lowest bit."""
import cmath
import itertools
import math
import re

_R = math.sqrt(0.5)
_FIXED = {
    "x": [[0, 1], [1, 0]], "y": [[0, -1j], [1j, 0]], "z": [[1, 0], [0, -1]],
    "h": [[_R, _R], [_R, -_R]], "s": [[1, 0], [0, 1j]], "sdg": [[1, 0], [0, -1j]],
    "t": [[1, 0], [0, cmath.exp(0.25j * math.pi)]],
    "tdg": [[1, 0], [0, cmath.exp(-0.25j * math.pi)]],
    "sx": [[0.5 + 0.5j, 0.5 - 0.5j], [0.5 - 0.5j, 0.5 + 0.5j]],
    "sxdg": [[0.5 - 0.5j, 0.5 + 0.5j], [0.5 + 0.5j, 0.5 - 0.5j]]}
_ALIAS = {"cnot": "cx", "phaseshift": "p", "xx": "rxx", "yy": "ryy", "zz": "rzz",
          "si": "sdg", "ti": "tdg", "v": "sx", "vi": "sxdg", "ccnot": "ccx", "i": "id",
          "cphaseshift": "cp", "u1": "p", "cu1": "cp", "cu3": "cU", "u": "U", "u3": "U"}


def _single(name, a):
    c, s = (math.cos(a[0] / 2), math.sin(a[0] / 2)) if a else (0, 0)
    if name == "rx":
        return [[c, -1j * s], [-1j * s, c]]
    if name == "ry":
        return [[c, -s], [s, c]]
    if name == "rz":
        return [[cmath.exp(-0.5j * a[0]), 0], [0, cmath.exp(0.5j * a[0])]]
    if name == "p":
        return [[1, 0], [0, cmath.exp(1j * a[0])]]
    if name == "U":
        return [[c, -cmath.exp(1j * a[2]) * s],
                [cmath.exp(1j * a[1]) * s, cmath.exp(1j * (a[1] + a[2])) * c]]
    if name == "u2":
        return _single("U", [math.pi / 2, a[0], a[1]])
    if name == "r":
        return [[c, -1j * cmath.exp(-1j * a[1]) * s], [-1j * cmath.exp(1j * a[1]) * s, c]]
    return _FIXED[name]


def _apply_single(state, matrix, qubit, controls):
    mask = sum(1 << k for k in controls)
    bit = 1 << qubit
    for index in range(len(state)):
        if index & bit or index & mask != mask:
            continue
        a, b = state[index], state[index | bit]
        state[index] = matrix[0][0] * a + matrix[0][1] * b
        state[index | bit] = matrix[1][0] * a + matrix[1][1] * b


def pauli(state, term):
    """The string applied to a state: pairs of a qubit and a letter."""
    out = list(state)
    for qubit, letter in term:
        _apply_single(out, _FIXED[letter.lower()], qubit, [])
    return out


def _rotate(state, term, angle):
    turned = pauli(state, term)
    c, s = math.cos(angle / 2), -1j * math.sin(angle / 2)
    state[:] = [c * a + s * b for a, b in zip(state, turned)]


def _gate(state, name, angles, qubits):
    name = _ALIAS.get(name, name)
    if name == "id":
        return
    if name in ("swap", "cswap", "iswap"):
        a, b = qubits[-2:]
        out = list(state)
        for index in range(len(state)):
            if name == "cswap" and not index >> qubits[0] & 1:
                continue
            if (index >> a & 1) != (index >> b & 1):
                out[index ^ (1 << a) ^ (1 << b)] = state[index] * (1j if name == "iswap" else 1)
        state[:] = out
    elif name in ("rxx", "ryy", "rzz"):
        _rotate(state, [(q, name[1].upper()) for q in qubits], angles[0])
    elif name == "rzx":
        _rotate(state, list(zip(qubits, "ZX")), angles[0])
    elif name == "xy":  # Braket: exp(+i angle/4 (XX + YY))
        for letter in "XY":
            _rotate(state, [(q, letter) for q in qubits], -angles[0] / 2)
    elif name == "cu":
        _apply_single(state, _single("p", angles[3:]), qubits[0], [])
        _apply_single(state, _single("U", angles[:3]), qubits[1], qubits[:1])
    elif len(qubits) > 1:
        base = name.lstrip("c")
        _apply_single(state, _single(base, angles), qubits[-1], qubits[:-1])
    else:
        _apply_single(state, _single(name, angles), qubits[0], [])


def run(text, values):
    """The state after the program; values: by the words of the text, arrays as lists."""
    size = int(re.search(r"qubit\[(\d+)\]", text)[1])
    state = [0j] * (1 << size)
    state[0] = 1
    scope = dict(values, pi=math.pi)
    for line in text.splitlines():
        match = re.fullmatch(r"(ctrl @ )?(\w+)(?:\((.*)\))? (q\[\d+\](?:, q\[\d+\])*);", line)
        if match is None:
            assert re.match(r"OPENQASM|include|input|qubit|//", line), line
            continue
        angles = [eval(piece, {"__builtins__": {}}, scope)
                  for piece in (match[3].split(", ") if match[3] else [])]
        qubits = [int(k) for k in re.findall(r"q\[(\d+)\]", match[4])]
        _gate(state, ("c" if match[1] else "") + match[2], angles, qubits)
    return state


def named(ansatz, values):
    """Values by the user's names as values by the words of the text."""
    scope = {}
    for word, name in ansatz.names.items():
        match = re.fullmatch(r"(\w+)\[(\d+)\]", word)
        if match:
            scope.setdefault(match[1], []).append(values[name])
        else:
            scope[word] = values[name]
    return scope


def expectation(state, operator):
    """<state| operator |state> of a PauliSum."""
    total = 0
    for term, value in operator.terms.items():
        turned = pauli(state, term)
        total += float(value) * sum(a.conjugate() * b for a, b in zip(state, turned)).real
    return total


def loss(ansatz, operator, values):
    return expectation(run(ansatz.text, named(ansatz, values)), operator)


def grid_moments(function, names, points, period=2 * math.pi):
    """Mean, variance and E[(df/dx)^2] of a trigonometric polynomial with fewer than
    points/2 frequencies in units of 2 pi/period, exactly but for rounding."""
    axis = [period * k / points for k in range(points)]
    losses, squares, slopes = 0.0, 0.0, dict.fromkeys(names, 0.0)
    step = 1e-4
    count = 0
    for place in itertools.product(axis, repeat=len(names)):
        values = dict(zip(names, place))
        here = function(values)
        losses += here
        squares += here * here
        count += 1
        for name in names:
            up = function(dict(values, **{name: values[name] + step}))
            down = function(dict(values, **{name: values[name] - step}))
            slopes[name] += ((up - down) / (2 * step)) ** 2
    mean = losses / count
    return mean, squares / count - mean * mean, {n: s / count for n, s in slopes.items()}


def algebra_dimension(generators, num_qubits):
    """Dimension of the Lie algebra of PauliSums, by brackets of exact vectors."""
    def bracket(a, b):
        out = {}
        for s, x in a.items():
            for t, y in b.items():
                sign, word = _commutator(s, t)
                if sign:
                    out[word] = out.get(word, 0) + sign * x * y
        return {word: value for word, value in out.items() if value}
    basis, rows = [], []

    def enlarge(vector):
        rest = dict(vector)
        for pivot, row in rows:
            if pivot in rest:
                factor = rest[pivot] / row[pivot]
                for word, value in row.items():
                    rest[word] = rest.get(word, 0) - factor * value
                    if not rest[word]:
                        del rest[word]
        if rest:
            rows.append((next(iter(rest)), rest))
            basis.append(vector)
        return bool(rest)
    first = []
    for one in generators:
        vector = {term: value for term, value in one.terms.items()}
        first.append(vector)
        enlarge(vector)
    at = 0
    while at < len(basis):
        for one in first:
            enlarge(bracket(one, basis[at]))
        at += 1
    return len(rows)


_PRODUCT = {("X", "Y"): (1, "Z"), ("Y", "Z"): (1, "X"), ("Z", "X"): (1, "Y"),
            ("Y", "X"): (-1, "Z"), ("Z", "Y"): (-1, "X"), ("X", "Z"): (-1, "Y")}


def _commutator(a, b):
    """[A, B] / (2i) of two strings: a sign, 0 when they commute, and a string."""
    a, b = dict(a), dict(b)
    power, word = 0, {}
    for qubit in set(a) | set(b):
        if qubit not in a or qubit not in b:
            word[qubit] = a.get(qubit) or b[qubit]
        elif a[qubit] != b[qubit]:
            sign, letter = _PRODUCT[a[qubit], b[qubit]]
            word[qubit] = letter
            power += sign
    if power % 2 == 0:
        return 0, ()
    return (1 if power % 4 == 1 else -1), tuple(sorted(word.items()))
