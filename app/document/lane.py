"""A lane: one of the runs that are shown beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.schedule import Run

if TYPE_CHECKING:
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
    """

    scenario: Scenario
    log: Run | None = None

    @staticmethod
    def of_run(run: Run) -> Lane:
        """Return the lane of a run, with the settings in force at its start."""
        return Lane(run.at(0.0), run if run.changes else None)

    @property
    def run(self) -> Run:
        """The start and its changes."""
        if self.log is None:
            return Run(self.scenario)
        return self.log.with_whole(self.scenario)
