"""Matrices: their products with vectors and each other, and blocks of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.expressions.expression import (
    PRODUCT,
    Environment,
    Expression,
    Factors,
    grouped,
)

AXES = 2  # of a matrix


@dataclass(frozen=True)
class Apply(Factors):
    """A product of matrices, the last of which may be a vector."""

    def value(self, env: Environment) -> Any:
        *first, last = self.factors
        out = last.value(env)
        for factor in reversed(first):
            out = factor.value(env) @ out
        return out

    def python(self) -> str:
        return f"({' @ '.join(f.python() for f in self.factors)})"


def apply(*factors: Expression | None) -> Expression:
    """Return a product of matrices without those that are None, the identity."""
    kept = [f for f in factors if f is not None]
    flat: list[Expression] = []
    for f in kept:
        flat += f.factors if isinstance(f, Apply) else [f]
    return flat[0] if len(flat) == 1 else Apply(tuple(flat))


@dataclass(frozen=True)
class Transposed(Expression):
    """Aᵀ."""

    matrix: Expression

    def latex(self) -> str:
        return rf"{grouped(self.matrix, PRODUCT)}^{{\top}}"

    def value(self, env: Environment) -> Any:
        return self.matrix.value(env).T

    def python(self) -> str:
        return f"{self.matrix.python()}.T"


@dataclass(frozen=True)
class Inverse(Expression):
    """A⁻¹."""

    matrix: Expression

    def latex(self) -> str:
        return f"{grouped(self.matrix, PRODUCT)}^{{-1}}"

    def value(self, env: Environment) -> Any:
        return np.linalg.inv(self.matrix.value(env))

    def python(self) -> str:
        return f"np.linalg.inv({self.matrix.python()})"


@dataclass(frozen=True)
class DiagonalMatrix(Expression):
    """The diagonal matrix of a number for every token, edge or triangle.

    Attributes
    ----------
    body : Expression
        The number.
    indices : str
        "i" for tokens, "ij" for edges, "ijk" for triangles.
    """

    body: Expression
    indices: str

    def latex(self) -> str:
        return rf"\mathrm{{diag}}_{{{self.indices}}}\left({self.body.latex()}\right)"

    def value(self, env: Environment) -> Any:
        cells = env.values[f"cells {self.indices}"]  # (k, 1), (m, 2) or (t, 3)
        diagonal: list[float] = []
        for cell in cells:
            inside = env
            for letter, k in zip(self.indices, cell, strict=True):
                inside = inside.with_index(letter, int(k))
            diagonal.append(float(self.body.value(inside)))
        return np.diag(np.array(diagonal).reshape(len(cells)))

    def python(self) -> str:
        letters = ", ".join(self.indices)
        cells = f"cells_{self.indices}"
        body = f"[{self.body.python()} for {letters}, in {cells}]"
        return f"np.diag(np.array({body}).reshape(len({cells})))"


@dataclass(frozen=True)
class BlockMatrix(Expression):
    """A matrix of four blocks, or a column of two; None is 0."""

    upper: tuple[Expression | None, ...]
    lower: tuple[Expression | None, ...]

    def latex(self) -> str:
        upper, lower = (
            " & ".join("0" if b is None else b.latex() for b in row)
            for row in (self.upper, self.lower)
        )
        return rf"\begin{{pmatrix}} {upper} \\ {lower} \end{{pmatrix}}"

    def value(self, env: Environment) -> Any:
        n, m, d = (env.sizes[k] for k in ("i", "e", "d"))
        widths = (n, m) if len(self.upper) == AXES else (d,)
        rows = [
            [
                np.zeros((height, width)) if b is None else b.value(env)
                for b, width in zip(row, widths, strict=True)
            ]
            for row, height in ((self.upper, n), (self.lower, m))
        ]
        return np.block(rows)

    def python(self) -> str:
        two = len(self.upper) == AXES
        widths = ("size_i", "size_e") if two else ("size_d",)
        rows = (
            ", ".join(
                f"np.zeros(({height}, {width}))" if b is None else b.python()
                for b, width in zip(row, widths, strict=True)
            )
            for row, height in ((self.upper, "size_i"), (self.lower, "size_e"))
        )
        return f"np.block([[{'], ['.join(rows)}]])"


@dataclass(frozen=True)
class Part(Expression):
    """The rows of the tokens, or of the edges, of a column of both."""

    column: Expression
    letter: str
    edges: bool = False

    def latex(self) -> str:
        return self.part("")

    def part(self, index: str) -> str:
        """Return it in LaTeX, with an index of rows."""
        return f"{grouped(self.column, PRODUCT)}_{{{self.letter}{index}}}"

    def value(self, env: Environment) -> Any:
        whole, n = self.column.value(env), env.sizes["i"]
        return whole[n:] if self.edges else whole[:n]

    def python(self) -> str:
        rows = "size_i:" if self.edges else ":size_i"
        return f"{self.column.python()}[{rows}]"


@dataclass(frozen=True)
class Row(Expression):
    """One row of a matrix of tokens: (n, d) -> (d,)."""

    matrix: Expression
    index: str

    def latex(self) -> str:
        if isinstance(self.matrix, Part):
            return self.matrix.part(f",{self.index}")
        return rf"\left({self.matrix.latex()}\right)_{{{self.index}}}"

    def value(self, env: Environment) -> Any:
        return self.matrix.value(env)[env.at[self.index]]

    def python(self) -> str:
        return f"{self.matrix.python()}[{self.index}]"
