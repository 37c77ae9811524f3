"""What was asked for last: velocity, energy and entropy need the same sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.sums.choose import SMALL, best

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.arrays import Array
    from sim.sums import Problem, Sums
    from sim.sums.methods import Method

KEPT = 64  # choices: lengths of tokens on a sphere differ by rounding alone


class Recent:
    """Remembers, of each kind, the sums of the last tokens: the very same array.

    Attributes
    ----------
    length : float, optional
        That of every token, where it is known and need not be measured.
    """

    length: float | None = None

    def __init__(self) -> None:
        self._held: dict[str, tuple[Array, Sums]] = {}
        self._taken: dict[tuple[object, ...], Method] = {}

    def of(self, kind: str, x: Array, make: Callable[[Array], Sums]) -> Sums:
        """Return the sums ``make(x)``, which are made once for one array."""
        held = self._held.get(kind)
        if held is None or held[0] is not x:
            self._held.pop(kind, None)  # before: two of a million tokens need room
            held = self._held[kind] = (x, make(x))
        return held[1]

    def told(self, problem: Problem) -> Problem:
        """Return `problem`, whose queries and keys are tokens if they are one array."""
        if self.length is not None and problem.queries is problem.keys:
            vars(problem)["lengths"] = (self.length,) * 4
        return problem

    def sums(self, problem: Problem) -> Sums:
        """Return the sums of `problem`, of one mask, by the method that is `best`."""
        return self._best(problem).sums(problem)

    def bent(self, problem: Problem) -> Array | None:
        """Return what `Method.bent` of the best method does."""
        return self._best(problem).bent(problem)

    def _best(self, problem: Problem) -> Method:
        if problem.pairs <= SMALL:
            return best(problem)
        traits = (problem.full, *problem.traits)
        taken = self._taken.get(traits)
        if taken is None:
            if len(self._taken) == KEPT:
                self._taken.clear()
            taken = self._taken[traits] = best(problem)
        return taken
