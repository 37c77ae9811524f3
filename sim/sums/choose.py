"""Which way sums are computed: the cheapest that is exact enough, and why."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from sim.jit.thread_pool import run_in_background
from sim.sums import Problem, Sums
from sim.sums.methods import Method, members

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.masks import Rule

METHODS = members()
BATCHED = next(m for m in METHODS if m.name == "batched")
MAX_ERROR = {"float32": 1e-5, "float64": 5e-14}
"""Errors of means that are small enough; the direct sum's own are, in any case."""
MANY_PAIRS, MAX_ERROR_OF_MANY = 1 << 32, 1e-12
"""So many pairs take a second even by the fastest sum over all of them."""
SCORES = (0.1, 1.0, 5.0, 12.0, 30.0, 100.0, 300.0, 1000.0)
MANY_ENOUGH_PAIRS = 1 << 18
"""For which other methods are best at other `SCORES`, and are compiled."""
FEW_PAIRS = 1 << 12  # pairs: below, a choice costs more than the sums


@dataclass(frozen=True, slots=True)
class Choice:
    """A method, and why it was taken.

    Attributes
    ----------
    method : Method
        The cheapest that is exact enough.
    error : float
        Its bound.
    reason : str
        One line: its cost, and what became of the others.
    """

    method: Method
    error: float
    reason: str


def attend(
    queries: Array,
    keys: Array,
    values: Array,
    mask: Rule | None = None,
    *,
    scale: float = 1.0,
    method: str = "auto",
) -> Sums:
    """Return the softmax-weighted sums of each query over the keys.

    Parameters
    ----------
    queries : Array, shape (..., n, e)
        aᵢ.
    keys : Array, shape (..., m, e)
        bⱼ.
    values : Array, shape (..., m, d)
        yⱼ; pass one array more than once where they agree, see `Problem`.
    mask : Rule, optional
        Which pairs count; all by default.
    scale : float
        c in the scores c⟨aᵢ,bⱼ⟩.
    method : str
        ``"auto"``, or the name of a method.

    Raises
    ------
    ValueError
        If the method asked for cannot do it.
    """
    problem = Problem(queries, keys, values, scale, mask)
    if method != "auto":
        return named(method, problem).sums(problem)
    return best(problem).sums(problem)


def prepare(*problems: Problem) -> None:
    """Prepare such sums in the background, before they are needed."""
    for problem in problems:
        for task in best(problem).warm_up(problem):
            run_in_background(task)


def prepare_scales(*problems: Problem) -> None:
    """Compile in the background what such sums need at other scales.

    Compiling takes longer than most sums: a first one at another β would wait for it.
    """
    for problem in problems:
        if problem.library == "numpy" and problem.pairs >= MANY_ENOUGH_PAIRS:
            run_in_background(partial(_compile_at_scales, problem))


def _compile_at_scales(problem: Problem) -> None:
    if not 0 < problem.max_score < math.inf:
        return
    for score in SCORES:
        scale = problem.scale * score / problem.max_score
        other = replace(problem, scale=scale, known_lengths=problem.lengths)
        for task in best(other).kernels(other):
            task()


def named(name: str, problem: Problem) -> Method:
    """Return the method called `name`, if it can do `problem`.

    Raises
    ------
    ValueError
        If there is none, or it cannot; says why.
    """
    known = {m.name: m for m in METHODS}
    if name not in known:
        raise ValueError(f"sums: no method {name!r}; there are {', '.join(known)}.")
    if why := known[name].refusal(problem):
        raise ValueError(f"sums: {name} {why}. Use auto, or direct.")
    return known[name]


def best(problem: Problem) -> Method:
    """Return the cheapest method that is exact enough: the same on every machine."""
    if problem.batch and not BATCHED.refusal(problem):
        return BATCHED
    if _plainly_direct(problem):
        return METHODS[0]
    return _cheapest(_costs(problem))


def choose(problem: Problem) -> Choice:
    """Return the `best` method for `problem`, and the reasons."""
    if problem.batch and not BATCHED.refusal(problem):
        return Choice(BATCHED, BATCHED.error(problem), "runs of one shape")
    if why := _plainly_direct(problem):
        return Choice(METHODS[0], METHODS[0].error(problem), why)
    costs = _costs(problem)
    taken = _cheapest(costs)
    notes = [
        f"{method.name} about {1e3 * costs[method]:.2g} ms"
        for method in sorted(costs, key=costs.__getitem__)
    ]
    for method in METHODS:
        if why := method.refusal(problem):
            notes.append(f"{method.name} {why}")
        elif method not in costs:
            notes.append(
                f"{method.name} is only accurate to {method.error(problem):.0e}"
            )
    return Choice(taken, taken.error(problem), "; ".join(notes))


def _max_error(problem: Problem) -> float:
    """Return the error of means that is small enough."""
    bound = max(MAX_ERROR.get(problem.kind, 0.0), METHODS[0].error(problem))
    return max(bound, MAX_ERROR_OF_MANY) if problem.pairs > MANY_PAIRS else bound


def _cheapest(costs: dict[Method, float]) -> Method:
    return min(costs, key=costs.__getitem__)


def _costs(problem: Problem) -> dict[Method, float]:
    """Return the seconds of every method that is exact enough."""
    bound = _max_error(problem)
    able = (m for m in METHODS if not m.refusal(problem))
    # The direct sum remains where errors are no numbers.
    good = (m for m in able if not m.error(problem) > bound)
    return {method: method.cost(problem) for method in good}


def _plainly_direct(problem: Problem) -> str:
    """Say why no other method is considered; nothing if the others are."""
    if problem.library not in ("numpy", "cupy"):
        return f"{problem.library} arrays are summed directly"
    if problem.pairs <= FEW_PAIRS:
        return f"{problem.pairs} pairs are few"
    return ""
