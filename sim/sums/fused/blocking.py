"""What a kernel of the fused sum is made for, and how much it does at a time."""

from __future__ import annotations

from dataclasses import dataclass

from sim.jit.machine import machine

ROOM = 18 << 10  # bytes of weights: about half of the smallest first-level cache


@dataclass(frozen=True, slots=True)
class Plan:
    """How much a kernel does at a time.

    Attributes
    ----------
    rows : int
        Queries of a tile, a multiple of the lanes of a vector.
    groups : int
        Groups of keys of a tile, at most.
    high, columns : int
        Rows, or groups, by columns of their sums: what the registers hold.
    """

    rows: int
    groups: int
    high: int
    columns: int


@dataclass(frozen=True, slots=True)
class Shape:
    """What a kernel is made for.

    Attributes
    ----------
    kind : str
        ``"float32"`` or ``"float64"``.
    width, depth : int
        e, the dimension of queries and keys, and d, that of values.
    own : bool
        Whether values are the keys.
    mirrored : bool
        Whether w_ij also stands for w_ji.
    causal : bool
        Whether row i sees no key after the i-th.
    deep : bool
        Whether weights may be as good as 0.
    """

    kind: str
    width: int
    depth: int
    own: bool = False
    mirrored: bool = False
    causal: bool = False
    deep: bool = False

    @property
    def lanes(self) -> int:
        """Numbers of a vector."""
        return machine().width // (4 if self.kind == "float32" else 8)

    @property
    def plan(self) -> Plan:
        """The sizes of a tile: twelve sums at a time, or twice as many.

        A machine adds two products a cycle, each ready four cycles later: eight sums
        are the least that keep it busy.  No column is left to itself.
        """
        rows = 24 if self.lanes <= 8 else 48  # noqa: PLR2004
        groups = ROOM // (rows * machine().width)
        if machine().registers > 16:  # noqa: PLR2004
            return Plan(rows, groups, 6, 4)
        return Plan(rows, groups, *((3, 4) if self.depth % 3 == 0 else (4, 3)))

    @property
    def strides(self) -> tuple[int, int]:
        """Vectors from one group of keys to the next, and of values.

        Odd, so that a column of them does not fall into a few sets of the cache.
        """
        return self.width | 1, self.depth | 1
