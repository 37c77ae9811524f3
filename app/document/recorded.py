"""The document of what was played, as it is saved and exported."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.document.document import Document
    from app.document.moment import Moment
    from sim.engine import Engine
    from sim.frame import Frame
    from sim.scenario import Scenario
    from sim.schedule import Run


def played(document: Document, frame: Frame) -> Document:
    """Return `document` with the settings and the log of a frame."""
    run = frame.run if frame.run is not None and frame.run.changes else None
    return replace(document, scenario=frame.scenario, log=run)


def recorded(document: Document, engine: Engine, t: float, moment: Moment) -> Document:
    """Return `document` with the run as it was played, and the moment on show.

    Parameters
    ----------
    document : Document
        What is in force; its newest edit is part of the run.
    engine : Engine
        What runs it.
    t : float
        The time of the newest frame.
    moment : Moment
        Where in the run it is looked at.
    """
    record = engine.record()
    run = record.run.with_whole(document.scenario)
    if record.edits < engine.edits:  # a step takes too long to wait for
        run = run.with_change(max(t, record.end), document.scenario)
    scenario = _as_long_as(document.scenario, run)
    log = run if run.changes else None
    return replace(document, scenario=scenario, log=log, moment=moment)


def _as_long_as(scenario: Scenario, run: Run) -> Scenario:
    """Return `scenario` with a duration that holds the last change of `run`."""
    last = run.changes[-1].t if run.changes else 0.0
    if last <= scenario.duration:
        return scenario
    return replace(scenario, duration=float(math.ceil(last)))
