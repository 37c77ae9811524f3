"""How often and how finely to render where rendering is slow; no Qt, no clock."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.scene.camera import Camera

SLOW_RENDER_S = 1 / 30  # above, dense screens get a lower resolution
FLOW_S = 0.05  # between scenes: there is no render between those that are as close
PATIENT_FLOW_S = 0.12  # the same for renders that may wait for a scene
FAST_RENDER_S = 0.006  # which delays no scene
IDLE_FACTOR = 1.0  # render times to wait after a slow render of the same scene
AVERAGED_RENDERS = 8  # renders at full size, before their mean time counts
WAIT_SHARE = 0.6  # of a mean render time, before it is asked whether one is over
MIN_POLL_MS, MAX_POLL_MS = 2, 12  # of that time
MAX_REFINE_S = 0.12  # that a smooth render may take
REFINE_SAMPLES = 2  # samples a pixel of a smooth render, along each side


class RenderPace:
    """Measures renders; times are seconds of any clock.

    Attributes
    ----------
    mean_s : float
        Mean time of a render.
    ended_at : float
        When the last one was over.
    reduced : bool
        Whether renders at full size were too slow for a dense screen, and have the
        resolution of the design instead.
    """

    def __init__(self) -> None:
        self.mean_s = self.ended_at = self._started_at = 0.0
        self._scene_at = self._scene_interval = 0.0
        self.reduced, self._count = False, 0

    def reset(self) -> None:
        """Try the full resolution again, as for another size of the canvas."""
        self.reduced, self._count = False, 0

    def take_scene(self, now: float) -> None:
        """Take the time at which a new scene came."""
        self._scene_interval, self._scene_at = now - self._scene_at, now

    def start(self, now: float) -> None:
        """Take the time at which a render started."""
        self._started_at = now

    def finish(self, now: float) -> float:
        """Take the time at which the render was over; return how long it took."""
        self.ended_at = now
        return now - self._started_at

    def record(self, seconds: float, dense: bool) -> None:
        """Take the time of a render; reduce the resolution if `dense` and too slow."""
        self._count += 1
        share = 1 / min(self._count, AVERAGED_RENDERS)
        self.mean_s += share * (seconds - self.mean_s)
        enough = self._count >= AVERAGED_RENDERS
        if dense and enough and self.mean_s > SLOW_RENDER_S:
            self.reduced = True

    def delay_ms(self, now: float, *, patient: bool = False) -> int:
        """Return for how many ms the next render of the same scene waits.

        Without a pause, a turning globe would take all processors from the simulation
        that it shows.  Where scenes come one after the other, the next one shows where
        the camera stands then.
        """
        until = now
        if self.mean_s >= SLOW_RENDER_S:
            until = self.ended_at + IDLE_FACTOR * self.mean_s
        flow = PATIENT_FLOW_S if patient else FLOW_S
        if self._scene_interval < flow and self.mean_s >= FAST_RENDER_S:
            until = max(until, self._scene_at + flow)
        return max(0, round(1e3 * (until - now)))

    def first_poll_ms(self) -> int:
        """Return after how many ms of a render it is first asked whether it is over."""
        return min(max(MIN_POLL_MS, round(1e3 * WAIT_SHARE * self.mean_s)), MAX_POLL_MS)

    def resized(self, camera: Camera) -> Camera:
        """Return `camera` at the resolution to render."""
        if not self.reduced:
            return camera
        w, h = (max(1, round(side / camera.ratio)) for side in camera.size)
        return replace(camera, size=(w, h), ratio=1.0)

    def smooth_samples(self, camera: Camera) -> int:
        """Return the samples of a smooth render along each side; 0 if too slow."""
        more = camera.ratio**2 if self.reduced else REFINE_SAMPLES**2
        if self.mean_s * more >= MAX_REFINE_S:
            return 0
        return 1 if camera.ratio > 1 else REFINE_SAMPLES
