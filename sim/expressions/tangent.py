"""Projections to tangent spaces, and normalisation, of one token."""

from __future__ import annotations

from sim.expressions.expression import Add, Expression, Negative, Product
from sim.expressions.functions import Function, centre, cross, inner, unit
from sim.expressions.symbols import MapOf, Named, Symbol

CROSS = cross(Symbol("", ""), Symbol("", "")).kind


def projected(x: Expression, v: Expression, *, centred: bool = False) -> Expression:
    """Return the part of v orthogonal to the unit vector x, and to (1, …, 1) if asked.

    v itself where it is a vector product with x, which is tangent already.
    """
    if isinstance(v, Negative):
        return -projected(x, v.term, centred=centred)
    if not centred and _is_orthogonal(x, v):
        return v
    u = Symbol("ambient", "v")
    part = centre(u) if centred else u
    body = part - inner(x, part) * x
    letter = rf"P^{{\perp}}_{{{x.latex()}}}" if centred else rf"P_{{{x.latex()}}}"
    return MapOf(letter, u, body, v, routine=True)


def _is_orthogonal(x: Expression, v: Expression) -> bool:
    if isinstance(v, Function):
        return v.kind == CROSS and v.arguments[0] == x
    if isinstance(v, Product):
        return _is_orthogonal(x, v.factors[-1])
    if isinstance(v, Negative):
        return _is_orthogonal(x, v.term)
    return isinstance(v, Add) and all(_is_orthogonal(x, t) for t in v.terms)


def normalised(y: Expression, *, centred: bool = False) -> Expression:
    """Return y at length 1, without the mean of its entries if asked."""
    u = Symbol("layer", "u")
    part = centre(u) if centred else u
    return MapOf("N", u, unit(part), y, called=True, routine=True)


def field_symbol(a: Expression) -> Expression:
    """Return the law's field under a name, where it is written more than once."""
    return Named(Symbol("field", r"\mathcal{A}", ("i",)), a)
