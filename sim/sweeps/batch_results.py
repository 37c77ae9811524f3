"""What runs that are made at once show: their rows, and why each ended early."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.observables import Observable
from sim.placement import place
from sim.played_run import overflow_ignored
from sim.scenario import from_plain
from sim.sweeps.batch import Batch
from sim.sweeps.batch_measures import measured
from sim.sweeps.batch_passages import BatchPassages
from sim.sweeps.first_passage import PASSAGES
from sim.sweeps.single_run import message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.initial import Start

    Result = dict[str, Any]


def batch_results(task: Mapping[str, Any], seeds: Sequence[int]) -> list[Result]:
    """Return the result of the run of `task` with each of `seeds`, in their order."""
    common = from_plain(task["scenario"])
    results: list[Result] = [{"rows": [], "error": ""} for _ in seeds]
    starts: dict[int, Start] = {}
    for k, seed in enumerate(seeds):
        try:
            starts[k] = place(common, seed)
        except Exception as error:  # that run alone has it, as every other run
            results[k]["error"] = message(error)
    if starts:
        some, own = [results[k] for k in starts], [seeds[k] for k in starts]
        try:
            with overflow_ignored():  # of a run that has run away, beside others
                _measure(Batch(common, [*starts.values()], some, own), task)
        except Exception as error:
            for result in some:
                result["error"] = result["error"] or message(error)
    return results


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
