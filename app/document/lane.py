"""A lane: one of the runs that are shown beside each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.schedule import Run

if TYPE_CHECKING:
    from sim.frame import Frame
    from sim.scenario import Scenario


@dataclass(frozen=True)
class Lane:
    """A run, and the settings that are in force in it.

    Attributes
    ----------
    scenario : Scenario
        The settings in force; those at the start, if there is no log.
    log : Run, optional
        The start and the changes of the run, where it has changes.
    number : int
        What it is known by while others come and go; no two lanes have the same.
    forked_at : float, optional
        The time at which it was forked from another lane.
    """

    scenario: Scenario
    log: Run | None = None
    number: int = 0
    forked_at: float | None = None

    @staticmethod
    def of_run(run: Run, number: int = 0, forked_at: float | None = None) -> Lane:
        """Return the lane of a run, with the settings in force at its start."""
        log = run if run.changes else None
        return Lane(run.at(0.0), log, number, forked_at)

    @property
    def run(self) -> Run:
        """The start and its changes."""
        if self.log is None:
            return Run(self.scenario)
        return self.log.with_whole(self.scenario)

    def played(self, frame: Frame) -> Lane:
        """Return the lane with the settings and the log of a frame of it."""
        run = frame.run if frame.run is not None and frame.run.changes else None
        return replace(self, scenario=frame.scenario, log=run)
