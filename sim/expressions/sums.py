"""Sums over tokens or heads, the largest of them, and iterations."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.expressions.expression import (
    TERMS,
    TOTAL,
    Environment,
    Expression,
    grouped,
    reciprocal,
)
from sim.expressions.symbols import identifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.expressions.symbols import Symbol

PYTHON_TIE = 1e-13  # the same in programs, for scores near 1
TIE_ULPS = 64  # units in the last place by which equal scores may differ


def terms(index: str, domain: Expression | None, env: Environment) -> Iterator[Any]:
    """Yield an environment for every value of an index in its domain."""
    for k in range(env.sizes[index]):
        inside = env.with_index(index, k)
        if domain is None or domain.value(inside):
            yield inside


def over(index: str, domain: Expression | None) -> str:
    """Return what stands below a sum, in LaTeX."""
    return f"_{{{index if domain is None else domain.latex()}}}"


def loop(index: str, domain: Expression | None) -> str:
    """Return the loop of a sum in Python."""
    chosen = "" if domain is None else f" if {domain.python()}"
    return f"for {index} in range(size_{index}){chosen}"


@dataclass(frozen=True)
class Total(Expression):
    """The sum of a body over an index, where a condition holds."""

    binding = TOTAL
    index: str
    body: Expression
    domain: Expression | None = None

    def latex(self) -> str:
        body = grouped(self.body, TOTAL)
        return rf"\sum{over(self.index, self.domain)}\,{body}"

    def value(self, env: Environment) -> Any:
        total = 0.0
        for inside in terms(self.index, self.domain, env):
            total = total + self.body.value(inside)
        return total

    def python(self) -> str:
        return f"sum({self.body.python()} {loop(self.index, self.domain)})"


@dataclass(frozen=True)
class Symmetrised(Expression):
    """The mean of a body over all orders of its indices."""

    binding = TOTAL
    letters: str
    body: Expression

    def latex(self) -> str:
        body = grouped(self.body, TOTAL)
        return rf"\mathrm{{Sym}}_{{{self.letters}}}\,{body}"

    def value(self, env: Environment) -> Any:
        orders = list(itertools.permutations(self.letters))
        total = 0.0
        for order in orders:
            at = {a: env.at[b] for a, b in zip(self.letters, order, strict=True)}
            inside = Environment(env.values, env.sizes, {**env.at, **at}, env.known)
            total = total + self.body.value(inside)
        return total / len(orders)

    def python(self) -> str:
        letters = ", ".join(self.letters)
        orders = f"itertools.permutations(({letters}))"
        return f"np.mean([{self.body.python()} for {letters} in {orders}])"


@dataclass(frozen=True)
class IsLargest(Expression):
    """Whether the score of an index is the largest of those where a condition holds.

    Scores that differ by rounding are equal.  In LaTeX, a set that the index is in.
    """

    symbol: Symbol
    index: str
    score: Expression
    domain: Expression | None = None

    def latex(self) -> str:
        return rf"{self.index}\in {self.symbol.latex()}"

    def definition(self) -> str:
        """Return the line that defines the set, in LaTeX."""
        below = over(self.index, self.domain)
        score = grouped(self.score, TOTAL)
        return rf"{self.symbol.latex()} = \mathrm{{argmax}}{below}\,{score}"

    def value(self, env: Environment) -> Any:
        if self.domain is not None and not self.domain.value(env):
            return False
        top = max(self.score.value(e) for e in terms(self.index, self.domain, env))
        tie = TIE_ULPS * np.finfo(float).eps * (1 + abs(top))
        return self.score.value(env) >= top - tie

    def python(self) -> str:
        score = self.score.python()
        largest = f"max({score} {loop(self.index, self.domain)})"
        held = "" if self.domain is None else f"{self.domain.python()} and "
        return f"({held}{score} >= {largest} - {PYTHON_TIE})"


@dataclass(frozen=True)
class Iterated(Expression):
    """A symbol after a number of rounds of updates, each in turn, from 0.

    Attributes
    ----------
    symbol : Symbol
        The result.
    updates : tuple of (Symbol, Expression)
        What each symbol becomes.
    rounds : Expression
        How often.
    """

    symbol: Symbol
    updates: tuple[Update, ...]
    rounds: Expression

    def latex(self) -> str:
        return self.symbol.latex()

    def definition(self) -> str:
        """Return the line that says how it is computed, in LaTeX."""
        each = r",\; ".join(
            rf"{u.symbol.latex()} \leftarrow {u.body.latex()}" for u in self.updates
        )
        return rf"{each}\quad ({self.rounds.latex()}\times)"

    def value(self, env: Environment) -> Any:
        names = tuple(u.symbol.name for u in self.updates)
        if names not in env.known:
            env.known[names] = self._values(env)
        return env.known[names][self.symbol.name][self.symbol.places(env)]

    def _values(self, env: Environment) -> dict[str, Any]:
        values = {
            u.symbol.name: np.zeros([env.sizes[i] for i in u.symbol.letters()])
            for u in self.updates
        }
        for _, update in itertools.product(
            range(int(self.rounds.value(env))), self.updates
        ):
            values[update.symbol.name] = update.new(env.with_values(**values))
        return values

    def python(self) -> str:
        return self.symbol.python()

    def python_definition(self) -> str:
        """Return the loop that computes it, in Python."""
        starts, steps = [], []
        for update in self.updates:
            letters, body = update.symbol.letters(), update.body.python()
            name, sizes = identifier(update.symbol.name), ""
            for letter in reversed(letters):
                body = f"np.array([{body} for {letter} in range(size_{letter})])"
                sizes = f"size_{letter}, {sizes}"
            starts.append(f"{name} = np.zeros(({sizes}))")
            steps.append(f"    {name} = {body}")
        loop = f"for _ in range({self.rounds.python()}):"
        return "\n".join((*starts, loop, *steps))


@dataclass(frozen=True)
class Update(Expression):
    """What a symbol becomes in one round of an iteration."""

    binding = TERMS
    symbol: Symbol
    body: Expression

    def latex(self) -> str:
        return rf"{self.symbol.latex()} \leftarrow {self.body.latex()}"

    def value(self, env: Environment) -> Any:
        return self.body.value(env)

    def new(self, env: Environment) -> Any:
        """Return the symbol's new values, for all values of its indices."""
        letters = self.symbol.letters()
        out = np.zeros([env.sizes[i] for i in letters])
        for places in np.ndindex(out.shape):
            at = {**env.at, **dict(zip(letters, places, strict=True))}
            inside = Environment(env.values, env.sizes, at)
            out[places] = self.body.value(inside)
        return out

    def python(self) -> str:
        return f"{self.symbol.python()} = {self.body.python()}"


def mean(index: str, size: Expression, body: Expression) -> Expression:
    """Return (1/size) Σ over an index."""
    return reciprocal(size) * Total(index, body)
