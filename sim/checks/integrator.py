"""Whether an integrator keeps what the law promises about its energy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.integrators import Integrator

if TYPE_CHECKING:
    from sim.scenario import Scenario

DOES = {
    "conserves": "conserves",
    "ascends": "only raises",
    "descends": "only lowers",
}


def kept(scenario: Scenario) -> bool:
    """Whether the integrator keeps the law's promise at any small step, for ever."""
    law, space = scenario.dynamics, scenario.space
    if law.energy_behaviour(space) == "none":
        return True
    needed = law.required_invariants(space)
    return not needed or bool(needed & scenario.integrator.preserves)


def preserving_integrators(scenario: Scenario) -> list[type[Integrator]]:
    """Return the integrators that keep the law's promise."""
    needed = scenario.dynamics.required_invariants(scenario.space)
    return [c for c in Integrator.kinds().values() if needed & c.preserves]


def warning(scenario: Scenario) -> str:
    """Return what to tell a person whose integrator breaks the promise, or nothing."""
    if kept(scenario):
        return ""
    law, mine = scenario.dynamics, scenario.integrator
    does = DOES[law.energy_behaviour(scenario.space)]
    better = " or ".join(c.title or c.kind for c in preserving_integrators(scenario))
    return (
        f"{law.title} {does} its energy, and {mine.title} lets it drift, by O(h^"
        f"{mine.order}). Choose {better}."
    )


def warning_of_change(old: Scenario, new: Scenario) -> str:
    """Return the warning of `new` if another law, surface or method was chosen."""
    kinds = [(type(s.dynamics), type(s.space), type(s.integrator)) for s in (old, new)]
    return "" if kinds[0] == kinds[1] else warning(new)
