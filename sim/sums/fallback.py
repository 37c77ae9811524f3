"""Sums by moments, and by pairs again for the few queries with little around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.arrays import namespace
from sim.sums import Problem, Sums, assembled, each
from sim.sums.pairwise import pairwise_sums

if TYPE_CHECKING:
    from collections.abc import Callable

    Moments = Callable[[Problem], tuple[Sums, float]]


class TooManyFallbacks(Exception):  # noqa: N818 - no error, but a way to say: more carefully
    """More queries than allowed have too little around them."""


def with_fallback(
    problem: Problem, moments: Moments, part: float, bound: float, allowed: float = 1.0
) -> Sums:
    """Return the sums of `moments`, repaired where they would miss the `bound`.

    Parameters
    ----------
    problem : Problem
        Of any leading shape.
    moments : Problem -> Sums, float
        Gives the sums of one run, and the largest mass that there might be.
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
    found, largest = moments(problem)
    mass = found.mass[:, 0]
    poor = namespace(mass).flatnonzero(~(mass >= least * largest))
    if len(poor) > allowed * len(mass):
        raise TooManyFallbacks
    if len(poor):
        some = Problem(
            problem.queries[poor], problem.keys, problem.values, problem.scale
        )
        better = pairwise_sums(some)
        found.top[poor], found.mass[poor] = better.top, better.mass
        found.mean[poor] = better.mean
    return found
