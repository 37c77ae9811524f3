"""Sums by moments, and by pairs again for the few queries with little around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import namespace
from sim.sums import Problem, Sums, assembled, each

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.arrays import Array

    Moments = Callable[[Problem], tuple[Array, Array, float]]


class TooPoor(Exception):  # noqa: N818 - no error, but a way to say: more carefully
    """More queries than allowed have too little around them."""


def repaired(
    problem: Problem, moments: Moments, part: float, bound: float, allowed: float = 1.0
) -> Sums:
    """Return the sums of `moments`, repaired where they would miss the `bound`.

    Parameters
    ----------
    problem : Problem
        Of any leading shape.
    moments : Problem -> (n, 1), (n, 1 + d), float
        Gives a shift of scores, mass and sums after it, and the largest mass that
        there might be, of one run.
    part : float
        Error of a sum, as a part of the largest mass.
    bound : float
        Error that a mean may have, relative to the largest value.
    allowed : float
        Share of the queries that may be repaired.

    Raises
    ------
    TooPoor
        If more would have to be.
    """
    return assembled(
        problem, [_one(p, moments, part / bound, allowed) for p in each(problem)]
    )


def _one(problem: Problem, moments: Moments, least: float, allowed: float) -> Sums:
    from sim.sums.choose import by_pairs

    top, sums, largest = moments(problem)
    mass = sums[:, :1]
    poor = namespace(mass).flatnonzero(~(mass[:, 0] >= least * largest))
    if len(poor) > allowed * len(mass):
        raise TooPoor
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = sums[:, 1:] / mass
    if len(poor):
        some = problem.queries[poor]
        found = by_pairs(Problem(some, problem.keys, problem.values, problem.scale))
        top[poor], mass[poor], mean[poor] = found.top, found.mass, found.mean
    return Sums(top, mass, mean)
