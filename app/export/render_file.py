"""Videos and pictures of a document, for the command line and the window's exports."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.export.encoders import recorder_for
from app.export.pipeline import ahead, behind
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


FRAMES_AHEAD = 4  # computed before they are drawn
PICTURES_WAITING = 3  # drawn before they are written


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
        2 draws at twice the size, for edges a little smoother still.
    backend : str
        See `sim.Simulation`.
    """

    size: tuple[int, int]
    fps: float = 60.0
    seconds: float = 10.0
    at: float | None = None
    theme: str = "dark"
    samples: int = 1
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
    first = _time_of_still(document, o) if recorder.single_picture else 0.0
    method_log = MethodLog()
    work = _still if recorder.single_picture else _film
    with closing(Renderer(o.size, THEMES[o.theme], document.look, o.samples)) as drawn:

        def write(pictures: Iterator[Pixels]) -> None:
            recorder.record(pictures, path, o.fps, document.at(first), method_log.lines)

        work(drawn, document, o, method_log, write, progress or _silent)


def _film(
    renderer: Renderer,
    document: Document,
    options: RenderOptions,
    method_log: MethodLog,
    write: Callable[[Iterator[Pixels]], None],
    progress: Callable[[float], None],
) -> None:
    """Compute frames, draw them and write them, on a thread each."""
    fps, seconds = options.fps, options.seconds
    total = frame_count(fps, seconds)
    # one that is drawn, one that is written, and those that wait between
    buffers = [renderer.new_buffer() for _ in range(PICTURES_WAITING + 2)]
    computed = frames(document, fps, seconds, options.backend)
    with (
        ahead(computed, FRAMES_AHEAD) as coming,
        behind(write, PICTURES_WAITING) as hand_over,
    ):
        for k, (frame, shown) in enumerate(coming):
            method_log.note(frame)
            buffer = buffers[k % len(buffers)]
            hand_over(renderer.render(frame, shown, buffer=buffer))
            progress((k + 1) / total)


def _still(
    renderer: Renderer,
    document: Document,
    options: RenderOptions,
    method_log: MethodLog,
    write: Callable[[Iterator[Pixels]], None],
    progress: Callable[[float], None],
) -> None:
    """Draw one moment, with the trails that lead to it."""
    at = _time_of_still(document, options)
    last: Frame | None = None
    for frame in frames_until(document, at, options.backend):
        if last is not None:
            renderer.advance(last)
        last = frame
    assert last is not None
    method_log.note(last)
    write(iter([renderer.render(last)]))
    progress(1.0)


def _time_of_still(document: Document, options: RenderOptions) -> float:
    at = document.scenario.duration if options.at is None else options.at
    if not 0 <= at < float("inf"):
        raise ValueError(f"--at must be 0 or later, got {at:g}.")
    return at


def _silent(_done: float) -> None:
    """Ignore how far the work is."""
