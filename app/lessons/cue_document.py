"""The document of a cue: its runs, how they are looked at, and when."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.document.document import Document
from app.document.look import Look
from app.document.moment import Moment
from app.inspectors.tabs import PAGES
from app.plots.headings import heading
from sim.lanes import Comparison
from sim.lessons import Fault
from sim.settings.near_misses import did_you_mean
from sim.settings.serialise import record

if TYPE_CHECKING:
    from sim.lessons import Cue, Lesson


def document_of(cue: Cue) -> Document:
    """Return what the window shows of a cue with a run.

    Raises
    ------
    KeyError, ValueError, OSError
        If it cannot be run, or has a look or a panel that there is not.
    """
    _check_page(cue)
    runs = cue.comparison.runs
    titled = replace(runs[0].start, title=cue.title)
    shared = tuple(run.with_whole(titled) for run in runs)
    lanes = Comparison(shared, cue.comparison.forks)
    look = record(Look, cue.window.get("look", {}), "look")
    start = lanes.first.start
    curves = start.dynamics.curves
    if cue.curve:  # which may be the law's energy by another name
        name = heading(cue.curve, start).name
        others = (k for k in curves if heading(k, start).name != name)
        curves = (cue.curve, *others)[:3]
    moment = Moment(cue.at, tuple(t - 1 for t in cue.tokens), cue.page, curves)
    document = Document.of_run(lanes.first, look, moment).with_comparison(lanes)
    return document.edit(cue.look) if cue.look else document


def _check_page(cue: Cue) -> None:
    kinds = [page.kind for page in PAGES]
    if cue.page and cue.page not in kinds:
        near = did_you_mean(cue.page, kinds)
        raise ValueError(
            f"page: there is no panel {cue.page!r}.{near} There are {', '.join(kinds)}."
        )
    if cue.large and not cue.page:
        raise ValueError("large: says how a panel is shown; page: has to name it.")


def look_faults(lesson: Lesson) -> list[Fault]:
    """Return what is wrong with the looks of the cues of a lesson."""
    out: list[Fault] = []
    for cue in lesson.cues:
        if cue.lab or any(fault.line == cue.line for fault in lesson.faults):
            continue
        try:
            document_of(cue)
        except (KeyError, ValueError, OSError) as error:
            text = str(error.args[0] if error.args else error)
            out.append(Fault(lesson.path.name, cue.line, text))
    return out
