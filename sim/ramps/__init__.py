"""Ramps: how β changes with depth.

May import `sim.settings`, `sim.expressions` and `sim.instants` only.
"""

from __future__ import annotations

import abc
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.expressions.expression import ONE, Number, Quotient
from sim.expressions.functions import larger, smaller
from sim.expressions.symbols import Named, Symbol
from sim.instants import next_of
from sim.settings.knobs import Knob
from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.expressions.expression import Expression

START = Knob(
    "start",
    0,
    1e6,
    scale="asinh",
    help="Time at which the ramp begins.",
    name="Ramp start",
)
LENGTH = Knob(
    "length",
    0.01,
    1e6,
    scale="log",
    help="Time that the ramp takes; longer changes β more slowly.",
    name="Ramp length",
)


@dataclass(frozen=True)
class Ramp(Plugin, abc.ABC, package=__name__):
    """β(t) = β · r(t), with r = 1 until the ramp begins."""

    @abc.abstractmethod
    def factor(self, t: float) -> float:
        """Return r(t)."""

    @abc.abstractmethod
    def formula(self, beta: Expression, t: Expression) -> Expression:
        """Return β(t) = β r(t)."""

    @property
    def constant(self) -> bool:
        """Whether β never changes."""
        return False

    def next_kink(self, t: float) -> float:
        """Return the time after t at which β begins or ceases to change, or ∞."""
        return math.inf


def ramped(
    beta: Expression,
    t: Expression,
    settings: tuple[float, float, float],
    factor: Callable[[Expression, Expression], Expression],
) -> Expression:
    """Return β(t) of a ramp with an end, a start and a length, whose r is `factor`.

    That is a function of the end and of the share of the ramp that is complete.
    """
    path = "dynamics.heads.depth.ramp"
    end, start, length = (
        Symbol(f"ramp {name}", letter, (), f"{path}.{name}", value)
        for name, letter, value in zip(
            ("end", "start", "length"), ("r", "t_0", "T"), settings, strict=True
        )
    )
    done = smaller(ONE, larger(Number(0.0), Quotient(t - start, length)))
    share_now = Named(Symbol("share", "u"), done)
    return Named(Symbol("beta now", r"\beta(t)"), beta * factor(end, share_now))


def share(t: float, start: float, length: float) -> float:
    """Return the share of the ramp that is complete at the time t, in [0, 1]."""
    return min(1.0, max(0.0, (t - start) / length))


def next_end(t: float, start: float, length: float) -> float:
    """Return the first end of a ramp after the time t, ∞ if there is none."""
    return next_of(t, start, start + length)
