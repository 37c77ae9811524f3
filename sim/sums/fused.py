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
STRANDS = 16  # independent parts of a sum, whatever the number of threads
GRAIN = 1 << 19  # pairs of a part, at least: about a tenth of a millisecond
TALL = 1024  # rows of a part of a mirrored sum, at least: what keys collect is added up
MEMORY = 1 << 24  # numbers that the strands may hold together
TURNS = 32  # times that a strand is dealt two tiles before its sums are rounded off
BLOCKS = 64  # blocks of keys before the sums of rows are
FOLD = 512  # groups of keys whose strands are added up at a time
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
    from sim.sums.shape import Shape
    from sim.sums.tile import tile

    n, _, width, depth = problem.shape
    shape = Shape(
        problem.kind,
        width,
        depth,
        own=problem.keys is problem.values,
        mirrored=problem.mirrored,
        causal=not problem.full,
        deep=problem.reach > TAME[problem.kind],
    )
    top = _tops(problem)
    layout = lay_out(problem, top, shape)
    total = np.zeros((layout.rows, 1 + depth))
    (_mirrored if shape.mirrored else _plain)(layout, tile(shape), total)
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

    height = layout.shape.plan.rows
    size = up(max(layout.rows // STRANDS, GRAIN // layout.count), height)
    call = _caller(layout, kernel, total)

    def some(i0: int) -> None:
        call(range(i0, min(i0 + size, layout.rows), height), 0)

    share([partial(some, i0) for i0 in range(0, layout.rows, size)])


def _mirrored(layout: Layout, kernel: Kernel, total: Floats) -> None:
    from sim.sums.layout import room

    shape, rows, groups = layout.shape, layout.rows, layout.groups
    height, columns = shape.plan.rows, total.shape[1]
    size = (groups, columns, shape.lanes)
    count = max(1, min(STRANDS, MEMORY // math.prod(size), rows // TALL))
    sums = room("strands", (count, *size), shape.kind)
    start, turn = sums.ctypes.data, 2 * count * height
    call = _caller(layout, kernel, total)

    def strand(first: int, last: int, s: int) -> None:
        sums[s] = 0
        # Earlier tiles meet more keys: dealt like cards, forth and back.
        for k in (s, 2 * count - 1 - s):
            call(range(first + k * height, last, turn), start + s * sums[s].nbytes)

    def fold(g: int) -> None:
        some, left = sums[:, g : g + FOLD], count
        while left > 1:  # halves, so that few roundings add up
            half = left // 2
            some[:half] += some[left - half : left]
            left -= half
        found = some[0].swapaxes(1, 2).reshape(-1, columns)
        total[g * shape.lanes :][: len(found)] += found

    for first in range(0, rows, TURNS * turn):
        last = min(first + TURNS * turn, rows)
        share([partial(strand, first, last, s) for s in range(count)])
        share([partial(fold, g) for g in range(0, groups, FOLD)])


def _caller(
    layout: Layout, kernel: Kernel, total: Floats
) -> Callable[[range, int], None]:
    """Return what lets tiles that begin at some rows meet the keys.

    It is given the rows, and the address of what the keys collect.
    """
    from sim.sums.layout import room

    plan, groups = layout.shape.plan, layout.groups
    held = (layout.q, layout.shift, layout.keys, layout.values, layout.mine, total)
    addresses = [a.ctypes.data for a in held]
    tile = (plan.rows * (plan.groups + total.shape[1]), layout.shape.lanes)
    step = BLOCKS * plan.groups

    def call(rows: range, ends: int) -> None:
        space = room("tile", tile, layout.shape.kind).ctypes.data
        bounds = (rows.start, rows.stop, rows.step)
        for g in range(0, groups, step):
            end = min(g + step, groups)
            kernel(*addresses, ends, space, *bounds, g, end, layout.count)

    return call
