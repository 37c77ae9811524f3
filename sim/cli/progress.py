"""How far a command is, printed while it works."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.recording.merge_events import ClusterChange

TABLE_ROWS = 13  # that a run prints
PROGRESS_LINES = 100  # of a whole run, with --progress
TABLE_COLUMNS = (
    "clusters",
    "f_hat",
    "effective",
    "energy",
    "order",
    "mean_cosine",
    "entropy",
    "purity",
)
"""Columns of that table; the CSV has every observable."""


class ProgressTable:
    """Prints a run as it advances: a table of observables, or progress alone."""

    def __init__(self, *, machine: bool) -> None:
        self._machine, self._due, self._kinds = machine, 0.0, ()

    def show(self, done: float, t: float, measures: Mapping[str, float]) -> None:
        """Print a line if one is due; `done` is the completed share of the run."""
        if done + 1e-9 < self._due:
            return
        parts = PROGRESS_LINES if self._machine else TABLE_ROWS - 1
        self._due = (int(done * parts + 1e-6) + 1) / parts
        if self._machine:
            print(f"progress {done:.4f}", flush=True)
            return
        known = {k: measures[k] for k in TABLE_COLUMNS if k in measures}
        known = {k: v for k, v in known.items() if v == v}  # not NaN
        if tuple(known) != self._kinds:
            self._kinds = tuple(known)
            print("  ".join(f"{name:>11}" for name in ("t", *known)))
        print("  ".join(f"{v:11.6g}" for v in (t, *known.values())), flush=True)


class LaneTables:
    """Prints lanes as they advance: a table for each, or the progress of all."""

    def __init__(self, titles: Sequence[str], *, machine: bool) -> None:
        self._titles, self._machine = titles, machine
        self._lane, self._table = -1, ProgressTable(machine=machine)

    def show(
        self, lane: int, done: float, t: float, measures: Mapping[str, float]
    ) -> None:
        """Print a line if one is due; `done` is the completed share of the lane."""
        if self._machine:
            self._table.show((lane + done) / len(self._titles), t, measures)
            return
        if lane != self._lane:
            self._lane, self._table = lane, ProgressTable(machine=False)
            print(f"lane {lane + 1}: {self._titles[lane]}")
        self._table.show(done, t, measures)

    def note(self, _lane: int, change: ClusterChange) -> None:
        """Print a change of the clusters of the lane that has just ended."""
        print(change)
