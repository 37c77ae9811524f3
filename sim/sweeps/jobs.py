"""The jobs of a sweep: what one process is given at a time, and what it makes of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.sweeps.batch_measures import measured_alone
from sim.sweeps.batch_results import batch_results
from sim.sweeps.single_run import result_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sim.sweeps.plan import Plan
    from sim.sweeps.worker_pool import Result

MAX_WORK = 1 << 30  # products of pairs of tokens in one job: a few seconds
MAX_RUNS_AT_ONCE = 1024
MAX_PAIRS = 1 << 23  # of tokens at once: some laws store them, 64 MiB a head
STAGES = 4  # velocities of a step, at most
EXPONENTIAL = 16  # products that an exponential costs
MEASURED = 1 << 17  # products that a number costs which is measured run by run


@dataclass(frozen=True, slots=True)
class Job:
    """One run, or some that differ by their seed and are made at once.

    Attributes
    ----------
    numbers : tuple of int
        Which runs of the plan.
    data : dict
        What `results_of` takes, as plain data.
    """

    numbers: tuple[int, ...]
    data: dict[str, Any]

    @property
    def work(self) -> int:
        """About how many products of pairs of tokens it takes."""
        return len(self.numbers) * _work(self.data["task"])

    def split(self) -> list[Job]:
        """Return a job for each run."""
        return [
            Job((k,), {**self.data, "seeds": [seed]})
            for k, seed in zip(self.numbers, self.data["seeds"], strict=True)
        ]


def jobs_of(plan: Plan, left: Sequence[int], workers: int) -> list[Job]:
    """Return the jobs that make the runs `left` of a plan, in their order.

    How runs are put together changes no bit of them.
    """
    found: list[Job] = []
    for group in _groups(plan, left):
        size = _runs_at_once(plan.tasks[group[0]], len(group), workers)
        for a in range(0, len(group), size):
            numbers = tuple(group[a : a + size])
            seeds = [plan.starts[k]["seed"] for k in numbers]
            data = {"task": plan.tasks[numbers[0]], "seeds": seeds}
            found.append(Job(numbers, data))
    return found


def results_of(job: Mapping[str, Any]) -> list[Result]:
    """Return the results of the runs of a job, in their order."""
    if job["task"]["batched"]:
        return batch_results(job["task"], job["seeds"])
    return [result_of(job["task"])]


def _groups(plan: Plan, left: Sequence[int]) -> Iterator[list[int]]:
    """Yield runs that follow each other and may be made at once."""
    group: list[int] = []
    for k in left:
        if group and not (plan.tasks[k]["batched"] and _alike(plan, group[-1], k)):
            yield group
            group = []
        group.append(k)
    if group:
        yield group


def _alike(plan: Plan, one: int, other: int) -> bool:
    """Whether two runs differ by their seed alone."""
    a, b = (plan.tasks[k]["scenario"] for k in (one, other))
    return {**a, "seed": 0} == {**b, "seed": 0}


def _runs_at_once(task: Mapping[str, Any], runs: int, workers: int) -> int:
    if not task["batched"]:
        return 1
    most = min(MAX_WORK // _work(task), MAX_PAIRS // task["scenario"]["tokens"] ** 2)
    return max(1, min(MAX_RUNS_AT_ONCE, most, math.ceil(runs / workers)))


def _work(task: Mapping[str, Any]) -> int:
    """Return about how many products of pairs of tokens one run takes."""
    s = task["scenario"]
    steps = max(1.0, max(task["at"]) / s["step"])
    products = s["tokens"] ** 2 * (EXPONENTIAL + 2 * s["dimension"]) / EXPONENTIAL
    numbers = len(task["at"]) * measured_alone(task["measures"])
    return int(STAGES * steps * products + MEASURED * numbers)
