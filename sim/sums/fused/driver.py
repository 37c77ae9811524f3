"""How the tiles of a fused sum are shared among threads, and their sums added up."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sim.jit.buffer_pool import SHELF
from sim.jit.scratch import room, up
from sim.jit.thread_pool import share
from sim.sums import Problem, Sums
from sim.sums.fused.blocking import Shape
from sim.sums.fused.layout import lay_out
from sim.sums.fused.reduce_kernel import finish
from sim.sums.fused.tile_kernel import tile

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.array_types import Floats
    from sim.jit.kernel import Kernel
    from sim.sums.fused.layout import Layout

    Held = tuple[int, int, int]  # addresses: sums of rows, their masses, their means

STRANDS = 16  # independent parts of a sum, whatever the number of threads
GRAIN = 1 << 19  # pairs of a part, at least: about a tenth of a millisecond
TALL = 1024  # rows of a part of a mirrored sum, at least: what keys collect is added up
MEMORY = 1 << 24  # numbers that the strands may hold together
TURNS = 32  # times that a strand is dealt two tiles before its sums are rounded off
BLOCKS = 64  # blocks of keys before the sums of rows are
FOLD = 512  # groups of rows whose sums are finished at a time
TAME = {"float32": 40.0, "float64": 340.0}
"""Scores up to which e^{2s} is far from the smallest number of the type."""


def _shape(problem: Problem) -> Shape:
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


def compile_for(problem: Problem) -> None:
    """Compile what sums like `problem` need."""
    shape = _shape(problem)
    tile(shape)
    finish(shape.kind, shape.depth)


def fused_sums(problem: Problem) -> Sums:
    """Return the sums of one run and head."""
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
    height = layout.shape.plan.rows
    size = up(max(layout.rows // STRANDS, GRAIN // layout.count), height)
    meet = _meeting(layout, kernel, found[0])

    def some(i0: int) -> None:
        meet(0, range(i0, min(i0 + size, layout.rows), height))

    share([partial(some, i0) for i0 in range(0, layout.rows, size)])
    _finish(layout, found, 0, 0, last=True)


def _mirrored(layout: Layout, kernel: Kernel, found: Held) -> None:
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
