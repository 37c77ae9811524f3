"""Figures of a document without a window, for the command line."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

from app.document.marks import marks_of
from app.export.frame_times import frame_at
from app.export.globe_figure import globe_figure, globe_side, lanes_figure
from app.export.renderer import Renderer, application
from app.figures import files
from app.figures.caption import frame_caption, lanes_caption
from app.figures.style import checked_width
from app.inspectors.attention import MAX_MATRIX_SIDE
from app.inspectors.bar_chart import SpectralLines
from app.inspectors.matrix_figure import gram_figure, matrix_figure
from app.inspectors.modes import energy_formula
from app.inspectors.page_figures import (
    checks_figure,
    cosines_figure,
    modes_figure,
    spectra_figure,
)
from app.inspectors.spectra import eigenvalues_of
from app.inspectors.trained.model_figures import MODEL_KINDS, model_figure
from app.plots.curve_points import with_breaks
from app.plots.curves_figure import CurveOfLane, ShownCurve, curves_figure
from app.plots.headings import (
    heading,
    partner_kind,
    source_of,
    undefined_reason,
    with_theory,
)
from app.plots.kinds_by_law import MAX_CURVES
from app.plots.lane_theory import lane_name
from app.plots.theory_worker import MAX_TOKENS, TIME_STEPS
from app.scene.builder import SceneBuilder
from app.theme.palette import PAPER
from sim.checks.state import check_state
from sim.followed_frames import followed_frames
from sim.frame import FrameRequest
from sim.observables import Observable
from sim.playback import Playback
from sim.settings.near_misses import did_you_mean
from sim.simulation import Simulation
from sim.theory import Theory, applicable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.document.document import Document
    from app.figures.figure import Figure
    from app.scene.scene_info import SceneInfo
    from sim.array_types import Floats
    from sim.frame import Frame
    from sim.scenario import Scenario
    from sim.schedule import Run

    Drawn = Figure | None
    Points = tuple[Floats, Floats]
    Theories = dict[str, tuple[type[Theory], Points]]
    Report = Callable[[float], None] | None

NO_POINTS = (np.empty(0), np.empty(0))
QUANTITIES = frozenset({"operators", "modes", "cosines", "entropy", "gram"})
EMPTY = {
    "matrix": "this law has no attention matrix and no graph",
    "spectra": "this law has no Q, K and V, or they are too large",
    "modes": "this law has no graph, or it is too large",
    **dict.fromkeys(MODEL_KINDS, "it needs a sentence; give --text"),
}


def figure_file(
    document: Document,
    path: Path,
    what: str,
    width_mm: float,
    *,
    at: float | None = None,
    kinds: tuple[str, ...] = (),
    dpi: float = files.PNG_DPI,
    captioned: bool = True,
    backend: str = "auto",
    progress: Callable[[float], None] | None = None,
) -> None:
    """Write a figure of a document to `path`.

    Parameters
    ----------
    document : Document
        The run, and how it is looked at.
    path : Path
        ``.svg``, ``.pdf`` or ``.png``.
    what : str
        One of `KINDS`.
    width_mm : float
        Width in millimetres.
    at : float, optional
        The time; the end of the run by default.  Curves go from 0 to there.
    kinds : tuple of str
        Which observables are curves; those of the law by default.
    dpi, captioned
        See `app.figures.files.save`.
    backend : str
        See `sim.Simulation`.
    progress : callable, optional
        Receives the share of the run that is done; an exception ends it.

    Raises
    ------
    ValueError, OSError, RuntimeError
        If it cannot be done; before the run where possible.
    """
    files.writer_for(path)
    document.embedded_text(path.parent)  # too large is said before the run
    checked_width(width_mm)
    time = document.run.start.duration if at is None else at
    if not 0 <= time < float("inf"):
        raise ValueError(f"--at must be 0 or later, got {time:g}.")
    application()
    if what == "curves":
        figure = _curves(document, time, kinds, backend, progress)
    elif what == "globe":
        figure = _globe(document, time, width_mm, backend, progress)
    else:
        figure = page_figure(document, time, what, backend, progress)
    text = document.at(time).embedded_text(path.parent)
    files.save(figure, path, width_mm, dpi=dpi, captioned=captioned, inside=text)


def _curves(
    document: Document,
    end: float,
    kinds: tuple[str, ...],
    backend: str,
    progress: Report,
) -> Figure:
    """Return the curves of a run from 0 to `end`, with what theory predicts."""
    known = Observable.kinds()
    if unknown := [k for k in kinds if k not in known]:
        raise ValueError(
            f"--curve: no observable {unknown[0]!r}; there are {', '.join(known)}."
            f"{did_you_mean(unknown[0], known)}"
        )
    if len(kinds) > MAX_CURVES:
        raise ValueError(f"--curve: at most {MAX_CURVES}, got {len(kinds)}.")
    lanes, titles = document.lanes, document.comparison.titles
    every = [
        _SampledRun(lane.run, kinds, end, backend, _part_of(progress, k, len(lanes)))
        for k, lane in enumerate(lanes)
    ]
    one = every[document.place]
    alone = len(lanes) == 1
    predicted = [
        _theories(lane.scenario, lane.first, end) if lane.steady else {}
        for lane in every
    ]
    theories = predicted[document.place] if alone else {}
    run = lanes[document.place].run
    last = one.scenario if one.steady else run.at(end)
    shown: list[ShownCurve] = []
    for kind in one.kinds:
        about, other = heading(kind, last, run), NO_POINTS
        if partner := partner_kind(kind):
            other = one.points(partner)
        elif kind in theories:
            theory, other = theories[kind]
            about = with_theory(about, theory)
        why = undefined_reason(kind, one.scenario)
        named = tuple(
            CurveOfLane(
                k, lane_name(titles, k), lane.points(kind), *_said(kind, predicted[k])
            )
            for k, lane in enumerate(every)
        )
        named = () if alone else named
        curve = ShownCurve(about, one.points(kind), other, why=why, lanes=named)
        shown.append(curve)
    changes = [(m.t, m.text) for m in one.marks if m.t <= end]
    caption = lanes_caption([lane.run for lane in lanes], titles, end)
    return curves_figure(shown, changes, caption, end)


class _SampledRun:
    """A run played to `end`, and its observables on the way there."""

    def __init__(
        self,
        run: Run,
        kinds: tuple[str, ...],
        end: float,
        backend: str,
        progress: Report,
    ) -> None:
        simulation = Simulation(run, backend)
        self.scenario, self.steady = simulation.scenario, not run.changes
        self.kinds = kinds or self.scenario.dynamics.curves
        names = dict(enumerate(simulation.names))
        self.marks = [m for m in marks_of(run, names) if m.t]
        self._breaks = sorted({t for m in self.marks for t in (m.t, m.end)})
        self._end, played = end, Playback(simulation)
        partners = {partner_kind(k) for k in self.kinds} - {""}
        played.sample(frozenset({*self.kinds, *partners}))
        request = FrameRequest(frozenset(), clusters=False)
        self.first = simulation.frame(None, request).first

        def go_on(share: float) -> bool:
            if progress is not None:
                progress(share)
            return True

        played.seek(end, go_on)
        self._samples = played.record.samples

    def points(self, kind: str) -> Points:
        """Return times and values of an observable; none where it was not sampled."""
        samples = self._samples
        if kind not in samples.values:
            return NO_POINTS
        inside = samples.t <= self._end * (1 + 1e-9)
        values = samples.values[kind][inside]
        return with_breaks(samples.t[inside], values, self._breaks)


def _theories(scenario: Scenario, x: Floats | None, end: float) -> Theories:
    """Return the theories that apply, by what they predict, with their curves."""
    if x is None or len(x) > MAX_TOKENS:
        return {}
    times = np.linspace(0, end, TIME_STEPS + 1)
    out: Theories = {}
    for kind, curve in applicable(scenario, np.array(x)).items():
        theory = Theory.member(kind)
        if theory.drawn and theory.predicts not in out:
            values = np.array([curve(t, np.empty((0, 0))) for t in times.tolist()])
            out[theory.predicts] = (theory, (times, values))
    return out


def _said(kind: str, theories: Theories) -> tuple[Points, str]:
    """Return the points of a theory and its source, if there is one."""
    if kind not in theories:
        return NO_POINTS, ""
    theory, points = theories[kind]
    return points, source_of(theory)


def _globe(
    document: Document, at: float, width_mm: float, backend: str, progress: Report
) -> Figure:
    if len(document.lanes) > 1:
        return _globes(document, at, width_mm, backend, progress)
    side = globe_side(width_mm)
    with closing(Renderer((side, side), PAPER, document.look)) as renderer:
        chosen = document.moment.tokens
        frame = frame_at(document, at, backend, chosen, progress=progress)
        return globe_figure(renderer, frame, width_mm, chosen)


def _globes(
    document: Document, at: float, width_mm: float, backend: str, progress: Report
) -> Figure:
    """Return the globes of all lanes side by side."""
    chosen, lanes = document.moment.tokens, document.lanes
    frames: list[Frame] = []
    for k in range(len(lanes)):
        part = _part_of(progress, k, len(lanes))
        one = document.with_lanes(lanes, k)
        frames.append(frame_at(one, at, backend, chosen, progress=part))
    titles = document.comparison.titles
    return lanes_figure(document.look, frames, titles, width_mm, chosen)


def _part_of(report: Report, part: int, parts: int) -> Report:
    """Return a report of one of several equal parts of the work."""
    if report is None:
        return None

    def scaled(done: float) -> None:
        report((part + done) / parts)

    return scaled


def page_figure(
    document: Document, at: float, what: str, backend: str, progress: Report = None
) -> Figure:
    """Return a page below the curves at a time: a kind of `PAGES`.

    Raises
    ------
    ValueError, OSError
        If the run has no such page, or its files cannot be read.
    """
    simulation = Simulation(document.run, backend)
    request = FrameRequest(matrix=MAX_MATRIX_SIDE, quantities=QUANTITIES)
    first, frame = followed_frames(simulation, [0.0, at], request, progress=progress)
    figure = PAGES[what](document, first, frame, simulation)
    if figure is None:
        raise ValueError(f"--what {what}: {EMPTY[what]}.")
    return figure


def _matrix(
    document: Document, _first: Frame, frame: Frame, _s: Simulation
) -> Figure | None:
    info = _scene_of(document, frame)
    return matrix_figure(frame, info, info.attention, frame_caption(frame))


def _gram(
    document: Document, _first: Frame, frame: Frame, _s: Simulation
) -> Figure | None:
    info = _scene_of(document, frame)
    return gram_figure(frame, info, info.attention, frame_caption(frame))


def _scene_of(document: Document, frame: Frame) -> SceneInfo:
    """Return clusters, colours and look of a frame on paper."""
    builder = SceneBuilder(PAPER)
    builder.build(frame, document.look, ())
    return builder.info


def _spectra(
    _d: Document, _first: Frame, frame: Frame, _s: Simulation
) -> Figure | None:
    if frame.operators is None:
        return None
    return spectra_figure(eigenvalues_of(frame.operators), frame_caption(frame))


def _modes(_d: Document, first: Frame, frame: Frame, _s: Simulation) -> Drawn:
    if frame.modes is None:
        return None
    before = None if first.modes is None else SpectralLines.of(first.modes)
    now = SpectralLines.of(frame.modes)
    caption = frame_caption(frame)
    return modes_figure(now, before, energy_formula(frame), log=False, caption=caption)


def _cosines(
    _d: Document, _first: Frame, frame: Frame, _s: Simulation
) -> Figure | None:
    assert frame.cosines is not None
    n, caption = len(frame.x), frame_caption(frame)
    return cosines_figure(frame.cosines, frame.entropy, n, log=False, caption=caption)


def _checks(_d: Document, _f: Frame, _frame: Frame, s: Simulation) -> Drawn:
    state = s.frame(None, FrameRequest(frozenset(), clusters=False))  # a whole step
    return checks_figure(check_state(s), frame_caption(state))


def _of_model(kind: str) -> Callable[[Document, Frame, Frame, Simulation], Drawn]:
    """Return what draws a page of a trained model."""

    def drawn(d: Document, _first: Frame, frame: Frame, _s: Simulation) -> Drawn:
        return model_figure(kind, frame, d.look.attention, frame_caption(frame))

    return drawn


PAGES: dict[str, Callable[[Document, Frame, Frame, Simulation], Drawn]] = {
    "matrix": _matrix,
    "gram": _gram,
    "spectra": _spectra,
    "cosines": _cosines,
    "modes": _modes,
    "checks": _checks,
    **{kind: _of_model(kind) for kind in MODEL_KINDS},
}
KINDS = ("globe", "curves", *PAGES)
