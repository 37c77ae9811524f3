"""Phase diagrams: the mean of a measure over seeds on two axes, coarse cells first."""

from __future__ import annotations

import math
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.scenario import Scenario, edit
from sim.settings.value_lists import values
from sim.sweeps.jobs import Job, jobs_of
from sim.sweeps.plan import planned
from sim.sweeps.worker_pool import completed

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Generator, Iterator
    from threading import Event

    from sim.array_types import Floats

TIME = "t"
MIN_VALUES = 2
MAX_CELLS = 100_000
MAX_SEEDS = 10_000
STRIDES = (8, 4, 2, 1)  # cells along each axis, from pass to pass

Place = tuple[int, int]


@dataclass(frozen=True)
class Axis:
    """A setting by its path, or the time ``t``, with its values as `values` reads."""

    path: str
    text: str

    @cached_property
    def values(self) -> tuple[float, ...]:
        """The values, as numbers.

        Raises
        ------
        ValueError
            If they are none, or do not increase.
        """
        try:
            given = values(self.text)
        except ValueError as error:
            raise ValueError(f"{self.path}: {error}") from None
        try:
            found = tuple(float(v) for v in given)
        except ValueError:
            raise ValueError(
                f"{self.path}: an axis needs numbers, such as 0.1:9:30 or 1,2,4; got "
                f"{self.text!r}."
            ) from None
        if len(found) < MIN_VALUES or any(a >= b for a, b in pairwise(found)):
            raise ValueError(
                f"{self.path}: an axis needs two values or more that increase, got "
                f"{self.text!r}."
            )
        return found


@dataclass(frozen=True)
class Diagram:
    """What a phase diagram shows.

    Attributes
    ----------
    scenario : Scenario
        What its runs have in common.
    x, y : Axis
        Two settings, or one and the time.
    measure : str
        An observable, or a first-passage time.
    seeds : int
        How many runs a cell has the mean of.
    """

    scenario: Scenario = field(default_factory=Scenario)
    x: Axis = Axis("dynamics.beta", "0.1:9:30")
    y: Axis = Axis(TIME, "0.5:30:60")
    measure: str = "aligned"
    seeds: int = 16

    def check(self) -> None:
        """Reject what cannot be drawn, before any run.

        Raises
        ------
        KeyError, ValueError
            If axes are one or both are the time, a setting or a value does not exist,
            or there are too many cells.
        """
        if self.x.path == self.y.path:
            raise ValueError(f"both axes are {self.x.path}. Choose another for one.")
        if not 1 <= self.seeds <= MAX_SEEDS:
            raise ValueError(f"seeds must be in [1, {MAX_SEEDS:,}], got {self.seeds}.")
        cells = len(self.x.values) * len(self.y.values)
        if cells > MAX_CELLS:
            raise ValueError(
                f"a diagram has at most {MAX_CELLS:,} cells, got {cells:,}. Give fewer "
                "values."
            )
        for k in range(1, len(self.x.values) - 1):
            self.at((k, 0))
        for k in range(1, len(self.y.values) - 1):
            self.at((0, k))
        for place in ((0, 0), (0, -1), (-1, 0), (-1, -1)):
            planned(self.at(place), {}, at=self._times(), measures=[self.measure])

    def at(self, place: Place) -> Scenario:
        """Return the scenario of a cell: of a column and a row."""
        changes = {
            axis.path: number if number % 1 else int(number)
            for axis, k in zip((self.x, self.y), place, strict=True)
            if axis.path != TIME
            for number in [axis.values[k]]
        }
        return edit(self.scenario, changes)

    def time_at(self, place: Place) -> float:
        """Return the time at which a cell is measured."""
        for axis, k in zip((self.x, self.y), place, strict=True):
            if axis.path == TIME:
                return axis.values[k]
        return self.at(place).duration

    def shortfall(self, means: Floats, failures: Counter[str]) -> str:
        """Return what cells of a complete diagram have no value, and why; "" if all.

        Parameters
        ----------
        means : array, shape (rows, columns)
            As `filled` yields them last.
        failures : Counter
            As `filled` fills it.
        """
        none, early = int(np.isnan(means).sum()), failures.total()
        parts = list[str]()
        if none:
            some = f"{none:,} of {means.size:,} cells have no value"
            what = "no cell has a value" if none == means.size else some
            parts.append(f"{what} of {self.measure}")
        if early:
            (reason, _), *more = failures.most_common()
            others = f" (and {len(more)} more)" if more else ""
            parts.append(f"{early:,} runs ended early: {reason.rstrip('.')}{others}")
        return "; ".join(parts) + "." if parts else ""

    def _times(self) -> list[float] | None:
        found = [a.values for a in (self.x, self.y) if a.path == TIME]
        return [*found[0]] if found else None

    def order(self) -> list[Place]:
        """Return the cells that have runs of their own, the coarse ones first.

        Along the time there is one such cell for all times, at its start.
        """
        sizes = [1 if a.path == TIME else len(a.values) for a in (self.x, self.y)]
        found: dict[Place, None] = {}
        for stride in STRIDES:
            for i in range(0, sizes[0], stride):
                found |= dict.fromkeys((i, j) for j in range(0, sizes[1], stride))
        return [*found]

    def filled(
        self,
        workers: int,
        failures: Counter[str] | None = None,
        stopped: Event | None = None,
    ) -> Generator[Floats]:
        """Yield the means, (rows, columns), each time that some are known.

        NaN where nothing is known.  The same array is filled further, and `failures`,
        the number of runs that ended early by reason.  Closing the generator ends the
        processes, and so does `stopped` when it is set meanwhile.
        """
        sums = np.zeros((len(self.y.values), len(self.x.values)))
        counts, means = np.zeros_like(sums), np.full_like(sums, math.nan)
        waiting: dict[int, Place] = {}
        made = completed(self._jobs(waiting), workers, stopped)
        with closing(made) as results:
            for number, made in results:
                place = waiting.pop(number)
                for result in made if isinstance(made, list) else [made]:
                    self._add(place, result, sums, counts)
                    if failures is not None and result["error"]:
                        failures[result["error"]] += 1
                known = counts > 0
                means[known] = sums[known] / counts[known]
                yield means

    def coarsened(self, means: Floats) -> Floats:
        """Return means where a cell that is not known has that of the coarse one."""
        out = means.copy()
        rows, columns = np.indices(out.shape)
        for stride in STRIDES[::-1]:
            down, across = (1 if a.path == TIME else stride for a in (self.y, self.x))
            before = means[rows - rows % down, columns - columns % across]
            out = np.where(np.isnan(out), before, out)
        return out

    def _jobs(self, waiting: dict[int, Place]) -> Iterator[dict[str, Any]]:
        """Yield jobs one by one; note which cell each belongs to."""
        number = 0
        for place in self.order():
            for job in self._jobs_at(place):
                waiting[number] = place
                number += 1
                yield job.data

    def _jobs_at(self, place: Place) -> list[Job]:
        scenario = replace(self.at(place), title="", note="", reference="")
        plan = planned(
            scenario,
            {},
            seeds=self.seeds,
            at=self._times(),
            measures=[self.measure],
        )
        return jobs_of(plan, range(self.seeds), 1)

    def _add(
        self, place: Place, result: dict[str, Any], sums: Floats, counts: Floats
    ) -> None:
        i, j = place
        for k, row in enumerate(result["rows"]):
            column = k if self.x.path == TIME else i
            line = k if self.y.path == TIME else j
            if math.isfinite(row[self.measure]):
                sums[line, column] += row[self.measure]
                counts[line, column] += 1
