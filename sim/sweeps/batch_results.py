"""What runs that are made at once show: their rows, and why each ended early."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.attention.softmax import SoftmaxAttention
from sim.observables import Observable
from sim.placement import place_each
from sim.played_run import overflow_ignored
from sim.scenario import from_plain
from sim.seed import Seed
from sim.sums.choose import prepare
from sim.sweeps.batch import Batch
from sim.sweeps.batch_measures import measured
from sim.sweeps.batch_passages import BatchPassages
from sim.sweeps.first_passage import PASSAGES
from sim.sweeps.single_run import message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.dynamics import Dynamics
    from sim.initial import Start
    from sim.scenario import Scenario

    Result = dict[str, Any]


def batch_results(
    task: Mapping[str, Any],
    seeds: Sequence[int],
    numbers: Mapping[str, Sequence[float]] | None = None,
) -> list[Result]:
    """Return the result of the run of `task` with each of `seeds`, in their order.

    `numbers` are those settings of the law in which the runs differ, one for each.
    """
    common = from_plain(task["scenario"])
    results: list[Result] = [{"rows": [], "error": ""} for _ in seeds]
    laws = _laws(common.dynamics, numbers or {}, len(seeds))
    _prepare(common, seeds[0], laws[:1])
    starts: dict[int, Start] = {}
    for k, start in enumerate(place_each(common, seeds)):
        if isinstance(start, Exception):
            results[k]["error"] = message(start)
        else:
            starts[k] = start
    for law, runs in _by_law(laws, [*starts]).items():
        try:
            law.bind(starts[runs[0]].x, Seed(seeds[runs[0]]))
        except Exception as error:  # the runs of that law alone have it
            for k in runs:
                results[k]["error"] = message(error)
                del starts[k]
    if starts:
        some = [results[k] for k in starts]
        own = [seeds[k] for k in starts], [laws[k] for k in starts]
        try:
            with overflow_ignored():  # of a run that has run away, beside others
                _measure(Batch(common, [*starts.values()], some, *own), task)
        except Exception as error:
            for result in some:
                result["error"] = result["error"] or message(error)
    return results


def _prepare(scenario: Scenario, seed: int, laws: Sequence[Dynamics]) -> None:
    """Let sums be compiled on another thread, while runs are placed on this one."""
    like = np.zeros((1, scenario.tokens, scenario.dimension), scenario.precision)
    try:
        field = laws[0].bind_runs(like, [Seed(seed)], laws)
    except ValueError:  # each run says it by itself
        return
    attention = field.attention or field.hidden_attention
    if isinstance(attention, SoftmaxAttention):
        prepare(attention.problem(like))


def _laws(
    law: Dynamics, numbers: Mapping[str, Sequence[float]], count: int
) -> list[Dynamics]:
    """Return the law of each run; the same object where they are equal."""
    if not numbers:
        return [law] * count
    made: dict[tuple[float, ...], Dynamics] = {}
    each = [*zip(*numbers.values(), strict=True)]
    for values in each:
        if values not in made:
            made[values] = replace(law, **dict(zip(numbers, values, strict=True)))
    return [made[values] for values in each]


def _by_law(laws: Sequence[Dynamics], runs: Sequence[int]) -> dict[Dynamics, list[int]]:
    """Return which of some runs each law has."""
    found: dict[Dynamics, list[int]] = {}
    for k in runs:
        found.setdefault(laws[k], []).append(k)
    return found


def _measure(batch: Batch, task: Mapping[str, Any]) -> None:
    """Append to the results a row for each of the times of `task`."""
    measures = task["measures"]
    passed = [k for k in measures or () if k in PASSAGES]
    kinds = [k for k in Observable.kinds() if measures is None or k in measures]
    passages = BatchPassages(passed, batch)
    for t in task["at"]:
        batch.reach(t, passages.look)
        state = batch.state_at(t)
        running = batch.running(state)
        for k, some in zip(
            running, measured(batch, state, kinds, running), strict=True
        ):
            found = some | passages.until(k, t)
            batch.results[k]["rows"].append(
                {"t": t, **{kind: found[kind] for kind in measures or kinds}}
            )
