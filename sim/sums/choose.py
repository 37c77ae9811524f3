"""Which way sums are computed: the cheapest that is exact enough, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.sums import Method, Problem, Sums
from sim.sums.circle import Circle
from sim.sums.cuda import Cuda
from sim.sums.direct import Direct
from sim.sums.fused import Fused
from sim.sums.nufft import Nufft

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.arrays import Array
    from sim.masks import Rule

METHODS: tuple[Method, ...] = (Direct(), Fused(), Circle(), Nufft(), Cuda())
ASKED = {"float32": 1e-5, "float64": 5e-14}
"""Errors of means that are small enough; the direct sum's own are, in any case."""
MANY, ASKED_OF_MANY = 1 << 32, 1e-12
"""So many pairs take a second even by the fastest sum over all of them."""
SMALL = 1 << 12  # pairs: below, thinking costs more than computing


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
    """Return what each query collects from the keys.

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
    if _plainly_direct(problem):
        return METHODS[0].sums(problem)
    return choose(problem).method.sums(problem)


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


def choose(problem: Problem) -> Choice:
    """Choose the method for `problem`, by shipped costs: the same on every machine."""
    direct = METHODS[0]
    if why := _plainly_direct(problem):
        return Choice(direct, direct.error(problem), why)
    asked = max(ASKED.get(problem.kind, 0.0), direct.error(problem))
    if problem.pairs > MANY:
        asked = max(asked, ASKED_OF_MANY)
    costs: dict[str, float] = {}
    notes: list[str] = []
    for method in METHODS:
        if why := method.refusal(problem):
            notes.append(f"{method.name} {why}")
        elif method.error(problem) > asked:
            notes.append(f"{method.name} only promises {method.error(problem):.0e}")
        else:
            costs[method.name] = method.cost(problem)
    best = min(METHODS, key=_cost_in(costs))
    notes[:0] = [
        f"{name} about {1e3 * cost:.2g} ms"
        for name, cost in sorted(costs.items(), key=_second)
    ]
    return Choice(best, best.error(problem), "; ".join(notes))


def _plainly_direct(problem: Problem) -> str:
    """Say why no other method need be thought of; nothing if one should."""
    if problem.library not in ("numpy", "cupy"):
        return f"{problem.library} arrays are summed directly"
    if problem.pairs <= SMALL:
        return f"{problem.pairs} pairs are few"
    return ""


def by_pairs(problem: Problem) -> Sums:
    """Return sums without moments: fused where that can, else direct."""
    direct, fused = METHODS[:2]
    return (direct if fused.refusal(problem) else fused).sums(problem)


def _cost_in(costs: dict[str, float]) -> Callable[[Method], float]:
    def cost(method: Method) -> float:
        return costs.get(method.name, float("inf"))

    return cost


def _second(item: tuple[str, float]) -> float:
    return item[1]
