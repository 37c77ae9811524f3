"""Formulas of the brackets on phase space: q on nodes, p on edges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.expressions.formula import Motion
from sim.expressions.matrices import BlockMatrix, Inverse, Transposed, apply
from sim.expressions.symbols import Named, Symbol
from sim.exterior_calculus.formula import GRAPH
from sim.exterior_calculus.metric_formula import MetricFormula

if TYPE_CHECKING:
    from sim.expressions.expression import Expression


@dataclass(frozen=True)
class PhaseFormula(MetricFormula):
    """Writes the operators of phase space: tokens q on nodes, momenta p on edges."""

    @property
    def p(self) -> Symbol:
        """Momenta of all edges."""
        return Symbol("p", "p")

    @property
    def q(self) -> Expression:
        """All tokens."""
        return self.x.all

    @property
    def d0(self) -> Symbol:
        """The difference along edges."""
        return Symbol("d0", "d_0", (), GRAPH, self.graph, r"(d_0q)_{ij} = q_j - q_i")

    @property
    def d1(self) -> Symbol:
        """The sum around triangles."""
        note = r"(d_1p)_{ijk} = p_{ij} + p_{jk} - p_{ik}"
        return Symbol("d1", "d_1", (), GRAPH, self.graph, note)

    @property
    def d0_star(self) -> Expression:
        """The adjoint of d0."""
        body = apply(_inverse(self.a0), Transposed(self.d0), self.a1)
        return Named(Symbol("d0*", "d_0^{*}"), body)

    @property
    def d1_star(self) -> Expression:
        """The adjoint of d1."""
        body = apply(_inverse(self.a1), Transposed(self.d1), self.a2)
        return Named(Symbol("d1*", "d_1^{*}"), body)

    @property
    def j(self) -> Expression:
        """J = [[0, −d0*], [d0, 0]]."""
        return Named(
            Symbol("J", "J"), BlockMatrix((None, -self.d0_star), (self.d0, None))
        )

    @property
    def j_star(self) -> Expression:
        """J* = −J."""
        return Named(Symbol("J*", "J^{*}"), -self.j)

    @property
    def laplacian0(self) -> Expression:
        """L0 = d0* d0."""
        return Named(Symbol("L0", "L_0"), apply(self.d0_star, self.d0))

    @property
    def laplacian1(self) -> Expression:
        """L1 = d0 d0* + d1* d1."""
        body = apply(self.d0, self.d0_star) + apply(self.d1_star, self.d1)
        return Named(Symbol("L1", "L_1"), body)

    @property
    def slopes(self) -> tuple[Expression, Expression]:
        """The two parts of ∇E."""
        if self.metric.convention == "weighted":
            return self.q, self.p
        return apply(_inverse(self.a0), self.q), apply(_inverse(self.a1), self.p)

    @property
    def slope(self) -> Expression:
        """∇E, tokens above momenta."""
        of_q, of_p = self.slopes
        return Named(Symbol("dE", r"\nabla E"), BlockMatrix((of_q,), (of_p,)))

    @property
    def a0_inverse(self) -> Expression | None:
        """A0⁻¹; None for 1."""
        return _inverse(self.a0)

    def motion(self, both: Expression) -> Motion:
        """Return the motion of tokens and momenta at once."""
        return Motion.of_both(both)


def _inverse(a: Expression | None) -> Expression | None:
    return None if a is None else Inverse(a)
