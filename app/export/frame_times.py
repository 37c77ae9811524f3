"""The frames of a film or a still, at exact times of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.scene.builder import request_for
from sim.frame import FrameRequest
from sim.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.document.document import Document
    from app.document.look import Look
    from sim.frame import Frame
    from sim.scenario import Scenario

NOTHING = FrameRequest(observables=frozenset(), clusters=False)
FPS_RANGE = (1.0, 240.0)
MIN_HISTORY_S = 2.0  # of display before a still, for trails and colours
HISTORY_FPS, MAX_HISTORY_FRAMES = 30.0, 300


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
        If fps or seconds are out of bounds, or the scenario does not fit together.
    """
    simulation = Simulation(document.run, backend)
    scenario, request = simulation.scenario, more
    for look in {document.look, *document.track}:
        request |= request_for(look, scenario.tokens, scenario.dimension, chosen)
    for k, t in enumerate(film_times(document, fps, seconds, start)):
        simulation.reach(t)
        yield simulation.frame(t, request), k / fps


def film_times(
    document: Document, fps: float, seconds: float, start: float = 0.0
) -> list[float]:
    """Return the times of the frames of a video; see `frames`."""
    clock, speed = document.scenario.clock, document.look.speed
    first = clock.coordinate(start)
    return [
        clock.time(first + k * speed / fps) for k in range(frame_count(fps, seconds))
    ]


def frames_until(
    document: Document,
    at: float,
    backend: str = "auto",
    chosen: tuple[int, ...] = (),
    more: FrameRequest = NOTHING,
    progress: Callable[[float], None] | None = None,
) -> Iterator[Frame]:
    """Yield the first frame and then those just before time `at`, for a still.

    The first one sets what is fixed for the run, such as the map of a projection; the
    others are the history of trails and colours.  `progress` receives the share of the
    way to `at` after every step.

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

    def report(_share: float) -> None:
        if progress is not None:
            progress(min(1.0, simulation.t / at))

    for t in still_times(scenario, look, at):
        simulation.reach(t, report)
        yield simulation.frame(t, request)


def still_times(scenario: Scenario, look: Look, at: float) -> list[float]:
    """Return the times of the frames that lead to a still at the time `at`."""
    clock = scenario.clock
    end = clock.coordinate(at)
    history = min(end, max(MIN_HISTORY_S * look.speed, look.trail))
    steps = min(max(1, round(history / look.speed * HISTORY_FPS)), MAX_HISTORY_FRAMES)
    times = (clock.time(end - history * (1 - k / steps)) for k in range(steps))
    return [0.0, *times, at]


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
    return max(1, round(fps * seconds))
