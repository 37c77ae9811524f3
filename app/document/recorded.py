"""The document of what was played, as it is saved and exported."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.restarts import restarts

if TYPE_CHECKING:
    from app.document.document import Document
    from app.document.lane import Lane
    from app.document.moment import Moment
    from sim.engine import Engine, EngineGroup
    from sim.scenario import Scenario
    from sim.schedule import Run


def recorded(
    document: Document, engines: EngineGroup, t: float, moment: Moment
) -> Document:
    """Return `document` with its runs as they were played, and the moment on show.

    Parameters
    ----------
    document : Document
        What is in force; the newest edits are part of the runs.
    engines : EngineGroup
        What runs its lanes.
    t : float
        The time of the newest frame.
    moment : Moment
        Where in the run it is looked at.
    """
    lanes = [
        _recorded_lane(lane, engines[k], t) for k, lane in enumerate(document.lanes)
    ]
    new = document.with_lanes(lanes, document.place)
    return replace(new, moment=replace(moment, lane=document.place))


def _recorded_lane(lane: Lane, engine: Engine, t: float) -> Lane:
    """Return a lane with the run as it was played."""
    record = engine.record()
    run = record.run.with_whole(lane.scenario)
    if record.edits < engine.edits:  # a step takes too long to wait for
        if restarts(run.start, lane.scenario):
            run = lane.run  # which the engine has yet to begin
        else:
            run = run.with_change(max(t, record.end), lane.scenario)
    scenario = _as_long_as(lane.scenario, run)
    return replace(lane, scenario=scenario, log=run if run.changes else None)


def _as_long_as(scenario: Scenario, run: Run) -> Scenario:
    """Return `scenario` with a duration that holds the last change of `run`."""
    last = run.changes[-1].t if run.changes else 0.0
    if last <= scenario.duration:
        return scenario
    return replace(scenario, duration=float(math.ceil(last)))
