"""Videos and pictures of a document, for the command line and the window's exports."""

from __future__ import annotations

from contextlib import closing
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


def render_file(
    document: Document,
    path: Path,
    *,
    size: tuple[int, int],
    fps: float = 60.0,
    seconds: float = 10.0,
    at: float | None = None,
    theme: str = "dark",
    samples: int = 2,
    backend: str = "auto",
    progress: Callable[[float], None] | None = None,
) -> None:
    """Draw `document` to `path`, as a video or a picture by its suffix.

    Parameters
    ----------
    document : Document
        What to run, and how to look at it.
    path : Path
        ``.mp4``, ``.gif`` or ``.png``; written aside first.
    size : tuple of int
        Width and height in pixels.
    fps, seconds : float
        Frames a second and length of a video; frame k shows t = k · speed / fps.
    at : float, optional
        Simulated time of a picture; the scenario's duration by default.
    theme : {"dark", "light"}
        Colours.
    samples : int
        2 smooths edges.
    backend : str
        See `sim.Simulation`.
    progress : callable, optional
        Is told the share that is done; what it raises cancels.

    Raises
    ------
    ValueError, OSError, RuntimeError
        If it cannot be done; says why, before the first frame where it can.
    """
    recorder = recorder_for(path)
    recorder.check(checked_size(size), fps)
    renderer = Renderer(size, THEMES[theme], document.look, samples)
    method_log = MethodLog()
    if recorder.single_picture:
        time = document.scenario.duration if at is None else at
        pictures = _still(renderer, document, time, backend, method_log)
        total = 1
    else:
        pictures = _film(renderer, document, fps, seconds, backend, method_log)
        total = frame_count(fps, seconds)
    with closing(renderer):
        told = _told(pictures, total, progress)
        recorder.record(told, path, fps, document, method_log.lines)


def _film(
    renderer: Renderer,
    document: Document,
    fps: float,
    seconds: float,
    backend: str,
    method_log: MethodLog,
) -> Iterator[Pixels]:
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


def _told(
    pictures: Iterator[Pixels], total: int, progress: Callable[[float], None] | None
) -> Iterator[Pixels]:
    for k, pixels in enumerate(pictures):
        yield pixels
        if progress is not None:
            progress((k + 1) / total)
