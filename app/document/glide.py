"""Numbers that are set gliding in the window: a ramp of the run, from now on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.document.setting_names import name_of, refusal
from sim.glides import why_fixed
from sim.scenario import edit
from sim.schedule import Change
from sim.settings.knobs import get

if TYPE_CHECKING:
    from app.document.document import Document
    from app.document.session import Session
    from sim.scenario import Scenario
    from sim.schedule import Run


def can_glide(document: Document, path: str) -> bool:
    """Return whether the setting at `path` is a number that can glide."""
    return not path.startswith("look.") and not why_fixed(document.scenario, path)


def with_ramp(run: Run, now: Scenario, ramp: Change) -> Run:
    """Return the run up to a ramp, with the settings `now` when it begins.

    Raises
    ------
    KeyError, ValueError
        If the setting cannot glide, or its value or the ramp is out of bounds.
    """
    if not ramp.over > 0:
        raise ValueError(
            f"the time that a glide takes must be more than 0, got {ramp.over:g}."
        )
    return run.with_change(ramp.t, now).followed_by(ramp)


def start_glide(session: Session, path: str, value: str, over: float, how: str) -> bool:
    """Let a number glide to `value` within the time `over`, as one step.

    `how` is a kind of ramp of `sim.schedule.Change`.  What the run had later is left
    out; returns whether that was possible, and else the session says why not.
    """
    now = session.recorded()
    try:
        number = get(edit(now.scenario, {path: value}), path)
        ramp = Change(session.t, {path: number}, over=over, ramp=how)
        run = with_ramp(now.run, now.scenario, ramp)
    except (KeyError, ValueError) as error:
        session.refused.emit(refusal(now, error))
        return False
    session.rewrite(run, f"glide of {name_of(now, path)}")
    return True
