"""Graphs of networkx: QAOA for MaxCut (Farhi, Goldstone, Gutmann 2014, arXiv:1411.4028).

Layer l is exp(-i gamma_l sum w_ij Z_i Z_j / 2) and then exp(-i beta_l sum X_i), on the
state plus. The observable is minus the cut, sum w_ij (Z_i Z_j - 1) / 2.
"""
from __future__ import annotations

from fractions import Fraction
from typing import Any, Mapping

from .._errors import ConversionError
from ..ansatz import Ansatz
from ..exact import number
from ..pauli import PauliSum
from ..qasm import Angle, Writer


def is_operator(thing: Any) -> bool:
    return False


def operator(thing: Any, *, qubits: Mapping[object, int] = {}, generator: bool = False) -> PauliSum:
    """Minus the cut, as an observable of another circuit."""
    numbers = qubits or {node: k for k, node in enumerate(thing.nodes)}
    total = PauliSum(num_qubits=len(thing))
    for a, b, data in thing.edges(data=True):
        weight = number(data.get("weight", 1)) / 2
        total.add([(numbers[a], "Z"), (numbers[b], "Z")], weight)
        total.add([], -weight)
    return total


def ansatz(graph: Any, *, layers: int = 1, **options: Any) -> Ansatz:
    if graph.is_directed():
        raise ConversionError("the graph is directed; MaxCut is about undirected ones")
    if not graph.edges:
        raise ConversionError("the graph has no edges")
    loops = [a for a, b in graph.edges() if a == b]
    if loops:
        raise ConversionError(f"node {loops[0]} has an edge to itself")
    numbers = {node: k for k, node in enumerate(graph.nodes)}
    names = [f"gamma[{k}]" for k in range(layers)] + [f"beta[{k}]" for k in range(layers)]
    writer = Writer(names, len(numbers))
    cut = operator(graph, qubits=numbers)
    mixer = PauliSum({((k, "X"),): 1 for k in range(len(numbers))}, len(numbers))
    couplings = PauliSum({term: value for term, value in cut.terms.items() if term},
                         len(numbers))
    for layer in range(layers):
        writer.exponential(couplings, Angle({f"gamma[{layer}]": Fraction(1)}))
        writer.exponential(mixer, Angle({f"beta[{layer}]": Fraction(1)}))
    return Ansatz(text=writer.text("QAOA for MaxCut"), format="qasm",
                  names=writer.original_names(), observables=[cut], states=["plus"],
                  qubits=dict(numbers))
