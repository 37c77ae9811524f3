"""Sums in up to three dimensions in O(n), by a fast Gauss transform."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from sim.sums.costs import constants
from sim.sums.fallback import TooManyFallbacks, with_fallback
from sim.sums.gauss_transform import SINGLE_TOLERANCE, modes, transformed
from sim.sums.gpu_self_test import self_test_failure
from sim.sums.methods import Method
from sim.sums.nonuniform import LIBRARIES, missing

if TYPE_CHECKING:
    from sim.sums import Problem, Sums

MAX_SCORE = 400.0  # largest score: above, the weights e^{|b|²/2} leave nothing exact
MAX_MODES = 1 << 24  # modes: half a gigabyte once finufft has doubled every side
SAFETY = 4.0  # errors seen are up to this many times what finufft is asked for
MAX_FALLBACK_SHARE = 0.002  # of the queries may be done again by pairs
MEAN_ERROR = {"float32": 1e-5, "float64": 1e-9}
"""What the means may miss, relative to the largest |y|."""
MIN_SCORE_FOR_SINGLE = 4.0
"""The reach from which single precision is enough."""
FIRST_TOLERANCE = 1e-7
"""What is enough for float32 below: half the time of `CAREFUL`."""
TOLERANCE = {"float32": 1e-9, "float64": 1e-12}
GPU_COSTS = {"call": 5e6, "token": 10.0, "mode": 1.0}
"""Nanoseconds, not measured: a tenth of the speed that [2]_ states."""


class Nufft(Method):
    """e^{⟨a,b⟩} = e^{|a|²/2} e^{|b|²/2} e^{−|a−b|²/2}, the last factor by its modes.

    A non-uniform Fourier transform of type 1, a product, and one of type 2 [1]_; two
    real sums travel as one complex sum.  Errors are a part of the largest sum: a query
    with little around it is done again more carefully, or by pairs.

    References
    ----------
    .. [1] Barnett, Magland, af Klinteberg, "A parallel nonuniform fast Fourier
           transform library", SIAM J. Sci. Comput. 41, 2019.
    .. [2] Shih, Wright, Andén, Blaschke, Barnett, "cuFINUFFT: a load-balanced GPU
           library for general-purpose nonuniform FFTs", arXiv:2102.08463.
    """

    name: ClassVar[str] = "nufft"
    rank: ClassVar[int] = 4

    def refusal(self, problem: Problem) -> str | None:
        if problem.library not in LIBRARIES or problem.kind not in MEAN_ERROR:
            return f"works on floats of NumPy and CuPy, not on {problem.library}'s"
        if why := missing(problem.library):
            return why
        if problem.shape[2] > 3:  # noqa: PLR2004 - dimensions that finufft supports
            return f"is made for at most 3 dimensions, not {problem.shape[2]}"
        if not problem.full:
            return "does not support masks"
        if not problem.max_score < MAX_SCORE:
            return f"weights would overflow at scores of ±{problem.max_score:.3g}"
        if not problem.max_score > 0:
            return "needs scores that differ"
        if math.prod(modes(problem, TOLERANCE[problem.kind])) > MAX_MODES:
            return "would need too many modes"
        if problem.library == "numpy":
            return None
        return self_test_failure(self, problem.kind, problem.shape[2])

    def error(self, problem: Problem) -> float:
        return MEAN_ERROR[problem.kind]

    def cost(self, problem: Problem) -> float:
        n, m, width, depth = problem.shape
        known = GPU_COSTS
        if problem.library == "numpy":
            known = constants()[f"{self.name} {problem.kind}"]
        vectors = (depth + 2) // 2
        work = known["token"] * (n + m) * width**2
        work += known["mode"] * 2 * modes_of(problem)
        return 1e-9 * math.prod(problem.leading) * (known["call"] + vectors * work)

    def sums(self, problem: Problem) -> Sums:
        bound, first = self.error(problem), _first_tolerance(problem)
        careful = TOLERANCE[problem.kind]
        if first > careful:
            try:
                quick = partial(transformed, asked=first)
                return with_fallback(
                    problem, quick, SAFETY * first, bound, MAX_FALLBACK_SHARE
                )
            except TooManyFallbacks:
                pass
        exact = partial(transformed, asked=careful)
        return with_fallback(problem, exact, SAFETY * careful, bound, 1.0)


def _first_tolerance(problem: Problem) -> float:
    """Return the accuracy to try first."""
    if problem.kind == "float64":
        return TOLERANCE[problem.kind]
    return (
        SINGLE_TOLERANCE
        if problem.max_score >= MIN_SCORE_FOR_SINGLE
        else FIRST_TOLERANCE
    )


def modes_of(problem: Problem) -> int:
    """Return how many modes are used, if the first try is exact enough."""
    return math.prod(modes(problem, _first_tolerance(problem)))
