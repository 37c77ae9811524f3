"""The stages of a run: the settings from one change to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.glides import Stage
from sim.restarts import restarts
from sim.settings.knobs import get, knobs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.scenario import Scenario
    from sim.schedule.change import Change


def stages_of(start: Scenario, changes: Sequence[Change]) -> tuple[Stage, ...]:
    """Return the stages that begin with `changes`, one for each of their times.

    Raises
    ------
    ValueError
        If a change is of a setting that there is not, that places tokens anew, or has
        a value out of bounds; says which change, and why.
    """
    stages: list[Stage] = []
    stage = Stage(0.0, start)
    for k, change in enumerate(changes):
        where, before = f"change {k + 1} (t = {change.t:g})", stage.scenario
        try:
            stage = change.after(stage)
        except (KeyError, ValueError) as error:
            raise ValueError(f"{where}: {error.args[0]}") from None
        now = stage.scenario
        if not is_live(before, now, change) and restarts(before, now):
            raise ValueError(
                f"{where}: {', '.join(change.settings)} places tokens anew, which "
                "a change in time cannot. Set it at the start of the run."
            )
        if stages and change.t == stages[-1].t:
            del stages[-1]
        stages.append(stage)
    return tuple(stages)


def with_stage(stages: tuple[Stage, ...], stage: Stage) -> tuple[Stage, ...]:
    """Return `stages` followed by `stage`, which replaces one of the same time."""
    same = stages and stages[-1].t == stage.t
    return (*(stages[:-1] if same else stages), stage)


def is_live(old: Scenario, new: Scenario, change: Change) -> bool:
    """Whether a change is of single live settings only, so that it cannot restart.

    It says in a tenth of the time what `restarts` would say.
    """
    for path in change.settings:
        owner_path, _, name = path.rpartition(".")
        owner = get(old, owner_path) if owner_path else old
        knob = knobs(type(owner)).get(name)
        branch = path.partition(".")[0]
        if knob is None or not knob.live or branch in ("initial", "encoding"):
            return False
    return (old.tokens, old.dimension) == (new.tokens, new.dimension)
