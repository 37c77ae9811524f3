"""The fused sum: scores, exponentials and sums in one pass through the cache."""

from __future__ import annotations

import math
from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from sim.masks.causal import Causal
from sim.sums import Method, Problem, Sums, assembled, each
from sim.sums.costs import cost_of
from sim.sums.pool import share

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.sums.layout import Layout
    from sim.sums.vector import Kernel

    Floats = np.ndarray[Any, Any]

WIDEST = 128  # dimensions: above, products by the BLAS are faster
SPAN = 2048  # rows between two roundings of what keys collect to float64
STRANDS = 16  # independent parts of a mirrored sum, whatever the number of threads
MEMORY = 1 << 24  # numbers that the strands may hold together
TAME = {"float32": 40.0, "float64": 340.0}
"""Scores up to which e^{2s} is far from the smallest number of the type."""
APART = {"float32": 30.0, "float64": 300.0}
"""How much less the score of a token with itself may be than the shift."""


class Fused(Method):
    """Tiles of weights that stay in the first-level cache, in LLVM's vector language.

    A mirrored sum weighs each pair once, for both of its tokens.
    """

    name: ClassVar[str] = "fused"

    def refusal(self, problem: Problem) -> str | None:
        if why := missing():
            return why
        if problem.library != "numpy" or problem.kind not in TAME:
            return f"works on NumPy's floats, not on {problem.library}'s"
        if max(problem.shape[2:]) > WIDEST:
            return f"is made for at most {WIDEST} dimensions"
        if not (problem.full or isinstance(problem.mask, Causal)):
            return "knows no mask but the causal one"
        if not math.isfinite(problem.reach):
            return "needs finite tokens"
        if problem.reach > TAME[problem.kind] and not _anchored(problem):
            return f"scores of ±{problem.reach:.3g} may all underflow"
        return None

    def error(self, problem: Problem) -> float:
        return float(np.finfo(problem.kind).eps) * (16 + 4 * problem.reach)

    def cost(self, problem: Problem) -> float:
        return cost_of(self.name, problem, 0.5 if problem.mirrored else 1.0)

    def sums(self, problem: Problem) -> Sums:
        return assembled(problem, [_one(p) for p in each(problem)])


@cache
def missing() -> str | None:
    """Say why nothing can be compiled here; None if it can."""
    try:
        import_module("llvmlite.binding")
    except (ImportError, OSError) as error:
        return f"needs llvmlite ({error})"
    return None


def _anchored(problem: Problem) -> bool:
    """Whether every token attends to itself with nearly the largest score there is."""
    low, high, _, _ = problem.lengths
    own = problem.queries is problem.keys and problem.scale > 0
    return own and problem.scale * (high**2 - low**2) < APART[problem.kind]


def _one(problem: Problem) -> Sums:
    from sim.sums.layout import lay_out
    from sim.sums.tile import tile

    n, _, width, depth = problem.shape
    top = _tops(problem)
    layout = lay_out(problem, top)
    deep = problem.reach > TAME[problem.kind]
    own, mirrored = problem.keys is problem.values, problem.mirrored

    kernel = tile(problem.kind, width, depth, own=own, mirrored=mirrored, deep=deep)
    total = np.zeros((layout.rows, 1 + depth))
    (_mirrored if mirrored else _plain)(layout, kernel, total)
    mass = total[:n, :1]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total[:n, 1:] / mass
    return Sums(top, mass, mean)


def _tops(problem: Problem) -> Floats:
    """Return a bound on the scores of each row, one for all where sums are mirrored."""
    q, largest = problem.queries, problem.lengths[3]
    if problem.mirrored:
        return np.full((len(q), 1), problem.reach, q.dtype)
    long = np.sqrt(np.einsum("ij,ij->i", q, q))[:, None]
    return (abs(problem.scale) * largest * long).astype(q.dtype)


def _plain(layout: Layout, kernel: Kernel, total: Floats) -> None:
    from sim.sums.layout import up
    from sim.sums.tile import BLOCK, PAIR, TILE

    step, pair = BLOCK // layout.lanes, PAIR * layout.lanes
    size = max(128, min(1024, up(layout.rows // STRANDS, TILE)))

    def some(i0: int) -> None:
        i1 = min(i0 + size, layout.rows)
        seen = int(layout.limits[i0:i1].max(initial=0))
        stop = up(seen, pair) // layout.lanes
        call = _caller(layout, kernel, total)
        for g in range(0, stop, step):
            call(i0, i1, g, min(g + step, stop), False)

    share([partial(some, i0) for i0 in range(0, layout.rows, size)])


def _mirrored(layout: Layout, kernel: Kernel, total: Floats) -> None:
    from sim.sums.tile import BLOCK

    step = BLOCK // layout.lanes
    blocks = range(0, layout.groups, step)
    count = max(1, min(STRANDS, MEMORY // total.size, len(blocks) // 4))
    strands = np.zeros((count, *total.shape))

    def strand(s: int) -> None:
        meet = _meeting(layout, kernel, strands[s])
        # Later blocks meet more rows: dealt like cards, forth and back.
        deal = (s, 2 * count - 1 - s)
        for turn, g in enumerate(blocks):
            if turn % (2 * count) in deal:
                meet(g, min(g + step, layout.groups))

    share([partial(strand, s) for s in range(count)])
    np.sum(strands, axis=0, out=total)


def _meeting(
    layout: Layout, kernel: Kernel, sums: Floats
) -> Callable[[int, int], None]:
    """Return what lets a block of keys and all rows up to it meet."""
    from sim.sums.layout import room
    from sim.sums.tile import BLOCK

    columns, lanes = sums.shape[1], layout.lanes
    whole = room("ends", (BLOCK // lanes, columns, lanes), layout.kind)
    call = _caller(layout, kernel, sums, whole)

    def meet(g: int, stop: int) -> None:
        first, last = g * lanes, min(stop * lanes, layout.rows)
        ends = whole[: stop - g]
        for i in range(0, first, SPAN):
            ends[:] = 0
            call(i, min(i + SPAN, first), g, stop, True)
            found = ends.swapaxes(1, 2).reshape(-1, columns)
            sums[first:last] += found[: last - first]
        call(first, last, g, stop, False)

    return meet


def _caller(
    layout: Layout, kernel: Kernel, sums: Floats, ends: Floats | None = None
) -> Callable[[int, int, int, int, bool], None]:
    """Return the kernel with all but its bounds; `ends` begins with the first group."""
    from sim.sums.layout import room
    from sim.sums.tile import BLOCK, TILE

    held = (layout.q, layout.shift, layout.keys, layout.values, layout.mine)
    addresses = [a.ctypes.data for a in (*held, layout.limits, sums)]
    space = room("weights", (TILE, BLOCK), layout.kind).ctypes.data
    start, size = (0, 0) if ends is None else (ends.ctypes.data, ends[0].nbytes)

    def call(i0: int, i1: int, g0: int, g1: int, both: bool) -> None:
        kernel(*addresses, start - g0 * size, space, i0, i1, g0, g1, both)

    return call
