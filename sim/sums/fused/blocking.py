"""What a kernel of the fused sum is made for, and how much it does at a time.

``sim/jit/README.md`` draws the tiles, groups and lanes that are counted here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sim.jit.machine import Machine, machine

TILE_BYTES = 18 << 10  # of weights: about half of the smallest first-level cache


@dataclass(frozen=True, slots=True)
class TileBlocking:
    """How much a kernel does at a time.

    Attributes
    ----------
    rows : int
        Queries of a tile, a multiple of the lanes of a vector.
    groups : int
        Groups of keys of a tile, at most.
    sum_rows, sum_columns : int
        Rows, or groups, by columns of their sums that the registers hold at a time.
    """

    rows: int
    groups: int
    sum_rows: int
    sum_columns: int


@dataclass(frozen=True, slots=True)
class TileSpec:
    """What a kernel is made for.

    Attributes
    ----------
    kind : str
        ``"float32"`` or ``"float64"``.
    width, depth : int
        e, the dimension of queries and keys, and d, that of values.
    values_are_keys : bool
        Whether values are the keys.
    symmetric : bool
        Whether w_ij also counts as w_ji.
    causal : bool
        Whether row i attends to no key after the i-th.
    may_underflow : bool
        Whether weights may be as good as 0.
    """

    kind: str
    width: int
    depth: int
    values_are_keys: bool = False
    symmetric: bool = False
    causal: bool = False
    may_underflow: bool = False

    @property
    def columns(self) -> int:
        """Sums of a row: its mass, then those of each column of the values."""
        return 1 + self.depth

    @property
    def lanes(self) -> int:
        """Numbers of a vector."""
        return machine().vector_bytes // (4 if self.kind == "float32" else 8)

    @property
    def blocking(self) -> TileBlocking:
        """The sizes of a tile: twelve sums at a time, or twice as many.

        A machine adds two products a cycle, each ready four cycles later: eight sums
        are the least that keep it busy.  No single column is left over.
        """
        return _blocking(machine(), self.lanes, self.depth)

    @property
    def key_stride(self) -> int:
        """Vectors from one group of keys to the next.

        Odd, so that a column of them does not fall into a few sets of the cache.
        """
        return self.width | 1

    @property
    def value_stride(self) -> int:
        """Vectors from one group of values to the next."""
        return self.key_stride if self.values_are_keys else self.depth | 1


@cache
def _blocking(unit: Machine, lanes: int, depth: int) -> TileBlocking:
    rows = 24 if lanes <= 8 else 48  # noqa: PLR2004
    groups = TILE_BYTES // (rows * unit.vector_bytes)
    if unit.registers > 16:  # noqa: PLR2004
        return TileBlocking(rows, groups, 6, 4)
    sums = (3, 4) if depth % 3 == 0 else (4, 3)
    return TileBlocking(rows, groups, *sums)


tile_spec = cache(TileSpec)
"""The spec of some values, made once; every sum asks for one."""
