"""The fused sum on a graphics card, by `shaders/attention.cu` through CuPy."""

from __future__ import annotations

import math
from functools import cache
from importlib import import_module
from typing import Any, ClassVar, NamedTuple

from sim.arrays import namespace
from sim.masks.causal import Causal
from sim.resources import shader
from sim.sums import Problem, Sums
from sim.sums.gpu_self_test import self_test_failure
from sim.sums.methods import Method

MAX_DIMENSIONS = 16  # whose queries and sums fit the registers of a thread
THREADS_PER_BLOCK = 128
KEYS_PER_TILE = 128  # in shared memory
MAX_NARROW_COLUMNS = 8  # of a key and its value; up to here a thread has four queries
TARGET_BLOCKS = 2048  # so many keep the largest card busy; fewer, and keys are parted
MAX_RUNS = 65535  # runs and heads of one launch: what CUDA allows
MAX_SCORE = 40.0  # largest score at which e^{-2s} is far from the smallest float32
EPS = 1.1920929e-07


class Cuda(Method):
    """Tiles of keys in shared memory, one power of 2 a pair, in float32.

    Trusted after a small problem has come out right on this very card.
    """

    name: ClassVar[str] = "cuda"
    rank: ClassVar[int] = 5

    def refusal(self, problem: Problem) -> str | None:
        if problem.library != "cupy":
            return "needs tokens on a graphics card"
        if problem.kind != "float32":
            return "works in float32"
        if max(problem.shape[2:]) > MAX_DIMENSIONS:
            return f"is made for at most {MAX_DIMENSIONS} dimensions"
        if not (problem.full or isinstance(problem.mask, Causal)):
            return "supports no mask but the causal one"
        if math.prod(problem.leading) > MAX_RUNS:
            return f"serves at most {MAX_RUNS} runs and heads"
        if not problem.max_score <= MAX_SCORE:
            return f"scores of ±{problem.max_score:.3g} may all underflow"
        mask = None if problem.full else problem.mask
        return self_test_failure(self, problem.kind, problem.shape[2], mask)

    def error(self, problem: Problem) -> float:
        """Return the bound: a mean misses no more than a weight does, of its size.

        Exponents lie within 2|s| of 0 and are rounded d times, queries twice, by EPS/2
        at most: for d = 3 by 4|s| EPS.  The rest is left to ex2.approx and to sums.
        """
        return EPS * (32 + 4 * problem.max_score)

    def cost(self, problem: Problem) -> float:
        return 1e-5 + 1e-12 * problem.pairs

    def sums(self, problem: Problem) -> Sums:
        """Return the sums, by two launches: no more is asked of a velocity."""
        xp, lead = namespace(problem.queries), problem.leading
        q, k, y = (
            xp.ascontiguousarray(xp.broadcast_to(a, (*lead, *a.shape[-2:])))
            for a in (problem.queries, problem.keys, problem.values)
        )
        (n, m, _, depth), grid = problem.shape, Grid.of(problem)
        parts, *found = (
            xp.empty((*lead, *rows), dtype=xp.float32)
            for rows in ((grid.parts, 1 + depth, n), (n, 1), (n, 1), (n, depth))
        )
        collect, finish = compiled(*options(problem))
        scale = xp.float32(problem.scale / math.log(2))
        reach = xp.float32(abs(problem.scale) * problem.lengths[3])
        blocks, sizes = grid[:3], map(xp.int32, (n, m, grid.span))
        collect(blocks, (THREADS_PER_BLOCK,), (q, k, y, parts, *sizes, scale, reach))
        blocks, sizes = (
            (-(-n // THREADS_PER_BLOCK), grid.runs),
            map(xp.int32, (n, grid.parts)),
        )
        finish(blocks, (THREADS_PER_BLOCK,), (q, parts, *found, *sizes, reach))
        return Sums(*found)


def source() -> str:
    """Return the text of the kernels."""
    return shader("attention.cu").read_text("utf-8")


def rows(width: int, depth: int) -> int:
    """Return how many queries a thread has: what its registers hold."""
    return 4 if width + depth <= MAX_NARROW_COLUMNS else 2


def options(problem: Problem) -> tuple[str, ...]:
    """Return what the kernels are compiled with for `problem`."""
    _, _, width, depth = problem.shape
    own = int(problem.values is problem.keys)
    return (
        f"-DWIDTH={width}",
        f"-DDEPTH={depth}",
        f"-DOWN={own}",
        f"-DCAUSAL={int(not problem.full)}",
        f"-DTHREADS={THREADS_PER_BLOCK}",
        f"-DROWS={rows(width, depth)}",
        f"-DKEYS={KEYS_PER_TILE}",
    )


class Grid(NamedTuple):
    """How a sum is laid out: the same on every card, so that its bits are, too.

    Attributes
    ----------
    blocks, runs, parts : int
        Of queries, of runs and heads, and of keys.
    span : int
        Keys of a part, whole tiles.
    """

    blocks: int
    runs: int
    parts: int
    span: int

    @classmethod
    def of(cls, problem: Problem) -> Grid:
        """Return the grid of `problem`: few queries share the keys out among blocks."""
        n, m, width, depth = problem.shape
        runs = math.prod(problem.leading)
        blocks = -(-n // (THREADS_PER_BLOCK * rows(width, depth)))
        tiles = -(-m // KEYS_PER_TILE)
        span = (
            -(-tiles // min(tiles, -(-TARGET_BLOCKS // (blocks * runs))))
            * KEYS_PER_TILE
        )
        return cls(blocks, runs, -(-m // span), span)


@cache
def compiled(*flags: str) -> tuple[Any, Any]:
    """Return the kernels, compiled with `flags`."""
    cupy = import_module("cupy")
    module = cupy.RawModule(code=source(), options=flags)
    return module.get_function("attention"), module.get_function("finish")
