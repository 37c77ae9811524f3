"""The title of a run whose law differs from the one that its title describes."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario import Scenario

MODIFIED = " (modified)"
AFTER = re.compile(r".*, after “(.*)”", re.DOTALL)  # as earlier versions marked it


def retitled(old: Scenario, new: Scenario, origin: Scenario) -> Scenario:
    """Return `new` with the title of `origin` marked where an edit changed the law.

    A change of its kind, of the space or of its energy behaviour counts; changing it
    back restores the title.  A title that the user wrote is kept.
    """
    own = origin.title
    if not own or _law(old) == _law(new):
        return new
    found = AFTER.fullmatch(own)
    marked = (found[1] if found else own.removesuffix(MODIFIED)) + MODIFIED
    if new.title not in (own, marked):
        return new
    changed = _law(new) != _law(origin)
    return dataclasses.replace(new, title=marked if changed else own)


def _law(scenario: Scenario) -> tuple[str, str, str]:
    law, space = scenario.dynamics, scenario.space
    return law.kind, space.kind, law.energy_behaviour(space)
