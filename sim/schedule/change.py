"""One change in time of a run."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from numbers import Real
from typing import TYPE_CHECKING, Any

from sim.glides import RAMPS, Stage, glides_between
from sim.scenario import Scenario, edit
from sim.schedule.differences import WHOLE_RUN
from sim.settings.knobs import get
from sim.settings.serialise import family, record
from sim.tokens.edits import NO_EDITS, TokenEdits

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Change:
    """Settings that take other values from a time of the run on, and edits of tokens.

    Attributes
    ----------
    t : float
        The time, 0 or later.
    settings : mapping of str to value
        Paths as in `sim.edit`; a part is given by its kind, or as a record with all of
        its settings, as in a scenario's file.
    tokens : TokenEdits
        Tokens that are added, moved and removed, under these settings.
    over : float
        The time in which numbers glide to these values; 0 if they take them at once.
    ramp : {"linear", "geometric"}
        Whether they glide by equal steps or by equal factors in equal times.
    """

    t: float
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    tokens: TokenEdits = NO_EDITS
    over: float = 0.0
    ramp: str = "linear"

    def __post_init__(self) -> None:
        t, over = _finite(self.t), _finite(self.over)
        if not t >= 0:
            raise ValueError(
                f"the time of a change must be 0 or later, got {self.t!r}."
            )
        if not over >= 0:
            raise ValueError(
                f"the time that a ramp takes must be 0 or more, got {self.over!r}."
            )
        if self.ramp not in RAMPS:
            raise ValueError(
                f"a ramp must be one of {', '.join(RAMPS)}; got {self.ramp!r}."
            )
        object.__setattr__(self, "t", t)
        object.__setattr__(self, "over", over)
        object.__setattr__(self, "settings", dict(self.settings))
        if whole := [path for path in self.settings if path in WHOLE_RUN]:
            raise ValueError(
                f"{whole[0]} belongs to the whole run: set it at the start, not in a "
                "change."
            )

    def apply(self, scenario: Scenario) -> Scenario:
        """Return `scenario` with the changed settings.

        Raises
        ------
        KeyError, ValueError
            As `sim.edit`.
        """
        parts = {p: _part(scenario, p, v) for p, v in self.settings.items()}
        return edit(scenario, parts)

    def after(self, stage: Stage) -> Stage:
        """Return the stage that begins with this change, where `stage` was before.

        Numbers that glide go on, unless it is they that are changed.

        Raises
        ------
        KeyError, ValueError
            As `sim.edit`, or if a setting cannot glide.
        """
        now, kept = stage.at(self.t), stage.gliding(self.t, self.settings)
        then = self.apply(now)
        if not self.over:
            return Stage(self.t, then, kept)
        times = (self.t, self.over)
        new = glides_between(now, then, self.settings, times, self.ramp)
        return Stage(self.t, now, (*kept, *new))


def _part(scenario: Scenario, path: str, value: Any) -> Any:
    """Return `value`, where it is the record of a part, as that part."""
    if not isinstance(value, dict):
        return value
    owner_path, _, name = path.rpartition(".")
    owner = get(scenario, owner_path) if owner_path else scenario
    get(scenario, path)
    kinds = family(owner, name)
    return value if kinds is None else record(kinds, value, path)


def _finite(value: Any) -> float:
    """Return a number as a float; NaN for what is no finite number."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return math.nan
    try:
        number = float(value)
    except OverflowError:  # an integer of more than 308 digits
        return math.nan
    return number if math.isfinite(number) else math.nan
