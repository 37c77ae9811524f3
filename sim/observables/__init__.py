"""Observables: each is a number measured along a run, with its label and formula.

May import `sim.measure`, the laws and what is below them.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.dynamics.cross import Cross
from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.measure.probe import Probe
    from sim.spaces import Space

NO_ATTENTION = "the law has no attention among tokens"


def no_attention(law: Dynamics) -> str:
    """Return why tokens do not attend to each other; empty where they do."""
    if isinstance(law, Cross):
        return "tokens attend to fixed keys, not to each other"
    return NO_ATTENTION if law.attention_heads is None else ""


def no_interaction(law: Dynamics) -> str:
    """Return why F̂ has no meaning under a law that has none."""
    no_beta = "the law has no β" if law.inverse_temperature is None else ""
    return no_attention(law) or no_beta


def no_graph(law: Dynamics) -> str:
    """Return why what is measured along edges has no meaning; empty where it has."""
    return "" if law.topology is not None else "the law has no graph"


def alone(shape: tuple[int, int]) -> str:
    """Return why pairs have no meaning; empty where there are pairs."""
    return "there is only one token" if shape[0] == 1 else ""


@dataclass(frozen=True)
class Observable(Plugin, abc.ABC, package=__name__):
    """A number measured from a state.

    Attributes
    ----------
    label : str
        Short name for plots and captions.
    formula : str
        Its definition, with sign and normalisation, for the axis and the tooltip.
    is_count : bool
        Whether it is a count: drawn as steps, printed without decimals.
    partner : str
        Kind of the observable to compare with, on the same plot; or nothing.
    resolution : float
        Smaller values are rounding errors, as of a difference.
    """

    label: ClassVar[str]
    formula: ClassVar[str]
    is_count: ClassVar[bool] = False
    partner: ClassVar[str] = ""
    resolution: ClassVar[float] = 0.0

    @classmethod
    def legend_name(cls, law: Dynamics) -> str:
        """Return its name in a legend with its partner, under `law`."""
        return cls.label

    @classmethod
    def formula_in(cls, space: Space) -> str:
        """Return its definition in `space`."""
        return cls.formula

    @classmethod
    def threshold_in(cls, space: Space) -> str:
        """Return the threshold that a count depends on, to stand beside it."""
        return ""

    @classmethod
    def why_undefined(cls, law: Dynamics, space: Space, shape: tuple[int, int]) -> str:
        """Return why it has no meaning, in words that follow a colon.

        Asked where it is NaN, for tokens of the shape (n, d); empty if it has a meaning
        under such laws, so that only numbers that overflow can be the reason.
        """
        return ""

    @abc.abstractmethod
    def measure(self, probe: Probe) -> float:
        """Return the number, or NaN where it has no meaning."""
