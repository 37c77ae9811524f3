"""One to four runs side by side, and how they differ."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.lanes.plain_lanes import plain_lanes
from sim.lanes.starts import start_reasons
from sim.lanes.titles import lane_titles
from sim.scenario import edit
from sim.schedule import WHOLE_RUN, Change, Run
from sim.schedule_file import save_run

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MAX_LANES = 4  # more globes side by side are too small to read


@dataclass(frozen=True)
class Comparison:
    """One to four runs that are shown side by side: its lanes.

    They share a clock: at every moment all are looked at at one time.  Title, note,
    reference and duration are those of the first lane, for all.

    Attributes
    ----------
    runs : tuple of Run
        The lanes, from the first one on.
    forks : tuple of float or None
        The time from which each lane is a fork of another; None where it is none.

    Raises
    ------
    ValueError
        If there are none, or more than four.
    """

    runs: tuple[Run, ...]
    forks: tuple[float | None, ...] = ()

    def __post_init__(self) -> None:
        runs = tuple(self.runs)
        check_count(len(runs))
        first = runs[0].start
        shared = (runs[0], *(run.with_whole(first) for run in runs[1:]))
        object.__setattr__(self, "runs", shared)
        known = (*self.forks, *[None] * len(runs))[1 : len(runs)]
        object.__setattr__(self, "forks", (None, *known))

    @staticmethod
    def over(run: Run, path: str, values: Iterable[Any]) -> Comparison:
        """Return `run` with the setting at `path` at several values from the start on.

        Raises
        ------
        KeyError, ValueError
            As `of`.
        """
        return Comparison.of(run, [{path: value} for value in values])

    @staticmethod
    def of(run: Run, lanes: Iterable[Mapping[str, Any]]) -> Comparison:
        """Return `run` with other settings from the start on, for each lane its own.

        Parameters
        ----------
        run : Run
            The run; its changes in time stay those of every lane.
        lanes : iterable of mappings
            For each lane its settings by path, as in `sim.edit`; none leaves the run
            as it is.

        Raises
        ------
        KeyError, ValueError
            If a setting, kind or value is not known or out of bounds, a change of the
            run does not apply, or there are no lanes or more than four; says in which
            lane.
        """
        listed = list(lanes)
        check_count(len(listed))
        return Comparison(
            tuple(_with_settings(run, each, k) for k, each in enumerate(listed))
        )

    @staticmethod
    def fork(
        run: Run, t: float, changes: Mapping[str, Any] | Iterable[Change] = ()
    ) -> Comparison:
        """Return `run`, and beside it a run that goes on from its state at `t`.

        The second run has the start of `run` and its changes up to and including `t`,
        then those given; the later changes of `run` are its own alone.

        Parameters
        ----------
        run : Run
            The run to fork.
        t : float
            The time, from 0 to the end of the run.
        changes : mapping, or iterable of Change
            Settings by path that change at `t`, or changes, none of which is before.

        Raises
        ------
        KeyError, ValueError
            If a time or a change is not possible.
        """
        if t > (end := run.start.duration):
            raise ValueError(
                f"a fork is at t = {t:g}, after the end of the run at T = {end:g}. "
                "Fork earlier, or raise the duration."
            )
        return Comparison((run, forked(run, t, changes)), (None, t))

    def save(self, path: str | Path) -> None:
        """Write all lanes to a file that `sim.open_comparison` reads, aside first."""
        save_run(self.first, path, plain_lanes(self.runs, self.forks))

    @property
    def first(self) -> Run:
        """The first lane."""
        return self.runs[0]

    @property
    def others(self) -> tuple[Run, ...]:
        """The lanes after the first one."""
        return self.runs[1:]

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """What differs between the lanes, for each in words: "β = 9", "softmax".

        A fork says from when on: "fork at t = 5", then "from t = 5: β = 60".
        """
        return lane_titles(self.runs, self.forks)

    @cached_property
    def own_starts(self) -> tuple[str, ...]:
        """For each lane why it has a start of its own, in one sentence.

        Empty where it starts like the first lane.
        """
        return start_reasons(self.runs)

    @property
    def shares_start(self) -> bool:
        """Whether all lanes start from the same state."""
        return not any(self.own_starts)


def check_count(lanes: int) -> None:
    """Refuse a number of lanes that cannot be shown.

    Raises
    ------
    ValueError
        With the bound and the number.
    """
    if not 1 <= lanes <= MAX_LANES:
        raise ValueError(
            f"a comparison has 1 to {MAX_LANES} lanes, got {lanes}. Give "
            f"{'fewer' if lanes else 'some'} values."
        )


def forked(
    run: Run, t: float, changes: Mapping[str, Any] | Iterable[Change] = ()
) -> Run:
    """Return the run that goes on from the state of `run` at `t`; see `Comparison`.

    Raises
    ------
    KeyError, ValueError
        If a time or a change is not possible.
    """
    if not 0 <= t < math.inf:
        raise ValueError(f"a run is forked at a time of 0 or later, got {t!r}.")
    kept = run.before(math.nextafter(t, math.inf))
    own = _own_changes(t, changes)
    early = [change.t for change in own if change.t < t]
    if early:
        raise ValueError(
            f"a fork at t = {t:g} cannot have a change at t = {early[0]:g}. Fork "
            "earlier, or change it later."
        )
    own = [change for change in own if change.settings or change.tokens]
    return Run(kept.start, (*kept.changes, *own)) if own else kept


def _own_changes(
    t: float, changes: Mapping[str, Any] | Iterable[Change]
) -> list[Change]:
    if isinstance(changes, Mapping):
        settings: dict[str, Any] = {str(k): v for k, v in changes.items()}
        return [Change(t, settings)]
    return list(changes)


def _with_settings(run: Run, settings: Mapping[str, Any], k: int) -> Run:
    """Return `run` with other settings at its start; errors say in which lane."""
    where = f"lane {k + 1}"
    try:
        check_own(settings)
        start = edit(run.start, settings)
        return run if start == run.start else Run(start, run.changes)
    except KeyError as error:
        raise KeyError(f"{where}: {error.args[0]}") from None
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None


def check_own(settings: Iterable[str]) -> None:
    """Refuse settings that all lanes share.

    Raises
    ------
    ValueError
        Names the first one.
    """
    if shared := [path for path in settings if path in WHOLE_RUN]:
        raise ValueError(f"{shared[0]} is that of all lanes: set it for the run.")
