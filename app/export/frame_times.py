"""The frames of a film or a still, at exact times of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.scene.builder import request_for
from sim.followed_frames import followed_frames
from sim.frame import FrameRequest
from sim.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.document.document import Document
    from sim.frame import Frame

NOTHING = FrameRequest(observables=frozenset(), clusters=False)
FPS_RANGE = (1.0, 240.0)
MAX_FRAMES = 1_000_000  # of a video: more than four hours at 60 a second


def frames(
    document: Document,
    fps: float,
    seconds: float,
    backend: str = "auto",
    chosen: tuple[int, ...] = (),
    start: float = 0.0,
    more: FrameRequest = NOTHING,
) -> Iterator[tuple[Frame, float]]:
    """Yield the frames of a video, each with its display time in seconds.

    Frame k is the state when the scenario's clock has advanced from `start`, a time, by
    exactly k · speed / fps, whatever the time step and however slow the machine: with a
    uniform clock at t = start + k · speed / fps.

    Raises
    ------
    ValueError
        If fps, seconds or the start are out of bounds, or the scenario does not
        fit together.
    """
    simulation = Simulation(document.run, backend)
    scenario, request = simulation.scenario, more
    for look in {document.look, *document.track}:
        request |= request_for(look, scenario.tokens, scenario.dimension, chosen)
    times = film_times(document, fps, seconds, start)
    for k, frame in enumerate(followed_frames(simulation, times, request)):
        yield frame, k / fps


def film_times(
    document: Document, fps: float, seconds: float, start: float = 0.0
) -> list[float]:
    """Return the times of the frames of a video; see `frames`.

    Raises
    ------
    ValueError
        If fps, seconds or the start are out of bounds.
    """
    if not 0 <= start < float("inf"):
        raise ValueError(f"the start of a video must be 0 or later, got {start:g}.")
    clock, speed = document.scenario.clock, document.look.speed
    first = clock.coordinate(start)
    return [
        clock.time(first + k * speed / fps) for k in range(frame_count(fps, seconds))
    ]


def frame_at(
    document: Document,
    at: float,
    backend: str = "auto",
    chosen: tuple[int, ...] = (),
    more: FrameRequest = NOTHING,
    progress: Callable[[float], None] | None = None,
) -> Frame:
    """Return the frame of a still, at the time `at`.

    `progress` receives the share of the way to `at` after every step.

    Raises
    ------
    ValueError
        If `at` is negative, or the scenario does not fit together.
    """
    if not 0 <= at < float("inf"):
        raise ValueError(f"the time of a picture must be 0 or later, got {at:g}.")
    simulation = Simulation(document.run, backend)
    scenario, look = simulation.scenario, document.look
    request = request_for(look, scenario.tokens, scenario.dimension, chosen) | more
    found = followed_frames(simulation, [at], request, progress=progress)
    return next(found)


def frame_count(fps: float, seconds: float) -> int:
    """Return the number of frames of a video.

    Raises
    ------
    ValueError
        If fps or seconds are out of bounds.
    """
    least, most = FPS_RANGE
    if not least <= fps <= most:
        raise ValueError(
            f"frames per second must be in [{least:g}, {most:g}], got {fps:g}."
        )
    if not 0 < seconds < float("inf"):
        raise ValueError(f"seconds must be above 0, got {seconds:g}.")
    if fps * seconds > MAX_FRAMES:
        raise ValueError(
            f"a video has at most {MAX_FRAMES:,} frames, got {seconds:g} s × {fps:g}. "
            "Choose fewer seconds, or fewer frames per second."
        )
    return max(1, round(fps * seconds))
