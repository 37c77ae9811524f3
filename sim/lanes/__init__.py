"""Lanes: up to four runs side by side that share a clock and, mostly, a start.

May import runs, the files of runs, frames, and what is below them.
"""

from sim.lanes.combinations import compare
from sim.lanes.comparison import MAX_LANES, Comparison
from sim.lanes.difference import (
    DifferenceSeries,
    LaneDifference,
    difference,
    difference_series,
)
from sim.lanes.lane_file import lanes_from_plain, open_comparison
from sim.lanes.plain_lanes import plain_lanes
from sim.lanes.shared_axes import with_shared_axes
from sim.lanes.shared_words import word_cosines

__all__ = [
    "MAX_LANES",
    "Comparison",
    "DifferenceSeries",
    "LaneDifference",
    "compare",
    "difference",
    "difference_series",
    "lanes_from_plain",
    "open_comparison",
    "plain_lanes",
    "with_shared_axes",
    "word_cosines",
]
