"""Which edits of a scenario begin its run again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.settings.knobs import knobs, walk
from sim.settings.plugins import Plugin
from sim.settings.serialise import family

if TYPE_CHECKING:
    from sim.scenario import Scenario


def restarts(old: Scenario, new: Scenario) -> bool:
    """Whether a change from `old` to `new` restarts from the initial condition.

    It does where tokens are placed differently; laws, spaces and integrators change
    during a run.
    """
    return _placement_settings(old, new) != _placement_settings(new, old)


def _placement_settings(scenario: Scenario, other: Scenario) -> dict[str, Any]:
    """Return the settings of `scenario` that place tokens, if `other` has them."""
    found: dict[str, Any] = {
        "initial": type(scenario.initial),
        "encoding": scenario.encoding,
    }
    for path, owner, name in walk(scenario):
        knob = knobs(type(owner)).get(name)
        kinds = family(owner, name)
        branch = path.partition(".")[0]
        if branch == "initial" and isinstance(part := getattr(owner, name), Plugin):
            found[f"{path}.kind"] = type(part)
        same = type(getattr(scenario, branch)) is type(getattr(other, branch))
        if knob is not None and not knob.live and same:
            found[path] = getattr(owner, name)
        if kinds is not None and not kinds.live and same:
            found[path] = type(getattr(owner, name))
    return found
