"""Whether an integrator preserves what the law does to its energy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.integrators import Integrator

if TYPE_CHECKING:
    from sim.scenario import Scenario

VERBS = {
    "conserves": "conserves",
    "ascends": "only increases",
    "descends": "only decreases",
}
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def preserves_energy_behaviour(scenario: Scenario) -> bool:
    """Whether the law's energy behaviour holds at any small step, for all times."""
    law, space = scenario.dynamics, scenario.space
    if law.energy_behaviour(space) == "none":
        return True
    needed = law.required_invariants(space)
    return not needed or bool(needed & scenario.integrator.preserves)


def preserving_integrators(scenario: Scenario) -> list[type[Integrator]]:
    """Return the integrators that preserve the law's energy behaviour."""
    needed = scenario.dynamics.required_invariants(scenario.space)
    return [c for c in Integrator.kinds().values() if needed & c.preserves]


def warning(scenario: Scenario) -> str:
    """Return a warning if the integrator does not preserve what the law does, or ""."""
    if preserves_energy_behaviour(scenario):
        return ""
    law, integrator = scenario.dynamics, scenario.integrator
    does = VERBS[law.energy_behaviour(scenario.space)]
    order = str(integrator.order).translate(SUPERSCRIPTS)
    better = " or ".join(c.title or c.kind for c in preserving_integrators(scenario))
    return (
        f"{law.title} {does} its energy, but with {integrator.title} it drifts "
        f"by O(h{order}). Choose {better}."
    )


def warning_of_change(old: Scenario, new: Scenario) -> str:
    """Return the warning of `new` if another law, space or integrator was chosen."""
    kinds = [(type(s.dynamics), type(s.space), type(s.integrator)) for s in (old, new)]
    return "" if kinds[0] == kinds[1] else warning(new)
