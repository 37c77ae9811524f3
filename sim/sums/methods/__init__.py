"""Ways to compute sums: one a file, each with its bound on errors and its cost.

May import `sim.sums` and what is below it.
"""

from __future__ import annotations

import abc
import importlib
import pkgutil
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.arrays import Array
    from sim.sums import Problem, Sums


class Method(abc.ABC):
    """A way to compute sums."""

    name: ClassVar[str] = ""
    """What users call it; empty while abstract."""

    rank: ClassVar[int]
    """Its place among the methods: of two that cost the same, the first is taken."""

    @abc.abstractmethod
    def refusal(self, problem: Problem) -> str | None:
        """Say why `problem` cannot be done this way; None if it can."""

    @abc.abstractmethod
    def error(self, problem: Problem) -> float:
        """Return a bound on the error of means, relative to the largest |y|."""

    @abc.abstractmethod
    def cost(self, problem: Problem) -> float:
        """Return the seconds it takes on the machine of ``costs``."""

    @abc.abstractmethod
    def sums(self, problem: Problem) -> Sums:
        """Return the sums."""

    def laplacian_ratio(self, problem: Problem) -> Array | None:
        """Return ΔZ/Z at every query, (..., n, 1): Z(a) = Σⱼ e^{c⟨a,bⱼ⟩}, a turning.

        Δ is that of the sphere of unit vectors that queries, and keys, are on.  None
        where it is not known at the cost of sums, and as accurately.
        """
        return None

    def warm_up(self, problem: Problem) -> Sequence[Callable[[], None]]:
        """Return what can be done before such sums are needed, such as compiling."""
        return ()

    def kernels(self, problem: Problem) -> Sequence[Callable[[], None]]:
        """Return those of `warm_up` that serve other numbers, too: they compile."""
        return self.warm_up(problem)


@cache
def members() -> tuple[Method, ...]:
    """Return every method of this package, by rank."""
    found: list[Method] = []
    for one in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{one.name}")
        found += [
            member()
            for member in vars(module).values()
            if isinstance(member, type)
            and issubclass(member, Method)
            and member.__module__ == module.__name__
        ]
    return tuple(sorted(found, key=attrgetter("rank")))
