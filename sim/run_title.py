"""The title of a run whose law differs from the one that its title describes."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from sim.settings.knobs import get

if TYPE_CHECKING:
    from sim.dynamics import Dynamics
    from sim.scenario import Scenario

AFTER = re.compile(r".*, after “(.*)”", re.DOTALL)


def retitled(old: Scenario, new: Scenario, origin: Scenario) -> Scenario:
    """Return `new` with a title derived from `origin` where an edit changed the law.

    A change of its kind, of the space or of its energy behaviour counts; changing it
    back restores the title.  A title that the user wrote is kept.
    """
    own = origin.title
    if not own or _law(old) == _law(new):
        return new
    found = AFTER.fullmatch(own)
    first = found[1] if found else own
    if new.title != own and not new.title.endswith(f", after “{first}”"):
        return new
    changed = _law(new) != _law(origin)
    title = f"{named(new.dynamics)}, after “{first}”" if changed else own
    return dataclasses.replace(new, title=title)


def named(law: Dynamics) -> str:
    """Return the name of `law`: its title, or that of the limit that it is at."""
    if law.limits is None:
        return law.title
    limit = law.limits.at(get(law, law.limits.setting))
    return limit.name if limit is not None else law.title


def _law(scenario: Scenario) -> tuple[str, str, str]:
    law, space = scenario.dynamics, scenario.space
    return law.kind, space.kind, law.energy_behaviour(space)
