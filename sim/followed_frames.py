"""Frames of a run in the order of time, each with what its picture needs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.tracer import Tracer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sim.frame import Frame, FrameRequest
    from sim.simulation import Simulation


def followed_frames(
    simulation: Simulation,
    times: Iterable[float],
    request: FrameRequest,
    *,
    progress: Callable[[float], None] | None = None,
) -> Iterator[Frame]:
    """Yield the frames of a simulation, which is at its start, at these times.

    Their traces are those that a `Playback` gives at the same times, bit for bit.
    `progress` is called after every step with the share of the way to the next time.
    """
    tracer = Tracer(simulation.run)
    tracer.show_trails(request.trails)
    tracer.restart(None, simulation.t)
    tracer.measure_now(simulation)
    for t in times:
        while not simulation.has_reached(t):
            since = simulation.t
            tracer.settle(simulation)
            simulation.step()
            tracer.advance(simulation, since)
            if progress is not None:
                progress(min(1.0, simulation.t / t))
        simulation.reach(t)
        frame = simulation.frame(t, request)
        tracer.settle(simulation, frame.t)
        yield replace(frame, trace=tracer.at(frame.t))
