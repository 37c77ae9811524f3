"""Videos and pictures of a document, for the command line and the window's exports."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.export.encoders import recorder_for
from app.export.renderer import (
    Renderer,
    checked_size,
    frame_count,
    frames,
    frames_until,
)
from app.theme.palette import THEMES
from sim.recorders import MethodLog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.document.document import Document
    from sim.array_types import Pixels
    from sim.frame import Frame


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """Size, time and appearance of a video or picture.

    Attributes
    ----------
    size : (int, int)
        Width and height in pixels.
    fps, seconds : float
        Frames per second and length of a video; frame k shows t = k · speed / fps.
    at : float, optional
        Simulated time of a picture; the scenario's duration by default.
    theme : {"dark", "light"}
        Colours.
    samples : int
        2 antialiases edges.
    backend : str
        See `sim.Simulation`.
    """

    size: tuple[int, int]
    fps: float = 60.0
    seconds: float = 10.0
    at: float | None = None
    theme: str = "dark"
    samples: int = 2
    backend: str = "auto"


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
        ``.mp4``, ``.gif`` or ``.png``; written to a temporary file first.
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
    renderer = Renderer(o.size, THEMES[o.theme], document.look, o.samples)
    method_log = MethodLog()
    if recorder.single_picture:
        time = document.scenario.duration if o.at is None else o.at
        pictures = _still(renderer, document, time, o.backend, method_log)
        total = 1
    else:
        pictures = _film(renderer, document, o, method_log)
        total = frame_count(o.fps, o.seconds)
    with closing(renderer):
        counted = _with_progress(pictures, total, progress)
        recorder.record(counted, path, o.fps, document, method_log.lines)


def _film(
    renderer: Renderer,
    document: Document,
    options: RenderOptions,
    method_log: MethodLog,
) -> Iterator[Pixels]:
    fps, seconds, backend = options.fps, options.seconds, options.backend
    for frame, shown in frames(document, fps, seconds, backend):
        method_log.note(frame)
        yield renderer.draw(frame, shown)


def _still(
    renderer: Renderer,
    document: Document,
    at: float,
    backend: str,
    method_log: MethodLog,
) -> Iterator[Pixels]:
    if at < 0:
        raise ValueError(f"--at must be 0 or later, got {at:g}.")
    last: Frame | None = None
    for frame in frames_until(document, at, backend):
        if last is not None:
            renderer.advance(last)
        last = frame
    assert last is not None
    method_log.note(last)
    yield renderer.draw(last)


def _with_progress(
    pictures: Iterator[Pixels], total: int, progress: Callable[[float], None] | None
) -> Iterator[Pixels]:
    for k, pixels in enumerate(pictures):
        yield pixels
        if progress is not None:
            progress((k + 1) / total)
