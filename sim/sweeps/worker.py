"""A worker process: reads one task per line and prints one result per line."""

from __future__ import annotations

import json
import os
import sys
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any

from sim.frame import FrameRequest
from sim.scenario import from_plain
from sim.simulation import Simulation
from sim.step_counter import STEP_TOLERANCE
from sim.sweeps.first_passage import PASSAGES, FirstPassages
from sim.theory import applicable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def main() -> None:
    """Carry out tasks until the process that gives them is gone."""
    output, sys.stdout = sys.stdout, sys.stderr  # for results alone
    tasks: SimpleQueue[str] = SimpleQueue()
    Thread(target=_listen, args=(tasks,), daemon=True).start()
    while True:
        result = result_of(json.loads(tasks.get()))
        print(json.dumps(result), file=output, flush=True)


def _listen(tasks: SimpleQueue[str]) -> None:
    """Queue tasks; end at once, even during a run, when their source is gone."""
    for line in sys.stdin:
        tasks.put(line)
    os._exit(0)


def result_of(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rows of a run, and the error that ended it early, or "".

    Any exception is caught, so that one run does not end the others.
    """
    rows: list[dict[str, float]] = []
    try:
        rows.extend(measured(**task))
    except Exception as error:
        text = str(error.args[0] if isinstance(error, KeyError) else error)
        return {"rows": rows, "error": text.strip() or type(error).__name__}
    return {"rows": rows, "error": ""}


def measured(
    scenario: Mapping[str, Any],
    at: list[float],
    measures: list[str] | None,
    backend: str,
    theory: bool,
) -> Iterator[dict[str, float]]:
    """Yield t and the observables of a run at the increasing times `at`."""
    run = Simulation(from_plain(scenario), backend)
    passed = [k for k in measures or () if k in PASSAGES]
    request = FrameRequest(
        None if measures is None else frozenset(measures).difference(passed),
        clusters=False,
    )
    curves = applicable(run.scenario, run.x) if theory else {}
    passages = FirstPassages(passed, run)
    for t in at:
        run.reach(t, passages.look if passed else None)
        here = abs(run.t - t) <= STEP_TOLERANCE * run.scenario.step
        frame = run.frame(None if here else t, request)
        predicted = {f"theory:{k}": c(t, frame.x) for k, c in curves.items()}
        known = {**frame.measures, **passages.until(t)}
        kinds = known if measures is None else measures
        yield {"t": t, **{k: known[k] for k in kinds}, **predicted}


if __name__ == "__main__":
    main()
