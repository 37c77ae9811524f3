"""The grid, and the torus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.graph_operators.edge_list import EdgeList, edge_list
from sim.graphs import Topology
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from numpy.random import Generator

    from sim.array_types import Floats


@dataclass(frozen=True)
class Lattice(Topology):
    """Tokens in rows, each joined to the next in its row and in its column."""

    kind: ClassVar[str] = "grid"
    title: ClassVar[str] = "Grid"
    columns: Annotated[
        int,
        Knob(
            "columns",
            0,
            10_000,
            scale="asinh",
            live=False,
            help="Tokens in a row; 0 is a square.",
        ),
    ] = 0
    closed: Annotated[
        bool,
        Knob("Torus", live=False, help="Join the ends of every full row and column."),
    ] = False

    def edge_list(self, x: Floats, rng: Generator) -> EdgeList:
        n = len(x)
        wide = min(n, self.columns or max(1, round(n**0.5)))
        here = np.arange(n)
        right = here[((here + 1) % wide > 0) & (here + 1 < n)]
        down = here[here + wide < n]
        pairs = [right, right + 1], [down, down + wide]
        if self.closed:
            pairs = *pairs, *_seams(n, wide)
        return edge_list(np.concatenate([np.stack(p, axis=1) for p in pairs]), n)


def _seams(n: int, wide: int) -> list[list[np.ndarray]]:
    """Return the edges that close rows and columns of three tokens or more."""
    tall = n // wide
    starts, tops = np.arange(tall) * wide, np.arange(wide)
    seams: list[list[np.ndarray]] = []
    if wide > 2:  # noqa: PLR2004 - two are joined already
        seams.append([starts, starts + wide - 1])
    if tall > 2 and n == tall * wide:  # noqa: PLR2004
        seams.append([tops, tops + (tall - 1) * wide])
    return seams
