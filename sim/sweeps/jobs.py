"""The jobs of a sweep: what one process is given at a time, and what it makes of it."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sim.dynamics import Dynamics
from sim.sweeps.batch_measures import measured_alone
from sim.sweeps.batch_results import batch_results
from sim.sweeps.single_run import result_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sim.sweeps.plan import Plan
    from sim.sweeps.worker_pool import Result

MAX_WORK = 1 << 30  # products of pairs of tokens in one job: a few seconds
MAX_RUNS_AT_ONCE = 4096
MAX_PAIRS = 1 << 23  # of tokens at once: some laws store them, 64 MiB a head
STAGES = {"euler": 1, "midpoint": 2}  # velocities of a step
MOST_STAGES = 4
EXPONENTIAL = 16  # products that an exponential costs
MEASURED = 1 << 17  # products that a number costs which is measured run by run


@dataclass(frozen=True, slots=True)
class Job:
    """One run, or some that differ by seed and numbers and are made at once.

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
        found: list[Job] = []
        for place, k in enumerate(self.numbers):
            own = {name: [v[place]] for name, v in self.data["numbers"].items()}
            seeds = [self.data["seeds"][place]]
            found.append(Job((k,), {**self.data, "seeds": seeds, "numbers": own}))
        return found


def jobs_of(plan: Plan, left: Sequence[int], workers: int) -> list[Job]:
    """Return the jobs that make the runs `left` of a plan, by their first runs.

    How runs are put together changes no bit of them.
    """
    found: list[Job] = []
    for group in _groups(plan, left):
        size = _runs_at_once(plan.tasks[group[0]], len(group), workers)
        for a in range(0, len(group), size):
            numbers = tuple(group[a : a + size])
            seeds = [plan.starts[k]["seed"] for k in numbers]
            tasks = [plan.tasks[k] for k in numbers]
            data = {"task": tasks[0], "seeds": seeds, "numbers": _numbers(tasks)}
            found.append(Job(numbers, data))
    return found


def results_of(job: Mapping[str, Any]) -> list[Result]:
    """Return the results of the runs of a job, in their order."""
    if job["task"]["batched"]:
        return batch_results(job["task"], job["seeds"], job["numbers"])
    return [result_of(job["task"])]


def _groups(plan: Plan, left: Sequence[int]) -> Iterator[list[int]]:
    """Yield runs that may be made at once."""
    found: dict[str, list[int]] = {}
    before: dict[str, Any] = {}
    name = ""
    for k in left:
        task = plan.tasks[k]
        this = {**task["scenario"], "seed": 0}
        if not task["batched"]:
            name, before = str(k), {}
        elif this != before:
            name, before = _common(task), this
        found.setdefault(name, []).append(k)
    yield from found.values()


def _common(task: Mapping[str, Any]) -> str:
    """Return what a run has in common with those that may be made with it, as text."""
    law = task["scenario"]["dynamics"]
    free = _free(law["kind"])
    kept = {name: value for name, value in law.items() if name not in free}
    scenario = {**task["scenario"], "seed": 0, "dynamics": kept}
    return json.dumps({**task, "scenario": scenario}, sort_keys=True, default=str)


@cache
def _free(kind: str) -> frozenset[str]:
    return Dynamics.member(kind).numbers_of_runs


def _numbers(tasks: Sequence[Mapping[str, Any]]) -> dict[str, list[float]]:
    """Return the numbers of the law in which some runs differ, one for each run."""
    if not tasks[0]["batched"]:
        return {}
    laws = [task["scenario"]["dynamics"] for task in tasks]
    found: dict[str, list[float]] = {}
    for name in sorted(_free(laws[0]["kind"])):
        each = [law[name] for law in laws]
        if any(number != each[0] for number in each):
            found[name] = each
    return found


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
    stages = STAGES.get(s["integrator"]["kind"], MOST_STAGES)
    return int(stages * steps * products + MEASURED * numbers)
