"""A cache of the last sums: velocity, energy and entropy need the same ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from sim.sums.choose import FEW_PAIRS, best

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.arrays import Array
    from sim.sums import Problem, Sums
    from sim.sums.methods import Method

T = TypeVar("T")
MAX_CHOICES = 64  # choices: lengths of tokens on a sphere differ by rounding alone


class RecentSums:
    """Caches, for each kind, the sums of the last tokens: the very same array.

    Attributes
    ----------
    length : float, optional
        That of every token, where it is known and need not be measured.
    """

    length: float | None = None

    def __init__(self) -> None:
        self._held: dict[str, tuple[Array, Any]] = {}
        self._taken: dict[tuple[object, ...], Method] = {}

    def of(self, kind: str, x: Array, make: Callable[[Array], T]) -> T:
        """Return the sums ``make(x)``, or what is made of them, once for one array."""
        held = self._held.get(kind)
        if held is None or held[0] is not x:
            self._held.pop(
                kind, None
            )  # before: two of a million tokens need much memory
            held = self._held[kind] = (x, make(x))
        return held[1]

    def with_known_lengths(self, problem: Problem) -> Problem:
        """Return `problem` with `length`, if its queries and keys are the tokens."""
        if self.length is None or problem.queries is not problem.keys:
            return problem
        return replace(problem, known_lengths=(self.length,) * 4)

    def sums(self, problem: Problem) -> Sums:
        """Return the sums of `problem`, of one mask, by the method that is `best`."""
        return self._best(problem).sums(problem)

    def laplacian_ratio(self, problem: Problem) -> Array | None:
        """Return what `Method.laplacian_ratio` of the best method does."""
        return self._best(problem).laplacian_ratio(problem)

    def _best(self, problem: Problem) -> Method:
        if problem.batch or problem.pairs <= FEW_PAIRS:
            return best(problem)
        traits = (problem.full, *problem.choice_key)
        taken = self._taken.get(traits)
        if taken is None:
            if len(self._taken) == MAX_CHOICES:
                self._taken.clear()
            taken = self._taken[traits] = best(problem)
        return taken
