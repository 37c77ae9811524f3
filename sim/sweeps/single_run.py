"""One run of a sweep, measured at some times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.frame import FrameRequest
from sim.scenario import from_plain
from sim.simulation import Simulation
from sim.step_counter import STEP_TOLERANCE
from sim.sweeps.first_passage import PASSAGES, FirstPassages
from sim.theory import applicable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def result_of(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rows of a run, and the error that ended it early, or "".

    Any exception is caught, so that one run does not end the others.
    """
    rows: list[dict[str, float]] = []
    try:
        rows.extend(measured(**task))
    except Exception as error:
        return {"rows": rows, "error": message(error)}
    return {"rows": rows, "error": ""}


def message(error: Exception) -> str:
    """Return what is said of an error that ended a run."""
    text = str(error.args[0] if isinstance(error, KeyError) else error)
    return text.strip() or type(error).__name__


def measured(
    scenario: Mapping[str, Any],
    at: list[float],
    measures: list[str] | None,
    backend: str,
    theory: bool,
    *,
    batched: bool = False,
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
