"""A process that makes runs: reads a run a line and answers a line."""

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
from sim.theory import applicable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def main() -> None:
    """Answer until nobody asks any more."""
    answers, sys.stdout = sys.stdout, sys.stderr  # nothing else may speak there
    tasks: SimpleQueue[str] = SimpleQueue()
    Thread(target=_listen, args=(tasks,), daemon=True).start()
    while True:
        answer = answered(json.loads(tasks.get()))
        print(json.dumps(answer), file=answers, flush=True)


def _listen(tasks: SimpleQueue[str]) -> None:
    """Pass tasks on; end at once, even during a run, when who gave them is gone."""
    for line in sys.stdin:
        tasks.put(line)
    os._exit(0)


def answered(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rows of a run, and what ended it early, or "".

    A run may fail in as many ways as there are laws; none of them ends the others.
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
    """Yield t and the observables of a run at the times `at`, which grow."""
    run = Simulation(from_plain(scenario), backend)
    request = FrameRequest(
        None if measures is None else frozenset(measures), clusters=False
    )
    curves = applicable(run.scenario, run.x) if theory else {}
    for t in at:
        run.reach(t)
        here = abs(run.t - t) <= STEP_TOLERANCE * run.scenario.step
        frame = run.frame(None if here else t, request)
        told = {f"theory:{k}": c(t, frame.x) for k, c in curves.items()}
        kinds = frame.measures if measures is None else measures
        yield {"t": t, **{k: frame.measures[k] for k in kinds}, **told}


if __name__ == "__main__":
    main()
