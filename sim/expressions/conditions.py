"""Conditions on indices: which terms a sum has, and when something holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.expressions.expression import TERMS, Environment, Expression

SIGNS = {"<=": r"\le", "<": "<", ">": ">", "==": "=", "!=": r"\ne"}


@dataclass(frozen=True)
class Compare(Expression):
    """left ≤ right, or another relation of numbers."""

    binding = TERMS
    left: Expression
    relation: str
    right: Expression

    def latex(self) -> str:
        return f"{self.left.latex()} {SIGNS[self.relation]} {self.right.latex()}"

    def value(self, env: Environment) -> Any:
        a, b = self.left.value(env), self.right.value(env)
        return {
            "<=": a <= b,
            "<": a < b,
            ">": a > b,
            "==": a == b,
            "!=": a != b,
        }[self.relation]

    def python(self) -> str:
        return f"{self.left.python()} {self.relation} {self.right.python()}"


@dataclass(frozen=True)
class Both(Expression):
    """Two conditions at once."""

    first: Expression
    second: Expression

    def latex(self) -> str:
        return rf"{self.first.latex()},\,{self.second.latex()}"

    def value(self, env: Environment) -> Any:
        return self.first.value(env) and self.second.value(env)

    def python(self) -> str:
        return f"{self.first.python()} and {self.second.python()}"


@dataclass(frozen=True)
class Either(Expression):
    """One of two conditions, or both."""

    first: Expression
    second: Expression

    def latex(self) -> str:
        return rf"{self.first.latex()}\ \mathrm{{or}}\ {self.second.latex()}"

    def value(self, env: Environment) -> Any:
        return self.first.value(env) or self.second.value(env)

    def python(self) -> str:
        return f"({self.first.python()} or {self.second.python()})"


@dataclass(frozen=True)
class Joined(Expression):
    """j ~ i: whether a matrix of 0 and 1 joins two tokens.

    Attributes
    ----------
    name : str
        The matrix in the environment, (n, n).
    i, j : str
        Letters of the indices.
    path : str
        The setting that it comes from.
    loops : bool
        Whether every token is joined to itself too, whatever the matrix says.
    lone : bool
        Whether those are that nothing else joins.
    note : str
        What must be said of it, in LaTeX.
    around : str
        What surrounds it in LaTeX, such as a colour.
    """

    name: str
    i: str
    j: str
    path: str
    setting: Any = None
    loops: bool = False
    lone: bool = False
    note: str = ""
    around: str = "{}"

    def latex(self) -> str:
        sign = r"\simeq" if self.loops else r"\sim"
        return self.around.format(f"{self.j}{sign} {self.i}")

    def value(self, env: Environment) -> Any:
        i, j = env.at[self.i], env.at[self.j]
        row = env.values[self.name][i]
        own = i == j and (self.loops or (self.lone and not any(row)))
        return bool(row[j]) or own

    def python(self) -> str:
        own = f" or {self.i} == {self.j}" if self.loops or self.lone else ""
        if self.lone:
            own += f" and not any({self.name}[{self.i}])"
        return f"({self.name}[{self.i}, {self.j}]{own})"


@dataclass(frozen=True)
class Cases(Expression):
    """One expression where a condition holds, another elsewhere."""

    condition: Expression
    then: Expression
    otherwise: Expression

    def latex(self) -> str:
        return (
            rf"\begin{{cases}} {self.then.latex()} & {self.condition.latex()} \\ "
            rf"{self.otherwise.latex()} & \mathrm{{else}} \end{{cases}}"
        )

    def value(self, env: Environment) -> Any:
        return (self.then if self.condition.value(env) else self.otherwise).value(env)

    def python(self) -> str:
        then, other = self.then.python(), self.otherwise.python()
        return f"({then} if {self.condition.python()} else {other})"
