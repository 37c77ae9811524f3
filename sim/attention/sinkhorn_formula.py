"""The formula of Sinkhorn's iteration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.expressions.expression import TWO, Expression
from sim.expressions.functions import exp, log
from sim.expressions.sums import Iterated, Update
from sim.expressions.symbols import HEAD, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.attention.formula import AttentionFormula, Weight


def sinkhorn_potentials(
    a: AttentionFormula, score: Weight, rounds: Expression, *, alike: bool
) -> tuple[Callable[[str], Expression], Callable[[str], Expression]]:
    """Return f and g of Sinkhorn's iteration, by the letter of their index.

    Where scores are symmetric both are one function, updated by half steps.
    """
    head = (HEAD,) if a.heads.count > 1 else ()

    def symbol(name: str, i: str) -> Symbol:
        return Symbol(f"potential {name}", name, (*head, i))

    def fitted(other: str, i: str, j: str, s: Expression) -> Expression:
        total = a.averaged_over(j, exp(s + symbol(other, j)))
        return log(total)

    if alike:
        half = (symbol("f", "i") - fitted("f", "i", "j", score("i", "j"))) / TWO
        updates = (Update(symbol("f", "i"), half),)
    else:
        rows = -fitted("g", "i", "j", score("i", "j"))
        columns = -fitted("f", "j", "i", score("i", "j"))
        updates = (Update(symbol("f", "i"), rows), Update(symbol("g", "j"), columns))

    def f(i: str) -> Expression:
        return Iterated(symbol("f", i), updates, rounds)

    def g(j: str) -> Expression:
        return Iterated(symbol("f" if alike else "g", j), updates, rounds)

    return f, g
