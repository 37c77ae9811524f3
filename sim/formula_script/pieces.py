"""Lines that a program of a formula may need: graphs, what dropout keeps, functions.

A piece is the text that defines a name; `reached` chooses those that a text uses.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
import zlib
from functools import cache
from typing import TYPE_CHECKING

from sim.expressions import functions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.attention.heads import Heads

FUNCTIONS = (
    functions.unit_vector,
    functions.without_mean,
    functions.leaking,
    functions.normal_gate,
    functions.rotated,
    functions.waves,
)
GRAPH = {
    "cells_i": "cells_i = [(i,) for i in range(size_i)]",
    "cells_ij": "cells_ij = [tuple(edge) for edge in edges.tolist()]",
    "adjacency": """\
adjacency = np.zeros((size_i, size_i), bool)
for i, j in cells_ij:
    adjacency[i, j] = adjacency[j, i] = True""",
    "edge_weight": """\
edge_weight = np.eye(size_i)
for (i, j), w_ij in zip(cells_ij, edge_weights):
    edge_weight[i, j] = edge_weight[j, i] = w_ij""",
    "cells_ijk": """\
cells_ijk = [
    (i, j, k)
    for i, j, k in itertools.combinations(range(size_i), 3)
    if adjacency[i, j] and adjacency[j, k] and adjacency[i, k]
]""",
    "d0": """\
d0 = np.zeros((len(cells_ij), size_i))
for e, (i, j) in enumerate(cells_ij):
    d0[e, i], d0[e, j] = -1, 1""",
    "d1": """\
d1 = np.zeros((len(cells_ijk), len(cells_ij)))
number = {edge: e for e, edge in enumerate(cells_ij)}
for row, (i, j, k) in enumerate(cells_ijk):
    d1[row, number[i, j]] = d1[row, number[j, k]] = 1
    d1[row, number[i, k]] = -1""",
    "size_e": "size_e = len(edges)",
}
KEPT = """\
def kept_in(t):
    \"\"\"Return which weights dropout keeps at the time t, as 0 and 1.\"\"\"
    layer = np.floor(t / {thickness!r})
    bits = int(np.float64(layer).view(np.uint64))
    drawn = np.random.default_rng([{seed}, {name}, bits]).random({shape})
    return 1.0 * (drawn >= {rate!r}){first}"""


@cache
def functions_as_text() -> dict[str, str]:
    """Return the functions of formulas, without their types."""
    found: dict[str, str] = {}
    for one in FUNCTIONS:
        tree = ast.parse(textwrap.dedent(inspect.getsource(one)))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                node.returns = None
            elif isinstance(node, ast.arg):
                node.annotation = None
        found[one.__name__] = ast.unparse(tree)
    return found


def kept(heads: Heads, seed: int, n: int, m: int) -> str:
    """Return the function that draws what dropout keeps among n × m weights."""
    depth, h = heads.depth, heads.count
    return KEPT.format(
        thickness=depth.thickness,
        seed=seed,
        name=zlib.crc32(b"dropout"),
        shape=(h, n, m),
        rate=depth.dropout,
        first="" if h > 1 else "[0]",
    )


def names_in(text: str) -> set[str]:
    """Return every name that a text of Python reads."""
    tree = ast.walk(ast.parse(text))
    return {node.id for node in tree if isinstance(node, ast.Name)}


def reached(text: str, pieces: Mapping[str, str]) -> list[str]:
    """Return the names of pieces that a text needs, directly or not, in their order."""
    needed: set[str] = set()
    new = names_in(text) & pieces.keys()
    while new:
        needed |= new
        found = (names_in(pieces[name]) for name in new)
        new = (set().union(*found) & pieces.keys()) - needed
    return [name for name in pieces if name in needed]
