"""Graphs in GraphML, read by networkx."""

from __future__ import annotations

import warnings
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.tables.cells import is_number, quoted_short, whole
from sim.tables.edge_columns import WEIGHTS
from sim.tables.edge_table import EdgeTable, loops_said
from sim.tables.titles import is_id, plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MAX_BYTES = 1 << 28
READ_ERRORS = (
    ValueError,
    LookupError,
    SyntaxError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
    MemoryError,
)
"""What networkx raises at files that are damaged."""


def read_graphml(place: Path) -> EdgeTable:
    """Read the edges of a GraphML file.

    Raises
    ------
    ValueError
        If networkx is missing, it is not GraphML, or only some edges have weights.
    """
    graph = _graph(place)
    nodes = list(graph.nodes)
    number, how = _numbered(nodes)
    key = _weight_key(place.name, graph)
    edges = list(graph.edges(data=key))
    if not edges:
        raise ValueError(f"{place.name}: has no edges. Draw one at least.")
    pairs = np.array([(number[a], number[b]) for a, b, _ in edges], dtype=np.int64)
    default = graph.graph.get("edge_default", {}).get(key)
    weights = [
        _weight(place.name, a, b, default if w is None else w) for a, b, w in edges
    ]
    missing = next((k for k, w in enumerate(weights) if w is None), None)
    given = [w for w in weights if w is not None]
    if missing is not None and given:
        a, b, _ = edges[missing]
        raise ValueError(
            f"{place.name}: the edge {a} – {b} has no weight, and others have one. "
            "Give all a weight, or none."
        )
    said = [f"{len(edges):,} edge{'s' if len(edges) > 1 else ''}, {how}"]
    said = [f"{said[0]}{loops_said(pairs)}."]
    said += [f"Weights from the attribute {key!r}." if given else "No weights."]
    said += ["Directions are not used."] if graph.is_directed() else []
    weight = np.array(given, dtype=np.float64) if given else None
    return EdgeTable(pairs.reshape(-1, 2), weight, len(nodes), tuple(said))


def _weight_key(name: str, graph: Any) -> str:
    """Return the attribute of edges that holds weights.

    Raises
    ------
    ValueError
        If it is not called so, but holds numbers.
    """
    kinds: dict[str, set[type]] = {}
    for _, _, data in graph.edges(data=True):
        for key, value in data.items():
            kinds.setdefault(str(key), set()).add(type(value))
    known = [key for known in WEIGHTS for key in kinds if plain(key) == known]
    if known:
        return known[0]
    for key, types in kinds.items():
        if types <= {int, float} and not is_id(key):
            raise ValueError(
                f"{name}: the attribute {key!r} of edges holds numbers: are they "
                "weights? Call it weight, or leave it out."
            )
    return WEIGHTS[0]


def _graph(place: Path) -> Any:
    try:
        import networkx
    except ImportError:
        raise ValueError(
            f"{place.name}: GraphML is read by networkx. Install it with pip install "
            "networkx, or save the graph as an edge list, source,target a line."
        ) from None
    if place.stat().st_size > MAX_BYTES:
        raise ValueError(
            f"{place.name}: has more than {MAX_BYTES:,} bytes. Save it as an edge list."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of types that networkx does not know
            return networkx.read_graphml(place)
    except (networkx.NetworkXError, *READ_ERRORS) as error:
        why = (str(error) or type(error).__name__).splitlines()[0][:120]
        raise ValueError(f"{place.name}: is not GraphML ({why}).") from None


def _numbered(nodes: Sequence[Any]) -> tuple[dict[Any, int], str]:
    """Return the number of every node: its own if they are 0 … n − 1, else by order.

    The order is that of other whole numbers, or of the file.
    """
    own = [whole(str(node)) for node in nodes]
    if sorted(k for k in own if k is not None) == list(range(len(nodes))):
        numbers = {n: k for n, k in zip(nodes, own, strict=True) if k is not None}
        return numbers, f"nodes are numbers from 0 to {len(nodes) - 1}"
    ids = [k for k in own if k is not None]
    if len(set(ids)) == len(nodes) and ids != sorted(ids):
        ranked = sorted(zip(ids, nodes, strict=True), key=itemgetter(0))
        order = {node: k for k, (_, node) in enumerate(ranked)}
        return order, f"{len(nodes):,} nodes, numbered from 0 in the order of their ids"
    order = {node: k for k, node in enumerate(nodes)}
    return order, f"{len(nodes):,} nodes, numbered as the file lists them"


def _weight(name: str, a: Any, b: Any, weight: Any) -> float | None:
    if weight is None:
        return None
    if isinstance(weight, bool) or not is_number(str(weight)):
        raise ValueError(
            f"{name}: the edge {a} – {b} has the weight {quoted_short(str(weight))}, "
            "no number. Fix it, or leave the attribute out."
        )
    return float(str(weight))
