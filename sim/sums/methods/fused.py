"""The fused sum: scores, exponentials and sums in one pass through the cache."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.jit.llvm import missing
from sim.masks.causal import Causal
from sim.sums import Problem, Sums, assembled, each
from sim.sums.costs import cost_of
from sim.sums.fused.driver import MAX_SCORE, compile_for, fused_sums
from sim.sums.methods import Method

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_DIMENSIONS = 128  # dimensions: above, products by the BLAS are faster
MAX_SELF_SCORE_GAP = {"float32": 30.0, "float64": 300.0}
"""How much less the score of a token with itself may be than the shift."""


class Fused(Method):
    """Tiles of weights that stay in the first-level cache, in LLVM's vector language.

    A mirrored sum weighs each pair once, for both of its tokens.
    """

    name: ClassVar[str] = "fused"
    rank: ClassVar[int] = 1

    def refusal(self, problem: Problem) -> str | None:
        if why := missing():
            return why
        if problem.library != "numpy" or problem.kind not in MAX_SCORE:
            return f"works on NumPy's floats, not on {problem.library}'s"
        if max(problem.shape[2:]) > MAX_DIMENSIONS:
            return f"is made for at most {MAX_DIMENSIONS} dimensions"
        if not (problem.full or isinstance(problem.mask, Causal)):
            return "supports no mask but the causal one"
        if not math.isfinite(problem.max_score):
            return "needs finite tokens"
        if problem.max_score > MAX_SCORE[problem.kind] and not _self_score_is_large(
            problem
        ):
            return f"scores of ±{problem.max_score:.3g} may all underflow"
        return None

    def error(self, problem: Problem) -> float:
        return float(np.finfo(problem.kind).eps) * (16 + 4 * problem.max_score)

    def cost(self, problem: Problem) -> float:
        return cost_of(self.name, problem, 0.5 if problem.symmetric else 1.0)

    def sums(self, problem: Problem) -> Sums:
        return assembled(problem, [fused_sums(p) for p in each(problem)])

    def warm_up(self, problem: Problem) -> Sequence[Callable[[], None]]:
        return [partial(compile_for, p) for p in each(problem)[:1]]


def _self_score_is_large(problem: Problem) -> bool:
    """Whether every token attends to itself with nearly the largest score there is."""
    low, high, _, _ = problem.lengths
    own = problem.queries is problem.keys and problem.scale > 0
    return own and problem.scale * (high**2 - low**2) < MAX_SELF_SCORE_GAP[problem.kind]
