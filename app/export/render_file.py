"""Videos and pictures of a document, for the command line and the window's exports."""

from __future__ import annotations

from contextlib import closing
from itertools import cycle
from typing import TYPE_CHECKING, Protocol

from app.export.composition import composed_renderer, request_of
from app.export.encoders import recorder_for
from app.export.frame_times import film_times, frame_at, frames
from app.export.lane_composition import (
    composed_lanes,
    first_lane,
    lane_film,
    lane_still,
)
from app.export.lane_method_log import LaneMethodLog
from app.export.pipeline import ahead, behind
from app.export.renderer import checked_size
from app.export.run_renderer import RunRenderer
from app.export.title_card import CARD_S, TitleCard, card_opacity
from app.theme.palette import THEMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.document.document import Document
    from app.document.look import Look
    from app.export.picture_buffer import PictureBuffer
    from app.export.render_options import RenderOptions
    from sim.array_types import Pixels
    from sim.frame import Frame

    Frames = tuple[Frame, ...]
    Write = Callable[[Iterator[Pixels]], None]
    Report = Callable[[float], None]

FRAMES_AHEAD = 4  # computed before they are drawn
PICTURES_WAITING = 3  # drawn before they are written
MEASURED_SHARE = 0.1  # of the progress: the run before the film, for its axis


def render_file(
    document: Document,
    path: Path,
    options: RenderOptions,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Render `document` to `path`, as a video or a picture by its suffix.

    Parameters
    ----------
    document : Document
        Scenario and look.
    path : Path
        Its suffix is that of an encoder, such as ``.mp4`` or ``.png``; written to a
        temporary file first.
    options : RenderOptions
        Size, time and appearance.
    progress : callable, optional
        Receives the fraction done; an exception that it raises cancels.

    Raises
    ------
    ValueError, OSError, RuntimeError
        If it cannot be done; before the first frame where possible.
    """
    recorder, o = recorder_for(path), options
    recorder.check(checked_size(o.size), o.fps)
    document.embedded_text(path.parent)  # too large is said before the first frame
    report, method_log = progress or _silent, LaneMethodLog(len(document.lanes))
    if recorder.single_picture:
        times = [_time_of_still(document, o)]
    else:
        times = film_times(first_lane(document), o.fps, o.seconds, o.start)

    def write(pictures: Iterator[Pixels]) -> None:
        recorder.record(pictures, path, o.fps, document.at(times[0]), method_log.lines)

    measured = 0.0 if o.layout == "globe" else MEASURED_SHARE
    with closing(
        _renderer(document, o, times, lambda done: report(measured * done))
    ) as renderer:
        rest = _rest_of(report, measured)
        if recorder.single_picture:
            _write_still(renderer, document, o, method_log, write, rest)
            report(1.0)
        else:
            _write_film(renderer, document, o, method_log, write, rest)


class _Pictures(Protocol):
    """Draws the frames of one moment, one of each lane."""

    def set_look(self, look: Look) -> None: ...

    def render(
        self, frames: Frames, seconds: float, buffer: PictureBuffer
    ) -> Pixels: ...

    def new_buffer(self) -> PictureBuffer: ...

    def close(self) -> None: ...


def _renderer(
    document: Document, options: RenderOptions, times: list[float], report: Report
) -> _Pictures:
    if document.others:
        return composed_lanes(document, options, times, report)
    return RunRenderer(composed_renderer(document, options, times, report))


def _film_frames(
    document: Document, options: RenderOptions
) -> Iterator[tuple[Frames, float]]:
    if document.others:
        return lane_film(document, options)
    o, more = options, request_of(options)
    found = frames(document, o.fps, o.seconds, o.backend, start=o.start, more=more)
    return (((frame,), shown) for frame, shown in found)


def _still_frames(document: Document, options: RenderOptions, report: Report) -> Frames:
    at, more = _time_of_still(document, options), request_of(options)
    if document.others:
        return lane_still(document, options, at, report)
    return (frame_at(document, at, options.backend, more=more, progress=report),)


def _write_film(
    renderer: _Pictures,
    document: Document,
    options: RenderOptions,
    method_log: LaneMethodLog,
    write: Write,
    report: Report,
) -> None:
    """Compute frames, draw them and write them, on a thread each."""
    o = options
    total = len(film_times(document, o.fps, o.seconds, o.start))
    # one that is drawn, one that is written, and those that wait between
    buffers = cycle([renderer.new_buffer() for _ in range(PICTURES_WAITING + 2)])
    with (
        ahead(_film_frames(document, o), FRAMES_AHEAD) as coming,
        behind(write, PICTURES_WAITING) as hand_over,
    ):
        for k, (moment, shown) in enumerate(coming):
            method_log.note(moment)
            if k == 0 and o.title_card:
                for pixels in _card_pictures(renderer, moment, o, buffers):
                    hand_over(pixels)
            renderer.set_look(document.look_at(moment[0].t))
            hand_over(renderer.render(moment, shown, next(buffers)))
            report((k + 1) / total)


def _card_pictures(
    renderer: _Pictures,
    first: Frames,
    options: RenderOptions,
    buffers: Iterator[PictureBuffer],
) -> Iterator[Pixels]:
    """Yield the title card, which fades into the first picture."""
    card = TitleCard(first[0].scenario, options.size, THEMES[options.theme])
    for k in range(round(CARD_S * options.fps)):
        buffer, opacity = next(buffers), card_opacity(k / options.fps)
        if opacity < 1:
            renderer.render(first, 0.0, buffer)
        card.paint(buffer, opacity)
        yield buffer.pixels


def _write_still(
    renderer: _Pictures,
    document: Document,
    options: RenderOptions,
    method_log: LaneMethodLog,
    write: Write,
    report: Report,
) -> None:
    """Draw one moment."""
    moment = _still_frames(document, options, report)
    method_log.note(moment)
    buffer = renderer.new_buffer()  # its pixels live as long as it does
    write(iter([renderer.render(moment, 0.0, buffer)]))


def _time_of_still(document: Document, options: RenderOptions) -> float:
    at = document.scenario.duration if options.at is None else options.at
    if not 0 <= at < float("inf"):
        raise ValueError(f"--at must be 0 or later, got {at:g}.")
    return at


def _rest_of(report: Report, share: float) -> Report:
    """Return a report of what follows after a share of the work."""

    def scaled(done: float) -> None:
        report(share + (1 - share) * done)

    return scaled


def _silent(_done: float) -> None:
    """Ignore how far the work is."""
