"""The fused sum on a graphics card, by `shaders/attention.cu` through CuPy."""

from __future__ import annotations

import math
from functools import cache
from importlib import import_module, resources
from typing import TYPE_CHECKING, Any, ClassVar

from sim.arrays import namespace, norm
from sim.masks.causal import Causal
from sim.sums import Method, Problem, Sums
from sim.sums.trial import failed

if TYPE_CHECKING:
    from sim.arrays import Array

WIDEST = 16  # dimensions whose queries and sums fit the registers of a thread
THREADS, ROWS = 128, 2  # of a block, and queries of each thread
MOST = 65535  # runs and heads of one launch: what CUDA allows
TAME = 40.0  # largest score at which e^{-2s} is far from the smallest float32
LOG2E = 1 / math.log(2)
EPS = 1.1920929e-07


class Cuda(Method):
    """Tiles of keys in shared memory, one power of 2 a pair, in float32.

    Trusted after a small problem has come out right on this very card.
    """

    name: ClassVar[str] = "cuda"

    def refusal(self, problem: Problem) -> str | None:
        if problem.library != "cupy":
            return "needs tokens on a graphics card"
        if problem.kind != "float32":
            return "works in float32"
        if max(problem.shape[2:]) > WIDEST:
            return f"is made for at most {WIDEST} dimensions"
        if not (problem.full or isinstance(problem.mask, Causal)):
            return "knows no mask but the causal one"
        if math.prod(problem.leading) > MOST:
            return f"serves at most {MOST} runs and heads"
        if not problem.reach <= TAME:
            return f"scores of ±{problem.reach:.3g} may all underflow"
        return failed(self, problem.kind, problem.shape[2])

    def error(self, problem: Problem) -> float:
        return EPS * (32 + 8 * problem.reach)

    def cost(self, problem: Problem) -> float:
        return 1e-5 + 1e-12 * problem.pairs

    def sums(self, problem: Problem) -> Sums:
        xp = namespace(problem.queries)
        lead, (n, _, _, depth) = problem.leading, problem.shape
        long = norm(problem.queries)
        top = abs(problem.scale) * problem.lengths[3] * long
        tops = xp.broadcast_to(top, (*lead, n, 1)).reshape(-1, n)
        q = problem.queries * xp.float32(problem.scale * LOG2E)
        queries, keys, values = (
            xp.broadcast_to(a, (*lead, *a.shape[-2:])).reshape(-1, *a.shape[-2:])
            for a in (q, problem.keys, problem.values)
        )
        mass = xp.empty((len(queries), n), dtype=xp.float32)
        mean = xp.empty((len(queries), n, depth), dtype=xp.float32)
        kernel = compiled(*options(problem))
        _launch(kernel, (queries, tops * xp.float32(LOG2E), keys, values), mass, mean)
        return Sums(
            tops.reshape(*lead, n, 1),
            mass.reshape(*lead, n, 1),
            mean.reshape(*lead, n, depth),
        )


def source() -> str:
    """Return the text of the kernel."""
    return resources.files("shaders").joinpath("attention.cu").read_text("utf-8")


def options(problem: Problem) -> tuple[str, ...]:
    """Return what the kernel is compiled with for `problem`."""
    _, _, width, depth = problem.shape
    own = int(problem.values is problem.keys)
    return (
        f"-DWIDTH={width}",
        f"-DDEPTH={depth}",
        f"-DOWN={own}",
        f"-DCAUSAL={int(not problem.full)}",
        f"-DTHREADS={THREADS}",
        f"-DROWS={ROWS}",
    )


@cache
def compiled(*flags: str) -> Any:
    """Return the kernel, compiled with `flags`."""
    cupy = import_module("cupy")
    return cupy.RawModule(code=source(), options=flags).get_function("attention")


def _launch(kernel: Any, held: tuple[Array, ...], mass: Array, mean: Array) -> None:
    """Run the kernel once for all runs and heads: no more is asked of a velocity."""
    xp, (runs, n) = namespace(mass), mass.shape
    blocks = -(-n // (THREADS * ROWS))
    arrays = [xp.ascontiguousarray(a) for a in held]
    sizes = (xp.int32(n), xp.int32(held[2].shape[1]))
    kernel((blocks, runs), (THREADS,), (*arrays, mass, mean, *sizes))
