"""The fused sum: scores, exponentials and sums in one pass through the cache."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from sim.masks.causal import Causal
from sim.shelf import SHELF
from sim.sums import Method, Problem, Sums, assembled, each
from sim.sums.costs import cost_of
from sim.sums.pool import share
from sim.sums.rows import missing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.sums.layout import Layout
    from sim.sums.shape import Shape
    from sim.sums.vector import Kernel

    Floats = np.ndarray[Any, Any]
    Held = tuple[int, int, int]  # addresses: sums of rows, their masses, their means

WIDEST = 128  # dimensions: above, products by the BLAS are faster
STRANDS = 16  # independent parts of a sum, whatever the number of threads
GRAIN = 1 << 19  # pairs of a part, at least: about a tenth of a millisecond
TALL = 1024  # rows of a part of a mirrored sum, at least: what keys collect is added up
MEMORY = 1 << 24  # numbers that the strands may hold together
TURNS = 32  # times that a strand is dealt two tiles before its sums are rounded off
BLOCKS = 64  # blocks of keys before the sums of rows are
FOLD = 512  # groups of rows whose sums are finished at a time
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

    def errands(self, problem: Problem) -> Sequence[Callable[[], None]]:
        return [partial(_compile, p) for p in each(problem)[:1]]


def _anchored(problem: Problem) -> bool:
    """Whether every token attends to itself with nearly the largest score there is."""
    low, high, _, _ = problem.lengths
    own = problem.queries is problem.keys and problem.scale > 0
    return own and problem.scale * (high**2 - low**2) < APART[problem.kind]


def _shape(problem: Problem) -> Shape:
    from sim.sums.shape import Shape

    _, _, width, depth = problem.shape
    return Shape(
        problem.kind,
        width,
        depth,
        own=problem.keys is problem.values,
        mirrored=problem.mirrored,
        causal=not problem.full,
        deep=problem.reach > TAME[problem.kind],
    )


def _compile(problem: Problem) -> None:
    from sim.sums.finish import finish
    from sim.sums.tile import tile

    shape = _shape(problem)
    tile(shape)
    finish(shape.kind, shape.depth)


def _one(problem: Problem) -> Sums:
    from sim.sums.layout import lay_out, room
    from sim.sums.tile import tile

    shape = _shape(problem)
    n, depth = problem.shape[0], shape.depth
    top = _tops(problem)
    layout = lay_out(problem, top, shape)
    lanes = shape.lanes
    total = room("total", (layout.rows // lanes, 1 + depth, lanes), "float64")
    total.array.fill(0)
    mass = SHELF.empty((layout.rows, 1), shape.kind)
    mean = SHELF.empty((layout.rows, depth), shape.kind)
    found = (total.address, mass.ctypes.data, mean.ctypes.data)
    (_mirrored if shape.mirrored else _plain)(layout, tile(shape), found)
    return Sums(top, mass[:n], mean[:n])


def _tops(problem: Problem) -> Floats:
    """Return a bound on the scores of each row, one for all where sums are mirrored."""
    q, largest = problem.queries, problem.lengths[3]
    if problem.mirrored:
        return SHELF.full((len(q), 1), problem.reach, q.dtype)
    long = np.sqrt(np.einsum("ij,ij->i", q, q))[:, None]
    return (abs(problem.scale) * largest * long).astype(q.dtype)


def _plain(layout: Layout, kernel: Kernel, found: Held) -> None:
    from sim.sums.layout import up

    height = layout.shape.plan.rows
    size = up(max(layout.rows // STRANDS, GRAIN // layout.count), height)
    meet = _meeting(layout, kernel, found[0])

    def some(i0: int) -> None:
        meet(0, range(i0, min(i0 + size, layout.rows), height))

    share([partial(some, i0) for i0 in range(0, layout.rows, size)])
    _finish(layout, found, 0, 0, last=True)


def _mirrored(layout: Layout, kernel: Kernel, found: Held) -> None:
    from sim.sums.layout import room

    shape, rows = layout.shape, layout.rows
    height, columns = shape.plan.rows, 1 + shape.depth
    size = (layout.groups, columns, shape.lanes)
    count = max(1, min(STRANDS, MEMORY // math.prod(size), rows // TALL))
    sums = room("strands", (count, *size), shape.kind)
    stride, turn = sums.array[0].nbytes, 2 * count * height
    meet = _meeting(layout, kernel, found[0])

    def strand(first: int, last: int, s: int) -> None:
        sums.array[s].fill(0)
        # Earlier tiles meet more keys: dealt like cards, forth and back.
        dealt = (first + k * height for k in (s, 2 * count - 1 - s))
        hands = (range(start, last, turn) for start in dealt)
        meet(sums.address + s * stride, *hands)

    for first in range(0, rows, TURNS * turn):
        last = min(first + TURNS * turn, rows)
        share([partial(strand, first, last, s) for s in range(count)])
        _finish(layout, found, sums.address, count, last=last == rows)


def _finish(
    layout: Layout, found: Held, strands: int, count: int, *, last: bool
) -> None:
    """Add up the `count` strands at an address; at last, divide sums by masses."""
    from sim.sums.finish import finish

    shape = layout.shape
    kernel, columns = finish(shape.kind, shape.depth), 1 + shape.depth
    ends, size = layout.groups * columns if count else 0, layout.groups * columns

    def some(g0: int, g1: int) -> None:
        bounds = (min(g0 * columns, ends), min(g1 * columns, ends))
        kernel(strands, *found, count, size, *bounds, g0, g1 if last else g0)

    groups = layout.rows // shape.lanes
    share([partial(some, g, min(g + FOLD, groups)) for g in range(0, groups, FOLD)])


def _meeting(layout: Layout, kernel: Kernel, total: int) -> Callable[..., None]:
    """Return what lets tiles of rows meet the keys.

    It is given the address of what the keys collect, and ranges of the tiles' first
    rows.
    """
    from sim.sums.layout import room

    shape, groups = layout.shape, layout.groups
    plan = shape.plan
    tile = (plan.rows * (plan.groups + 1 + shape.depth), shape.lanes)
    step = BLOCKS * plan.groups

    def meet(ends: int, *tiles: range) -> None:
        held = (*layout.addresses, total, ends, room("tile", tile, shape.kind).address)
        for rows in tiles:
            bounds = (rows.start, rows.stop, rows.step)
            for g in range(0, groups, step):
                kernel(*held, *bounds, g, min(g + step, groups), layout.count)

    return meet
