"""Movements of the camera: dragged, flung, eased, spinning.  No Qt, no clock."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from app.scene.camera import Camera, between
from sim.arrays import sequential_sum

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

DEG_PER_PX = 0.4  # of dragging, at zoom 1
FLING_S = 0.3  # until a flung globe stops
SPEED_WINDOW_S = 0.08  # of a drag, over which its speed is measured
MIN_FLING_DEG_S = 5.0  # degrees per second: below, a release does not fling
EASE_S = 0.3  # of an eased turn
IDLE_S = 5.0  # without input, until the globe spins again
ZOOM_EASE_S = 0.06  # time constant of the zoom
ZOOM_TOLERANCE = 1e-3  # relative
ZOOM_RANGE = (0.4, 8.0)
MAX_TICK_S = 0.1  # longer pauses of the program do not turn the globe


class Orbit:
    """The camera and its movements; times are seconds of any clock.

    Attributes
    ----------
    camera : Camera
        The camera now.
    flat : bool
        Whether the circle is shown, which cannot be turned.
    reduced_motion : bool
        Whether the camera moves only with the user's input.
    spin : float
        Speed of the slow rotation, in degrees per second.
    """

    def __init__(self, camera: Camera) -> None:
        self.camera = camera
        self.flat, self.reduced_motion, self.spin = False, False, 0.0
        self._target_zoom = camera.zoom
        self._drags: deque[tuple[float, float, float]] = deque(maxlen=16)
        self._held = False
        self._fling: tuple[float, float, float] | None = None  # start, speed right, up
        self._fling_done = 0.0
        self._turning: tuple[float, Camera, Camera] | None = None  # start, from, to
        self._touched_at, self._ticked_at = -math.inf, 0.0

    @property
    def busy(self) -> bool:
        """Whether the camera moves, other than by the slow rotation."""
        moving = self._fling is not None or self._turning is not None
        return self._held or moving or self._target_zoom != self.camera.zoom

    @property
    def may_spin(self) -> bool:
        """Whether the globe spins while there is no input."""
        return self.spin > 0 and not self.flat and not self.reduced_motion

    def is_spinning(self, now: float) -> bool:
        """Whether the globe spins at time `now`."""
        return self.may_spin and not self.busy and now - self._touched_at >= IDLE_S

    def until_spin(self, now: float) -> float:
        """Return the seconds until the globe spins if there is no input."""
        return max(0.0, IDLE_S - (now - self._touched_at))

    def reset_clock(self, now: float) -> None:
        """Count no time between the last `tick` and `now`."""
        self._ticked_at = now

    def place(self, camera: Camera) -> None:
        """Set the camera at once."""
        size, ratio = self.camera.size, self.camera.ratio
        self.camera, self._target_zoom = (
            replace(camera, size=size, ratio=ratio),
            camera.zoom,
        )
        self._fling = self._turning = None

    def follow(self, camera: Camera, now: float) -> None:
        """Stand where another camera stands, which the user moves."""
        self.place(camera)
        self._touched_at = now

    def resize(self, size: tuple[int, int], ratio: float) -> None:
        """Take the size of the canvas, in physical pixels."""
        self.camera = replace(self.camera, size=size, ratio=ratio)

    def grab(self, now: float) -> None:
        """Hold the globe: other movements stop."""
        self._touch(now)
        self._held = True

    def drag(self, right: float, down: float, now: float) -> None:
        """Drag by a number of pixels at scale 1."""
        self._touched_at = now
        if self.flat:
            return
        turn = DEG_PER_PX / max(self.camera.zoom, 1.0)
        self._drags.append((now, turn * right, turn * down))
        self.camera = self.camera.orbit(turn * right, turn * down)

    def release(self, now: float) -> None:
        """Release; a moving pointer flings the globe."""
        self._held, self._touched_at = False, now
        felt = [f for f in self._drags if now - f[0] <= SPEED_WINDOW_S]
        self._drags.clear()
        if len(felt) > 1 and not self.reduced_motion:
            right, up = (
                sequential_sum(f[k] for f in felt) / SPEED_WINDOW_S for k in (1, 2)
            )
            if math.hypot(right, up) > MIN_FLING_DEG_S:
                self._fling, self._fling_done = (now, right, up), 0.0

    def zoom(self, factor: float, now: float) -> None:
        """Zoom in by `factor`."""
        self._turning, self._touched_at = None, now
        self._target_zoom = min(
            max(self._target_zoom * factor, ZOOM_RANGE[0]), ZOOM_RANGE[1]
        )
        if self.reduced_motion:
            self.camera = replace(self.camera, zoom=self._target_zoom)

    def nudge(self, right: float, up: float, now: float) -> None:
        """Turn by a number of degrees at once, as keys do."""
        self._touch(now)
        if not self.flat:
            self.camera = self.camera.orbit(right, up)

    def centre_on(self, point: npt.NDArray[np.floating], now: float) -> None:
        """Turn so that `point`, (3,), is in the centre."""
        self._touch(now)
        if not self.flat:
            self.turn_to(self.camera.toward(point), now)

    def turn_to(self, goal: Camera, now: float) -> None:
        """Turn to `goal`."""
        self._touch(now)
        goal = replace(goal, size=self.camera.size, ratio=self.camera.ratio)
        self._target_zoom = goal.zoom
        if self.reduced_motion:
            self.camera = goal
        elif goal != self.camera:
            self._turning = (now, self.camera, goal)

    def tick(self, now: float) -> bool:
        """Move on to time `now`; return whether the camera moved."""
        before, passed = self.camera, min(max(now - self._ticked_at, 0.0), MAX_TICK_S)
        self._ticked_at = now
        if self.is_spinning(now):
            azimuth = (self.camera.azimuth + self.spin * passed) % 360.0
            self.camera = replace(self.camera, azimuth=azimuth)
        if self._turning is not None:
            self._ease(now, *self._turning)
        elif self._fling is not None:
            self._fling_on(now, *self._fling)
        if self._turning is None and self._target_zoom != self.camera.zoom:
            self._zoom_on(passed)
        return self.camera != before

    def _touch(self, now: float) -> None:
        self._touched_at, self._fling = now, None
        if self._turning is not None:
            self._turning, self._target_zoom = None, self.camera.zoom
        self._drags.clear()

    def _ease(self, now: float, start: float, a: Camera, b: Camera) -> None:
        u = min((now - start) / EASE_S, 1.0)
        size, ratio = self.camera.size, self.camera.ratio
        eased = u * u * (3 - 2 * u)
        at = b if u >= 1 else between(a, b, eased)
        self.camera, self._touched_at = replace(at, size=size, ratio=ratio), now
        if u >= 1:
            self._turning = None

    def _fling_on(self, now: float, start: float, right: float, up: float) -> None:
        """Continue with a speed that decreases linearly to 0."""
        u = min((now - start) / FLING_S, 1.0)
        angle = FLING_S * (u - u * u / 2)
        step, self._fling_done = angle - self._fling_done, angle
        self.camera, self._touched_at = self.camera.orbit(right * step, up * step), now
        if u >= 1:
            self._fling = None

    def _zoom_on(self, passed: float) -> None:
        ratio = self._target_zoom / self.camera.zoom
        if abs(math.log(ratio)) < ZOOM_TOLERANCE:
            zoom = self._target_zoom
        else:
            zoom = self.camera.zoom * ratio ** (1 - math.exp(-passed / ZOOM_EASE_S))
        self.camera = replace(self.camera, zoom=zoom)
