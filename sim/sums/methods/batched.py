"""Batched sums: many small runs at once, a run in each lane of a vector."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.jit.llvm import missing
from sim.sums.batched.driver import batched_sums, compile_for
from sim.sums.costs import cost_of
from sim.sums.methods import Method

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.sums import Problem, Sums

MAX_KEYS = 256  # tokens: above, runs one by one fill the vectors as well
MAX_HELD = 1 << 14  # numbers of a run: with 64-byte vectors of them 1 MiB, in level 2


class Batched(Method):
    """A whole run stays in the cache, and its lanes see no other run's numbers.

    Whether a problem is done this way depends on its shape alone, never on its numbers
    or on how many runs there are: a run has the same bits whichever are beside it.
    """

    name: ClassVar[str] = "batched"
    rank: ClassVar[int] = 6

    def refusal(self, problem: Problem) -> str | None:
        if why := missing():
            return why
        if not problem.batch:
            return "is for many runs at once"
        if problem.library != "numpy" or problem.kind not in ("float32", "float64"):
            return f"works on NumPy's floats, not on {problem.library}'s"
        return too_large(*problem.shape)

    def error(self, problem: Problem) -> float:
        eps = float(np.finfo(problem.kind).eps)
        # Keys are added one after the other.
        return eps * (16 + 4 * problem.max_score + problem.shape[1] ** 0.5)

    def cost(self, problem: Problem) -> float:
        return cost_of("fused", problem)

    def sums(self, problem: Problem) -> Sums:
        return batched_sums(problem)

    def warm_up(self, problem: Problem) -> Sequence[Callable[[], None]]:
        return [partial(compile_for, problem)]


def too_large(n: int, m: int, width: int, depth: int) -> str | None:
    """Say why runs of this shape are not batched; None if they are."""
    if max(n, m) > MAX_KEYS:
        return f"is made for at most {MAX_KEYS} tokens"
    if m * (width + depth) > MAX_HELD:
        return f"is made for at most {MAX_HELD:,} numbers of keys and values"
    return None
