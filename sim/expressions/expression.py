"""What all expressions share, and their arithmetic."""

from __future__ import annotations

import abc
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# How tightly parts of a formula bind: a sum of terms, a sum over an index, a product.
TERMS, TOTAL, PRODUCT, ATOM = range(4)


@dataclass(frozen=True, slots=True)
class Environment:
    """Where an expression is evaluated.

    Attributes
    ----------
    values : mapping of str to number or array
        By the names of symbols; the first axes of an array are the symbol's indices.
    sizes : mapping of str to int
        How many values an index takes.
    at : mapping of str to int
        The values of indices.
    known : dict
        Named expressions that have been evaluated here, by name and indices.
    """

    values: Mapping[str, Any]
    sizes: Mapping[str, int]
    at: Mapping[str, int] = field(default_factory=dict[str, int])
    known: dict[Any, Any] = field(default_factory=dict[Any, Any])

    def with_index(self, letter: str, k: int) -> Environment:
        """Return this environment with the value `k` of an index."""
        return replace(self, at={**self.at, letter: k})

    def with_values(self, **values: Any) -> Environment:
        """Return this environment with values of symbols, and nothing known."""
        return replace(self, values={**self.values, **values}, known={})


@dataclass(frozen=True)
class Expression(abc.ABC):
    """A node of the tree; its fields that are expressions are its children."""

    binding: ClassVar[int] = ATOM

    @abc.abstractmethod
    def latex(self) -> str:
        """Return the expression in LaTeX."""

    @abc.abstractmethod
    def value(self, env: Environment) -> Any:
        """Return its value: a number, a vector (d,) or a matrix."""

    @abc.abstractmethod
    def python(self) -> str:
        """Return the expression in Python, with NumPy as ``np``."""

    def level(self) -> int:
        """Return how tightly it binds."""
        return self.binding

    def children(self) -> Iterator[Expression]:
        """Yield the nodes directly below, in order."""
        for one in fields(self):
            found = getattr(self, one.name)
            for part in found if isinstance(found, tuple) else (found,):
                if isinstance(part, Expression):
                    yield part

    def __add__(self, other: Expression) -> Expression:
        return Add((*_terms(self), *_terms(other)))

    def __sub__(self, other: Expression) -> Expression:
        return self + -other

    def __neg__(self) -> Expression:
        return self.term if isinstance(self, Negative) else Negative(self)

    def __mul__(self, other: Expression) -> Expression:
        return Product((*_factors(self), *_factors(other)))

    def __truediv__(self, other: Expression) -> Expression:
        return Quotient(self, other)

    def __pow__(self, other: Expression) -> Expression:
        return Power(self, other)


def walk(expression: Expression) -> Iterator[Expression]:
    """Yield every node of a tree, parents first."""
    yield expression
    for child in expression.children():
        yield from walk(child)


def grouped(expression: Expression, level: int) -> str:
    """Return LaTeX in brackets if it binds less tightly than `level`."""
    latex = expression.latex()
    return latex if expression.level() >= level else rf"\left({latex}\right)"


def _terms(e: Expression) -> tuple[Expression, ...]:
    return e.terms if isinstance(e, Add) else (e,)


def _factors(e: Expression) -> tuple[Expression, ...]:
    return e.factors if isinstance(e, Product) else (e,)


@dataclass(frozen=True)
class Number(Expression):
    """A number that is no setting."""

    number: float

    def latex(self) -> str:
        return f"{self.number:g}"

    def value(self, env: Environment) -> Any:
        return self.number

    def python(self) -> str:
        return f"{self.number:g}"


@dataclass(frozen=True)
class Add(Expression):
    """a + b + …, of numbers, vectors or matrices."""

    binding = TERMS
    terms: tuple[Expression, ...]

    def latex(self) -> str:
        first, *rest = (grouped(t, TERMS) for t in self.terms)
        return first + "".join(
            f" - {t[1:].lstrip()}" if t.startswith("-") else f" + {t}" for t in rest
        )

    def value(self, env: Environment) -> Any:
        first, *rest = self.terms
        total = first.value(env)
        for term in rest:
            total = total + term.value(env)
        return total

    def python(self) -> str:
        return f"({' + '.join(t.python() for t in self.terms)})"


@dataclass(frozen=True)
class Negative(Expression):
    """−a."""

    binding = TERMS
    term: Expression

    def latex(self) -> str:
        return f"-{grouped(self.term, TOTAL)}"

    def value(self, env: Environment) -> Any:
        return -self.term.value(env)

    def python(self) -> str:
        return f"(-{self.term.python()})"


@dataclass(frozen=True)
class Factors(Expression):
    """Factors that are written one after the other."""

    factors: tuple[Expression, ...]

    def level(self) -> int:
        return TOTAL if self.factors[-1].level() == TOTAL else PRODUCT

    def latex(self) -> str:
        *first, last = self.factors
        parts = [*(grouped(f, PRODUCT) for f in first), grouped(last, TOTAL)]
        return r"\,".join(parts)


@dataclass(frozen=True)
class Product(Factors):
    """A product with numbers: all factors but one are numbers."""

    def value(self, env: Environment) -> Any:
        total = 1.0
        for factor in self.factors:
            total = total * factor.value(env)
        return total

    def python(self) -> str:
        return f"({' * '.join(f.python() for f in self.factors)})"


@dataclass(frozen=True)
class Quotient(Expression):
    """a/b; written in a line where it is part of an exponent."""

    top: Expression
    bottom: Expression
    inline: bool = False

    def level(self) -> int:
        return PRODUCT if self.inline else ATOM

    def latex(self) -> str:
        if self.inline:
            return f"{grouped(self.top, PRODUCT)}/{grouped(self.bottom, ATOM)}"
        return rf"\frac{{{self.top.latex()}}}{{{self.bottom.latex()}}}"

    def value(self, env: Environment) -> Any:
        return self.top.value(env) / self.bottom.value(env)

    def python(self) -> str:
        return f"(({self.top.python()}) / ({self.bottom.python()}))"


@dataclass(frozen=True)
class Power(Expression):
    """aᵇ, of numbers."""

    base: Expression
    exponent: Expression

    def latex(self) -> str:
        return f"{grouped(self.base, ATOM)}^{{{self.exponent.latex()}}}"

    def value(self, env: Environment) -> Any:
        return np.float64(self.base.value(env)) ** self.exponent.value(env)

    def python(self) -> str:
        return f"(({self.base.python()}) ** ({self.exponent.python()}))"


ONE, TWO = Number(1.0), Number(2.0)


def reciprocal(e: Expression) -> Expression:
    """Return a⁻¹, of a number, which takes less height than a fraction."""
    return Power(e, Number(-1.0))
