"""Runs: a start, and what changes at which time.

May import scenarios, edits of tokens, glides and what is below them.
"""

from sim.schedule.change import Change
from sim.schedule.composing import check_duration, with_changes
from sim.schedule.differences import WHOLE_RUN, differences
from sim.schedule.run import Run

__all__ = [
    "WHOLE_RUN",
    "Change",
    "Run",
    "check_duration",
    "differences",
    "with_changes",
]
