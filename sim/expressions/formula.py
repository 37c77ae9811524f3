"""Equations of motion, and what a person needs to read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.expressions.conditions import Joined
from sim.expressions.expression import Environment, Expression, walk
from sim.expressions.matrices import Part
from sim.expressions.sums import IsLargest, Iterated
from sim.expressions.symbols import MapOf, Named, Symbol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.array_types import AnyArray

Subject = Literal["token", "momentum", "tokens", "edges", "all"]
"""What an equation is of: the token i, its momentum, all tokens, all edges' momenta, or
the tokens and the momenta of edges below one another."""


@dataclass(frozen=True)
class Motion:
    """The velocity that a law gives in R^d.

    Attributes
    ----------
    tokens : Expression
        Of the token i; of all tokens, (n, d), where momenta belong to edges.
    momenta : Expression, optional
        Of the momentum of the token i, or of all edges, (m, d).
    carrier : {"", "tokens", "edges"}
        What momenta belong to.
    both : Expression, optional
        Tokens and momenta in one equation, where that is how the law is written.
    """

    tokens: Expression
    momenta: Expression | None = None
    carrier: Literal["", "tokens", "edges"] = ""
    both: Expression | None = None

    @staticmethod
    def of_both(both: Expression) -> Motion:
        """Return the motion of tokens and momenta of edges, one below the other."""
        whole = Named(Symbol("both", "F"), both)
        tokens, edges = Part(whole, "q"), Part(whole, "p", edges=True)
        return Motion(tokens, edges, "edges", both)


@dataclass(frozen=True)
class Equation:
    """A time derivative, or the next layer, and what it equals.

    Attributes
    ----------
    left : str
        In LaTeX, with its sign = or ←.
    subject : str
        What the right side is of.
    right : Expression
        The right side.
    """

    left: str
    subject: Subject
    right: Expression

    def latex(self) -> str:
        """Return the equation in LaTeX."""
        return f"{self.left} {self.right.latex()}"


@dataclass(frozen=True)
class Formula:
    """The equations of motion in force."""

    equations: tuple[Equation, ...]

    def nodes(self) -> Iterator[Expression]:
        """Yield every node of the tree."""
        for equation in self.equations:
            yield from walk(equation.right)

    def main(self) -> str:
        """Return the equations in one line of LaTeX."""
        return r",\quad ".join(e.latex() for e in self.equations)

    def definitions(self, *, routine: bool = True) -> tuple[str, ...]:
        """Return a line of LaTeX for every name in the equations, in their order.

        Those that every reader knows are last, or left out without `routine`.
        """
        lines: dict[str, str] = {}
        known: dict[str, str] = {}
        for node in self.nodes():
            if isinstance(node, Named):
                place = known if node.routine else lines
                place.setdefault(node.symbol.name, node.definition())
            elif isinstance(node, MapOf):
                place = known if node.routine else lines
                place.setdefault(node.letter.partition("_")[0], node.definition())
            elif isinstance(node, IsLargest):
                lines.setdefault(node.symbol.name, node.definition())
            elif isinstance(node, Iterated):
                lines.setdefault(node.definition(), node.definition())
        if not routine:
            return (*lines.values(), *self._notes())
        return (*lines.values(), *self._notes(), *known.values())

    def _notes(self) -> tuple[str, ...]:
        symbols = (n for n in self.nodes() if isinstance(n, Symbol | Joined))
        return tuple(dict.fromkeys(s.note for s in symbols if s.note))

    def symbols(self) -> tuple[Symbol | Joined, ...]:
        """Return one symbol for every setting that the equations show."""
        found: dict[str, Symbol | Joined] = {}
        for node in self.nodes():
            if isinstance(node, Symbol | Joined) and node.path:
                found.setdefault(node.path, node)
        return tuple(found.values())


def to_latex(formula: Formula) -> str:
    """Return the equations and the definitions of their names, in lines of LaTeX."""
    lines = (formula.main(), *formula.definitions())
    whole = r" \\ ".join(f"& {line}" for line in lines)
    return rf"\begin{{aligned}} {whole} \end{{aligned}}"


def evaluate(formula: Formula, env: Environment) -> tuple[AnyArray, AnyArray | None]:
    """Return the right sides of the equations of tokens and momenta, from the tree.

    Shapes (n, d), and (n, d), (m, d) or None.
    """
    n = env.sizes["i"]
    found: dict[str, AnyArray] = {}
    for equation in formula.equations:
        if equation.subject in ("token", "momentum"):
            rows = [equation.right.value(env.with_index("i", i)) for i in range(n)]
            found[equation.subject] = np.array(rows)
        elif equation.subject == "tokens":
            found["token"] = equation.right.value(env)
        elif equation.subject == "edges":
            found["momentum"] = equation.right.value(env)
        else:
            both = equation.right.value(env)
            found["token"], found["momentum"] = both[:n], both[n:]
    return found["token"], found.get("momentum")
