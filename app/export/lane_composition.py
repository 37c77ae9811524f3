"""The frames of several lanes, and a renderer with what stands beside their globes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.export.composition import times_of_still
from app.export.curve_axis import CURVES, axis_of, kind_of, measured_values
from app.export.frame_times import film_times
from app.export.lane_layout import lane_places
from app.export.lane_panel import LanePanel
from app.export.lane_renderer import LaneRenderer
from app.export.layout import text_ratio
from app.export.matrix_plot import NOT_OF_LANES
from app.export.narrative import Narrative
from app.export.renderer import application
from app.scene.builder import request_for
from app.theme.palette import THEMES
from sim.followed_frames import followed_frames
from sim.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from app.document.document import Document
    from app.document.look import Look
    from app.export.curve_axis import CurveAxis, Values
    from app.export.render_options import RenderOptions
    from sim.frame import Frame, FrameRequest

    Frames = tuple[Frame, ...]
    Report = Callable[[float], None]


def lane_film(
    document: Document, options: RenderOptions
) -> Iterator[tuple[Frames, float]]:
    """Yield the frames of a video, one of each lane, with its display time in seconds.

    The clock, and with it the times, is that of the first lane; see
    `app.export.frame_times.frames`.
    """
    o, looks = options, {document.look, *document.track}
    times = film_times(first_lane(document), o.fps, o.seconds, o.start)
    for k, moment in enumerate(_frames(document, looks, o.backend, times)):
        yield moment, k / o.fps


def lane_still(
    document: Document, options: RenderOptions, at: float, report: Report
) -> Frames:
    """Return the frames of all lanes at the time `at`.

    `report` receives the share of the way to `at` after every step.
    """
    return next(_frames(document, {document.look}, options.backend, [at], report))


def first_lane(document: Document) -> Document:
    """Return the document with the first lane as the one that is edited."""
    return document.with_lanes(document.lanes, 0)


def _request(lane: Simulation, looks: set[Look]) -> FrameRequest:
    scenario, request = lane.scenario, CURVES
    for look in looks:
        request |= request_for(look, scenario.tokens, scenario.dimension)
    return request


def _frames(
    document: Document,
    looks: set[Look],
    backend: str,
    times: Sequence[float],
    report: Report | None = None,
) -> Iterator[Frames]:
    """Yield the frames of all lanes at these times.

    Raises
    ------
    FloatingPointError
        If the tokens of a lane run away; says which lane.
    """
    runs, way = document.comparison.runs, times[-1]
    lanes = [Simulation(run, backend) for run in runs]

    def advanced(_share: float) -> None:
        if report is not None:
            report(min(1.0, sum(lane.t for lane in lanes) / (way * len(lanes))))

    followed = [
        followed_frames(lane, times, _request(lane, looks), progress=advanced)
        for lane in lanes
    ]
    for _ in times:
        yield tuple(_next(found, k) for k, found in enumerate(followed, 1))


def _next(found: Iterator[Frame], lane: int) -> Frame:
    try:
        return next(found)
    except FloatingPointError as error:
        raise FloatingPointError(f"lane {lane}: {error}") from None


def composed_lanes(
    document: Document, options: RenderOptions, times: Sequence[float], report: Report
) -> LaneRenderer:
    """Return a renderer of all lanes of `document`; see `composed_renderer`.

    Raises
    ------
    ValueError
        If the layout is one for a run alone.
    RuntimeError
        If there is no OpenGL to draw with.
    """
    o, theme, comparison = options, THEMES[options.theme], document.comparison
    if o.layout == "matrix":
        raise ValueError(NOT_OF_LANES)
    still = len(times) == 1
    if still and times[0] > 0:
        times = times_of_still(document.scenario.clock, times[0])
    application()
    ratio, curve = text_ratio(o.size), o.layout == "curve"
    w, h = (side / ratio for side in o.size)
    places = lane_places(len(comparison.runs), w, h, curve)
    panel = LanePanel(places, comparison, theme, ratio)
    if not places.curve.isEmpty():
        axis, values = _measured(document, times, o.backend, report)
        span = times[0], times[-1]
        panel.plot(axis, span, [Narrative(run, *span) for run in comparison.runs])
        for k, known in enumerate(values if still else []):
            panel.prepend(k, known[axis.kind])
    return LaneRenderer(o.size, theme, document.look, o.samples, places, panel)


def _measured(
    document: Document, times: Sequence[float], backend: str, report: Report
) -> tuple[CurveAxis, list[Values]]:
    """Run all lanes once; return an axis that holds their curves, and the curves.

    What is plotted is the first quantity that most lanes have.
    """
    runs = document.comparison.runs
    found: list[Values] = []
    for k, run in enumerate(runs):
        found.append(
            measured_values(run, times, backend, _part_of(report, k, len(runs)))
        )
    return axis_of(kind_of(found), found, runs), found


def _part_of(report: Report, part: int, parts: int) -> Report:
    """Return a report of one of several equal parts of the work."""

    def scaled(done: float) -> None:
        report((part + done) / parts)

    return scaled
