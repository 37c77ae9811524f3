"""How far a command is, and how long it will take, said while it works."""

from __future__ import annotations

import sys
import time
from threading import Timer
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.recording.merge_events import ClusterChange

TABLE_ROWS = 13  # that a run prints
PROGRESS_LINES = 100  # of a whole run, with --progress
LONG_S = 3.0  # seconds: what takes longer says how long
SETTLED_S = 1.0  # seconds of work from which the rest is estimated
REFRESH_S = 0.2  # seconds between two writings of the line on a terminal
CLEAR = "\r\x1b[K"
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


class ProgressReport:
    """Says on standard error how far the work is, and how much time is left.

    On a terminal a line that is written again and again; elsewhere one line, if the
    work takes longer than 3 s.  With `machine`, lines ``progress FRACTION`` on standard
    output instead.

    Parameters
    ----------
    machine : bool
        Whether a program reads it.
    parts : int
        How many steps there are, if that is known.

    Attributes
    ----------
    nothing_done_said : bool
        Whether it had to say that the start, or the first step, is not done yet.
    """

    def __init__(self, *, machine: bool = False, parts: int = 0) -> None:
        self._machine, self._parts = machine, parts
        self._live = sys.stderr.isatty()
        self._start, self._due, self._said = time.monotonic(), 0.0, False
        self._shown = self._stepping = self.nothing_done_said = False
        self._timer = self._new_timer()
        self._first: tuple[float, float] | None = None  # when it was done, and what

    def __enter__(self) -> Self:
        if not self._machine:
            self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self.clear()

    def show(self, done: float, what: str = "") -> None:
        """Say that the share `done` of the work is done, if it is time to.

        The rest is estimated from what was done since the first share: that one may
        take long once, to prepare.  At 0 the start is measured and written, and the
        first step begins.

        Raises
        ------
        OSError
            If its reader has left.
        """
        if self._machine:
            if done + 1e-9 >= self._due:
                self._due = (int(done * PROGRESS_LINES + 1e-6) + 1) / PROGRESS_LINES
                print(f"progress {done:.4f}", flush=True)
            return
        if done <= 0:
            self._begin_steps()
            return
        passed = time.monotonic() - self._start
        if self._first is None:
            self._first = (passed, done)
            self._timer.cancel()
        since, share = passed - self._first[0], done - self._first[1]
        if share <= 0 or since < SETTLED_S or passed < self._due:
            return
        left = since * (1 - done) / share
        if self._live and (self._shown or passed + left > LONG_S):
            self._due, self._shown = passed + REFRESH_S, True
            text = f"{what or f'{done:.0%}'}, {span(left)} left"
            print(CLEAR + text, end="", file=sys.stderr, flush=True)
        elif not self._said and passed + left > LONG_S:
            self._said = True
            print(f"{what or f'{done:.0%} done'}, {span(left)} left", file=sys.stderr)

    def clear(self) -> None:
        """Remove the line from the terminal, for other text."""
        if self._shown:
            self._shown = False
            print(CLEAR, end="", file=sys.stderr, flush=True)

    def _begin_steps(self) -> None:
        if not self._stepping:
            self._timer.cancel()
            self._stepping, self._timer = True, self._new_timer()
            self._timer.start()

    def _new_timer(self) -> Timer:
        timer = Timer(LONG_S, self._say_nothing_done)
        timer.daemon = True
        return timer

    def _say_nothing_done(self) -> None:
        """Say what takes long; of a first step also how long all take at least."""
        parts = self._parts
        if self._stepping and parts:
            text = (
                f"the first step takes longer than {LONG_S:.0f} s; if all of the "
                f"{parts:,} do, they take more than {span(LONG_S * parts)}"
            )
        else:
            part = "first step" if self._stepping else "start"
            text = f"the {part} takes longer than {LONG_S:.0f} s"
        print(f"{text}. Ctrl-C stops it.", file=sys.stderr, flush=True)
        self.nothing_done_said = True


def span(seconds: float) -> str:
    """Return a duration as text with a suitable unit."""
    for name, size in (("days", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {name}"
    return f"{seconds:.0f} s"


class ProgressTable:
    """Prints a run as it advances: a table of observables, or progress alone."""

    def __init__(self, progress: ProgressReport, *, quiet: bool = False) -> None:
        self._progress, self._quiet = progress, quiet
        self._due, self._kinds = 0.0, ()

    def show(self, done: float, t: float, measures: Mapping[str, float]) -> None:
        """Print a line if one is due; `done` is the completed share of the run."""
        self._progress.show(done)
        if not self._quiet:
            self.show_row(done, t, measures)

    def show_row(self, done: float, t: float, measures: Mapping[str, float]) -> None:
        """Print a line of the table alone."""
        if done + 1e-9 < self._due:
            return
        self._progress.clear()
        self._due = (int(done * (TABLE_ROWS - 1) + 1e-6) + 1) / (TABLE_ROWS - 1)
        known = {k: measures[k] for k in TABLE_COLUMNS if k in measures}
        known = {k: v for k, v in known.items() if v == v}  # not NaN
        if tuple(known) != self._kinds:
            self._kinds = tuple(known)
            print("  ".join(f"{name:>11}" for name in ("t", *known)))
        print("  ".join(f"{v:11.6g}" for v in (t, *known.values())), flush=True)


class LaneTables:
    """Prints lanes as they advance: a table for each, or the progress of all."""

    def __init__(
        self, titles: Sequence[str], progress: ProgressReport, *, quiet: bool = False
    ) -> None:
        self._titles, self._progress, self._quiet = titles, progress, quiet
        self._lane, self._table = -1, ProgressTable(progress, quiet=quiet)
        self.events: list[list[ClusterChange]] = [[] for _ in titles]

    def show(
        self, lane: int, done: float, t: float, measures: Mapping[str, float]
    ) -> None:
        """Print a line if one is due; `done` is the completed share of the lane."""
        self._progress.show((lane + done) / len(self._titles))
        if self._quiet:
            return
        if lane != self._lane:
            self._lane, self._table = lane, ProgressTable(self._progress)
            self._progress.clear()
            print(f"lane {lane + 1}: {self._titles[lane]}")
        self._table.show_row(done, t, measures)

    def note(self, lane: int, change: ClusterChange) -> None:
        """Take a change of the clusters of the lane that has just ended."""
        self.events[lane].append(change)
        if not self._quiet:
            self._progress.clear()
            print(change)
