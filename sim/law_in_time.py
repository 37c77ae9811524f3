"""The law of a stage of a run, bound to tokens, at every time of the stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.field import Field
    from sim.glides import Stage
    from sim.scenario import Scenario
    from sim.spaces import Space

KEPT = 4  # laws: a step of Runge and Kutta has three times, the next begins at another


@dataclass(frozen=True, slots=True)
class BoundLaw:
    """The settings at one time, and their law bound to the tokens.

    Attributes
    ----------
    scenario : Scenario
        The settings.
    field : Field
        Their law.
    space : Space
        Where states live: the space, or its tangent bundle.
    """

    scenario: Scenario
    field: Field
    space: Space

    @classmethod
    def of(cls, scenario: Scenario, field: Field) -> BoundLaw:
        """Return the law with the space that its states live on."""
        space, tied = scenario.space, field.carrier == "tokens"
        return cls(scenario, field, space.tangent_bundle() if tied else space)

    @property
    def linear(self) -> bool:
        """Whether the flow is linear."""
        return self.field.linear and self.scenario.space.euclidean

    @property
    def splits(self) -> bool:
        """Whether the parts of the law's split are those of the flow."""
        tied = self.field.carrier == "tokens"
        return self.field.split is not None and (tied or self.scenario.space.euclidean)


class LawInTime:
    """The law of a stage; where numbers glide, one for every time.

    Parameters
    ----------
    stage : Stage
        The settings.
    bind : Scenario -> Field
        Binds their law to the tokens.
    """

    def __init__(self, stage: Stage, bind: Callable[[Scenario], Field]) -> None:
        self._stage, self._bind = stage, bind
        self._kept: dict[tuple[float, ...], BoundLaw] = {}

    def at(self, t: float) -> BoundLaw:
        """Return the law at the time `t`; the same object where settings are equal."""
        key = tuple(glide.value(t) for glide in self._stage.glides)
        if key not in self._kept:
            if len(self._kept) == KEPT:
                del self._kept[next(iter(self._kept))]
            scenario = self._stage.at(t)
            self._kept[key] = BoundLaw.of(scenario, self._bind(scenario))
        return self._kept[key]

    def glides(self, t: float) -> bool:
        """Whether numbers still glide after the time `t`."""
        return bool(self._stage.gliding(t))

    def next_kink(self, t: float) -> float:
        """Return the time after `t` at which a number arrives, ∞ if none does."""
        return self._stage.next_kink(t)
