"""Functions of numbers and vectors: exponentials, norms, inner products."""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.expressions.expression import (
    ATOM,
    PRODUCT,
    TERMS,
    Environment,
    Expression,
    grouped,
)

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Kind:
    """A function: how it is written, and what it does.

    Attributes
    ----------
    latex : str
        With ``{0}``, ``{1}``, … for the arguments.
    python : str
        The same in Python.
    compute : function
        Its value.
    inside : int
        How tightly an argument must bind to go without brackets.
    level : int
        How tightly the whole binds.
    """

    latex: str
    python: str
    compute: Callable[..., Any]
    inside: int = TERMS
    level: int = ATOM


@dataclass(frozen=True)
class Function(Expression):
    """A function of arguments."""

    kind: Kind
    arguments: tuple[Expression, ...]

    def level(self) -> int:
        return self.kind.level

    def latex(self) -> str:
        inside = (grouped(a, self.kind.inside) for a in self.arguments)
        return self.kind.latex.format(*inside)

    def value(self, env: Environment) -> Any:
        return self.kind.compute(*(a.value(env) for a in self.arguments))

    def python(self) -> str:
        return self.kind.python.format(*(a.python() for a in self.arguments))


def _maker(kind: Kind) -> Callable[..., Function]:
    def make(*arguments: Expression) -> Function:
        return Function(kind, arguments)

    return make


def unit_vector(v: Any) -> Any:
    """Return v/|v|, and 0 for 0: (d,) -> (d,)."""
    size = np.sqrt(np.sum(v * v))
    return v / size if size else v


def without_mean(v: Any) -> Any:
    """Return v without the mean of its entries: (d,) -> (d,)."""
    return v - np.mean(v)


def summed_product(a: Any, b: Any, c: Any) -> Any:
    """Return the sum of the products of entries: (d,) each -> a number."""
    return np.sum(a * b * c)


def rectified(z: Any) -> Any:
    """Return max(z, 0), entry by entry."""
    return np.maximum(z, 0)


def leaking(z: float, slope: float) -> float:
    """Return z, times a slope where it is below 0."""
    return z if z > 0 else slope * z


def cos_of(degrees: float) -> float:
    """Return the cosine of an angle in degrees."""
    return math.cos(math.radians(degrees))


def sin_of(degrees: float) -> float:
    """Return the sine of an angle in degrees."""
    return math.sin(math.radians(degrees))


def normal_gate(z: Any) -> Any:
    """Return z Φ(z), Φ the normal distribution: (d,) -> (d,)."""
    return np.array([a * (1 + math.erf(a / math.sqrt(2))) / 2 for a in z])


def rotated(u: Any, position: int, angle: float, base: float) -> Any:
    """Return u with each plane of two coordinates rotated: (e,) -> (e,)."""
    out = np.array(u)
    for k in range(len(u) // 2):
        a = position * angle * base ** (-2 * k / len(u))
        x, y = u[2 * k], u[2 * k + 1]
        out[2 * k] = x * math.cos(a) - y * math.sin(a)
        out[2 * k + 1] = x * math.sin(a) + y * math.cos(a)
    return out


def waves(position: int, base: float, d: int) -> Any:
    """Return (sin ω₀i, cos ω₀i, sin ω₁i, …) with ω_k = base^{−2k/d}: (d,)."""
    out = np.zeros(int(d))
    for k in range(int(d)):
        a = position * base ** (-2 * (k // 2) / d)
        out[k] = math.cos(a) if k % 2 else math.sin(a)
    return out


exp = _maker(Kind("e^{{{0}}}", "np.exp({0})", np.exp))
log = _maker(Kind(r"\log {0}", "np.log({0})", np.log, ATOM, PRODUCT))
sqrt = _maker(Kind(r"\sqrt{{{0}}}", "np.sqrt({0})", np.sqrt))
absolute = _maker(Kind("|{0}|", "abs({0})", abs))
floor = _maker(Kind(r"\lfloor {0}\rfloor", "np.floor({0})", np.floor))
cosine = _maker(Kind(r"\cos {0}", "np.cos(np.radians({0}))", cos_of))
sine = _maker(Kind(r"\sin {0}", "np.sin(np.radians({0}))", sin_of))
remainder = _maker(
    Kind(r"{0}\ \mathrm{{mod}}\ {1}", "({0}) % ({1})", operator.mod, ATOM, PRODUCT)
)
smaller = _maker(Kind(r"\min({0},{1})", "min({0}, {1})", min))
larger = _maker(Kind(r"\max({0},{1})", "max({0}, {1})", max))

tanh = _maker(Kind(r"\tanh\left({0}\right)", "np.tanh({0})", np.tanh))
relu = _maker(
    Kind(
        r"\mathrm{{ReLU}}\left({0}\right)",
        "np.maximum({0}, 0)",
        rectified,
    )
)
gelu = _maker(Kind(r"\mathrm{{GELU}}\left({0}\right)", "normal_gate({0})", normal_gate))
leaky = _maker(
    Kind(
        r"\mathrm{{LeakyReLU}}_{{{1}}}\left({0}\right)",
        "leaking({0}, {1})",
        leaking,
    )
)

inner = _maker(Kind(r"\langle {0},{1}\rangle", "np.dot({0}, {1})", np.dot))
cross = _maker(Kind(r"{0}\times {1}", "np.cross({0}, {1})", np.cross, ATOM, PRODUCT))
triple = _maker(
    Kind(
        r"\langle {0},{1},{2}\rangle",
        "np.sum({0} * {1} * {2})",
        summed_product,
    )
)
norm = _maker(Kind("|{0}|", "np.linalg.norm({0})", np.linalg.norm))
unit = _maker(Kind(r"\frac{{{0}}}{{|{0}|}}", "unit_vector({0})", unit_vector))
centre = _maker(
    Kind(r"{0}-\overline{{{0}}}", "without_mean({0})", without_mean, ATOM, TERMS)
)
rotation = _maker(
    Kind(
        r"\mathrm{{rot}}_\nu"
        r"\left({1}\,{2}\,{3}^{{-2\nu/d_k}}\right){0}",
        "rotated({0}, {1}, {2}, {3})",
        rotated,
    )
)
wave = _maker(
    Kind(
        r"(\sin {0}\omega_\nu,\,\cos {0}\omega_\nu)_\nu,\quad "
        r"\omega_\nu = {1}^{{-2\nu/{2}}}",
        "waves({0}, {1}, {2})",
        waves,
    )
)
