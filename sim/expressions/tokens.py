"""The tokens that a law reads, one by one or all at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.expressions.expression import Environment, Expression
from sim.expressions.symbols import Named, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Tokens:
    """The tokens that a law reads: one by the letter of its index, or all.

    Attributes
    ----------
    letter : str
        In LaTeX.
    name : str
        Of their values in the environment.
    note : str
        What must be said of them, in LaTeX.
    source : Tokens, optional
        Those that they are made of, by `change`.
    change : function, optional
        What makes one of them of one of the source.
    """

    letter: str = "x"
    name: str = "x"
    note: str = ""
    source: Tokens | None = None
    change: Callable[[Expression], Expression] | None = None

    def __call__(self, i: str) -> Expression:
        symbol = Symbol(self.name, self.letter, (i,), note=self.note)
        if self.source is None or self.change is None:
            return symbol
        return Named(symbol, self.change(self.source(i)))

    @property
    def all(self) -> Rows:
        """All tokens as a matrix: (n, d)."""
        return Rows(self.letter, self("i"), "i")


@dataclass(frozen=True)
class Rows(Expression):
    """All tokens, or edges, as the rows of a matrix: (n, d)."""

    letter: str
    row: Expression
    index: str

    def latex(self) -> str:
        return self.letter

    def value(self, env: Environment) -> Any:
        return np.array(
            [
                self.row.value(env.with_index(self.index, k))
                for k in range(env.sizes[self.index])
            ]
        )

    def python(self) -> str:
        return (
            f"np.array([{self.row.python()} "
            f"for {self.index} in range(size_{self.index})])"
        )
