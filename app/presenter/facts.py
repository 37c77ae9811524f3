"""What a presentation shows of a moment: names, values and curves.  No Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.annotations.change_text import change_text, setting_name, setting_value
from app.annotations.number_format import general
from app.document.token_names import names_of
from app.plots.curve_points import sampled_curve
from app.plots.headings import heading
from app.plots.run_marks import breaks_of, markers_of
from app.presenter.star import star_of
from sim.observables import Observable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.document.document import Document
    from app.document.scenario_diff import ChangeMarker
    from sim.array_types import Floats
    from sim.clocks import Clock
    from sim.frame import Frame
    from sim.schedule import Run

VALUES = (("β", "dynamics.beta"), ("heads", "dynamics.heads.count"))
DIGITS = 4


@dataclass(frozen=True, slots=True)
class PresentationFacts:
    """What is written and drawn beside the globe.

    Attributes
    ----------
    star : (str, str)
        Name and value of the star setting; empty if there is none.
    values : list of (str, str)
        Names and values of what else matters.
    name, tip, value : str
        The quantity of the curve, what is proved of it, and its value now.
    curves : list of (int, Floats, Floats)
        Lane, times (k,) and values (k,); NaN breaks a curve.
    marks : list of float
        When the run changed.
    change : str
        The last change, such as ``β 4 → 9``.
    t, end : float
        The time on show, and the latest that was reached.
    clock : Clock
        That of the run, which the axis of times follows.
    """

    star: tuple[str, str]
    values: list[tuple[str, str]]
    name: str
    tip: str
    value: float
    curves: list[tuple[int, Floats, Floats]]
    marks: list[float]
    change: str
    t: float
    end: float
    place: int
    whole: bool
    clock: Clock


def star_text(document: Document) -> tuple[str, str]:
    """Return name and value of the star setting; empty if there is none."""
    path = star_of(document)
    if not path:
        return "", ""
    if path == "tokens":
        return "n", setting_value(document.scenario, path)
    if path.startswith("look."):
        value = document.get(path)
        return path.removeprefix("look."), str(value)
    return setting_name(document.scenario, path), setting_value(document.scenario, path)


def other_values(document: Document, frame: Frame) -> list[tuple[str, str]]:
    """Return β, n, d and heads as far as the law has them, without the star."""
    star, run = star_of(document), frame.scenario
    out = [
        (name, setting_value(run, path))
        for name, path in VALUES[:1]
        if path != star and setting_value(run, path)
    ]
    n, d = frame.x.shape
    out += [("n", f"{n:,}")] * (star != "tokens") + [("d", str(d))]
    heads = setting_value(run, VALUES[1][1])
    return [*out, ("heads", heads)] if heads and star != VALUES[1][1] else out


def kind_of_curve(document: Document, wanted: str) -> str:
    """Return the observable to plot: the wanted one, or the first of the law."""
    law = document.scenario.dynamics
    return wanted if wanted in Observable.kinds() else law.curves[0]


def facts_of(
    document: Document, frames: Sequence[Frame], wanted: str
) -> PresentationFacts:
    """Return what is shown of frames of one moment, one for each lane."""
    place = min(document.place, len(frames) - 1)
    frame, kind = frames[place], kind_of_curve(document, wanted)
    record = frame.record
    run, beside = None if record is None else record.run, [f.scenario for f in frames]
    about = heading(kind, frame.scenario, run, beside)
    curves: list[tuple[int, Floats, Floats]] = []
    for lane, one in enumerate(frames):
        if one.record is not None:
            curve = sampled_curve(kind, one, breaks_of(one.record.run))
            if curve is not None:
                curves.append((lane, *curve))
    marks = [] if record is None else markers_of(record.run, names_of(frame))
    marks = [mark for mark in marks if mark.t <= frame.t]
    return PresentationFacts(
        star_text(document),
        other_values(document, frame),
        about.name,
        about.tip,
        frame.measures.get(kind, float("nan")),
        curves,
        [mark.t for mark in marks],
        last_change(record.run, marks[-1]) if record is not None and marks else "",
        frame.t,
        frame.t if record is None else max(record.end, frame.t),
        place,
        about.whole,
        frame.scenario.clock,
    )


def last_change(run: Run, mark: ChangeMarker) -> str:
    """Return what a change did to the settings; its own words if nothing."""
    before = math.nextafter(mark.t, -math.inf)
    return change_text(run.at(before), run.at(mark.t)) or mark.text


def at_time(t: float) -> str:
    """Return such as ``at t = 1.5``."""
    return f"at t = {general(round(t, 2), DIGITS)}"
