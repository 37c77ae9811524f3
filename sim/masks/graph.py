"""Attention along the edges of a graph."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.expressions.conditions import Joined
from sim.masks import Adjacency, Mask, Rule, check_size
from sim.settings.knobs import Knob
from sim.tables.matrices import read_matrices

if TYPE_CHECKING:
    from sim.array_types import AnyArray
    from sim.arrays import Array
    from sim.expressions.expression import Expression

EDGE_COLUMNS = 2  # numbers in a row of a list of edges


@dataclass(frozen=True)
class AlongEdges(Mask):
    """Token i attends to itself and to j where the file joins i to j: graph attention.

    The file holds an n × n matrix, in which entries other than 0 join, rows
    attending; or undirected edges, two numbers a row, counted from 0.
    """

    kind: ClassVar[str] = "graph"
    title: ClassVar[str] = "Graph from a file"
    path: Annotated[
        str, Knob("path", help="Matrix or edges, .npy, .npz, .csv or .tsv.")
    ] = ""

    def fixed_tokens(self) -> str:
        return "the mask is a file for this number of tokens" if self.path else ""

    def bind(self, like: Array) -> Rule:
        n = like.shape[-2]
        check_size(n, "graph")
        if not self.path:  # no file yet: all pairs
            return Adjacency.of(np.ones((n, n), bool), like)
        found = read_matrices(self.path)
        if found.shape == (n, n):
            return Adjacency.of(found != 0, like)
        if found.ndim == EDGE_COLUMNS and found.shape[1] == EDGE_COLUMNS:
            return Adjacency.of(self._joined(found, n), like)
        got, name = " × ".join(map(str, found.shape)), Path(self.path).name
        raise ValueError(
            f"{name}: a mask must be {n} × {n}, for n = {n} tokens, or edges, two "
            f"numbers a row; got {got}. Choose another file, or change n."
        )

    def allow(self, rows: Array, columns: Array) -> Array | None:
        return None

    def formula(self, i: str, j: str, path: str) -> Expression | None:
        note = rf"{j}\simeq {i}:\ \mathrm{{equal\ or\ joined\ in\ the\ file}}"
        return Joined("mask", i, j, path, self, loops=True, note=note)

    def _joined(self, pairs: AnyArray, n: int) -> AnyArray:
        bad = (pairs != pairs.round()) | (pairs < 0) | (pairs >= n)
        if bad.any():
            row, name = int(np.flatnonzero(bad.any(axis=1))[0]), Path(self.path).name
            raise ValueError(
                f"{name}: edges join tokens 0 to {n - 1}, got {pairs[row, 0]:g}, "
                f"{pairs[row, 1]:g} in row {row + 1}. Fix the row, or change n."
            )
        tail, head = pairs.astype(int).T
        joined = np.zeros((n, n), bool)
        joined[tail, head] = joined[head, tail] = True
        return joined
