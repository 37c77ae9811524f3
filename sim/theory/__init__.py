"""Results of theory that are known before a run: each is a curve or a bound for one.

May import observables and scenarios, and what is below them; never a simulation.  SciPy
is imported inside functions, since it loads slowly and most runs do not need it.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sim.masses.equal import Equal
from sim.settings.plugins import Plugin
from sim.weights.identity import Identity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sim.array_types import Floats
    from sim.attention.heads import Heads
    from sim.scenario import Scenario

    Curve = Callable[[float, Floats], float]

TEMPERED = frozenset({"softmax", "exponential"})
"""Rows of weights e^{β s}, normalised or not."""


@dataclass(frozen=True)
class Theory(Plugin, abc.ABC, package=__name__):
    """A result about what a run will show, where its hypotheses hold.

    Attributes
    ----------
    predicts : str
        Kind of the observable to compare it with; empty if it is a quantity of its own.
    drawn : bool
        Whether it is drawn with that observable by default; its curve then depends on t
        alone.
    label, formula : str
        As those of observables.
    reference : str
        Where it is proved, in short.
    """

    predicts: ClassVar[str] = ""
    drawn: ClassVar[bool] = False
    label: ClassVar[str]
    formula: ClassVar[str]
    reference: ClassVar[str] = ""

    @abc.abstractmethod
    def why_not(self, scenario: Scenario, x: Floats) -> str:
        """Return why it does not apply to a run from x, (n, d); "" if it does."""

    @abc.abstractmethod
    def curve(self, scenario: Scenario, x: Floats) -> Curve:
        """Return its prediction for a run from x, (n, d), as a function of t and x(t).

        Times must be increasing, and `why_not` empty.
        """


def applicable(
    scenario: Scenario, x: Floats, reasons: Mapping[str, str] | None = None
) -> dict[str, Curve]:
    """Return by kind the curves of the theories that apply to a run from x: (n, d).

    What `inapplicable` returned for the run, if known, saves finding it again.
    """
    known = inapplicable(scenario, x) if reasons is None else reasons
    return {
        kind: cls().curve(scenario, x)
        for kind, cls in Theory.kinds().items()
        if kind not in known
    }


def inapplicable(scenario: Scenario, x: Floats) -> dict[str, str]:
    """Return by kind why the other theories do not apply to a run from x: (n, d)."""
    reasons = {k: c().why_not(scenario, x) for k, c in Theory.kinds().items()}
    return {k: why for k, why in reasons.items() if why}


def heads_of(scenario: Scenario) -> Heads | None:
    """Return the heads of attention among tokens, if that is the law."""
    law = scenario.dynamics
    return law.attention_heads if law.row_weights else None


def beta_of(scenario: Scenario) -> float:
    """Return β, divided by √d where scores are scaled; see `lacks_constant_beta`."""
    law, d = scenario.dynamics, scenario.dimension
    assert law.inverse_temperature is not None
    assert law.attention_heads is not None
    beta = law.inverse_temperature
    return beta / d**0.5 if law.attention_heads.scaled else beta


def unit_of(scenario: Scenario) -> float:
    """Return the factor of scores without a β: 1, or 1/√d where they are scaled."""
    heads = heads_of(scenario)
    return scenario.dimension**-0.5 if heads is not None and heads.scaled else 1.0


def coefficient(scenario: Scenario) -> float:
    """Return c where V = c·I; see `not_plain_attention`."""
    heads = heads_of(scenario)
    assert heads is not None
    assert isinstance(heads.value, Identity)
    return heads.value.scale


def not_plain_attention(scenario: Scenario) -> str:
    """Return why attention does not have V = c·I, Q = K = I, no mask, equal masses."""
    heads = heads_of(scenario)
    if heads is None:
        return f"it needs self-attention, got {scenario.dynamics.kind}"
    if why := not_plain_set(heads):
        return why
    if not heads.plain():
        return "it needs Q = K = I without a mask"
    if not isinstance(heads.value, Identity):
        return f"it needs V = c·I, got {heads.value.kind}"
    return not_equal_masses(scenario)


def not_equal_masses(scenario: Scenario) -> str:
    """Return why masses of tokens are not equal."""
    heads = heads_of(scenario)
    equal = heads is None or isinstance(heads.masses, Equal)
    return "" if equal else "it needs equal masses"


def not_plain_set(heads: Heads) -> str:
    """Return why the law is not attention of a set, the same at every depth."""
    if why := has_mlp(heads) or varies_with_depth(heads):
        return why
    if not heads.positions.trivial:
        return f"it needs tokens without positions, got {heads.positions.kind}"
    return ""


def has_mlp(heads: Heads) -> str:
    """Return why tokens do not move by attention alone: an MLP."""
    return "" if heads.mlp.trivial else "it needs attention without an MLP"


def varies_with_depth(heads: Heads) -> str:
    """Return why attention is not the same at every depth."""
    depth = heads.depth
    if depth.layers > 1:
        return f"it needs one layer at every depth, got {depth.layers}"
    if depth.dropout:
        return f"it needs attention without dropout, got {depth.dropout:g}"
    return "" if depth.ramp.constant else "it needs a constant β, got a ramp"


def lacks_constant_beta(scenario: Scenario) -> str:
    """Return why the law is not softmax or unnormalised attention with one β."""
    law, heads = scenario.dynamics, scenario.dynamics.attention_heads
    if heads is None or law.row_weights not in TEMPERED:
        return f"it needs a law with β, got {law.kind}"
    return "" if heads.depth.ramp.constant else "it needs a constant β, got a ramp"


def not_sphere(scenario: Scenario) -> str:
    """Return why the space is not the plain sphere."""
    kind = scenario.space.kind
    return "" if kind == "sphere" else f"it needs the sphere, got {kind}"


def not_the_equation(scenario: Scenario) -> str:
    """Return why steps do not approximate the differential equation."""
    other = scenario.integrator.beyond_equation
    return f"it needs an ODE, got {other}" if other else ""
