"""Sums by moments, and over all pairs for the few queries with little mass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.arrays import namespace
from sim.sums import Problem, Sums, assembled, each
from sim.sums.pairwise import pairwise_sums

if TYPE_CHECKING:
    from collections.abc import Callable

    Moments = Callable[[Problem], tuple[Sums, float]]
    Pairs = Callable[[Problem], Sums]


class TooManyFallbacks(Exception):  # noqa: N818 - the caller tries another way
    """More queries than allowed have too little mass."""


def with_fallback(
    problem: Problem,
    moments: Moments,
    part: float,
    bound: float,
    allowed: float = 1.0,
    pairs: Pairs | None = None,
) -> Sums:
    """Return the sums of `moments`, or of pairs where those would miss the `bound`.

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
        Share of the queries that may be summed over pairs.
    pairs : Problem -> Sums
        How the others are summed: without loss, however little their mass.  One by
        one where it is not given.

    Raises
    ------
    TooManyFallbacks
        If more would have to be.
    """
    return assembled(
        problem,
        [_one(p, moments, part / bound, allowed, pairs) for p in each(problem)],
    )


def _one(
    problem: Problem,
    moments: Moments,
    least: float,
    allowed: float,
    pairs: Pairs | None,
) -> Sums:
    found, largest = moments(problem)
    mass = found.mass[:, 0]
    weak = namespace(mass).flatnonzero(~(mass >= least * largest))
    if len(weak) > allowed * len(mass):
        raise TooManyFallbacks
    if len(weak):
        some = Problem(
            problem.queries[weak], problem.keys, problem.values, problem.scale
        )
        better = (pairs or pairwise_sums)(some)
        found.top[weak], found.mass[weak] = better.top, better.mass
        found.mean[weak] = better.mean
    return found
