"""What a run is called once its law is no longer the one that it was named for."""

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
    """Return `new`, called after `origin` where an edit of `old` left its law.

    A law is left with its kind, its space, or what it does to its energy; who comes
    back has the old title back.  A title that a person wrote stays.
    """
    own = origin.title
    if not own or _law(old) == _law(new):
        return new
    found = AFTER.fullmatch(own)
    first = found[1] if found else own
    if new.title != own and not new.title.endswith(f", after “{first}”"):
        return new
    left = _law(new) != _law(origin)
    title = f"{named(new.dynamics)}, after “{first}”" if left else own
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
