"""The clock of a camera that moves: it ticks while something does, and sleeps else."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.canvas.orbit import Orbit

FRAME_MS = 16  # one refresh of a 60 Hz screen
SETTLED_MS = 350  # after the last touch, if nothing moves any more
FADE_S = 0.25  # seconds in which words appear and disappear after a change


def now() -> float:
    """Return the time on the clock of movements, in seconds."""
    return time.perf_counter()


class AnimationTimer(QObject):
    """Ticks the `orbit` of a `view`."""

    moved = Signal()
    """Paint again."""
    settled = Signal()
    """The user's movement is over."""

    def __init__(self, orbit: Orbit, view: QWidget) -> None:
        super().__init__(view)
        self._orbit, self._view = orbit, view
        self._fading = 0.0
        self._ticker, self._waiter, self._idler = (QTimer(self) for _ in range(3))
        self._ticker.setInterval(FRAME_MS)
        self._waiter.setInterval(SETTLED_MS)
        for once in (self._waiter, self._idler):
            once.setSingleShot(True)
        self._ticker.timeout.connect(self._tick)
        self._waiter.timeout.connect(self._settle)
        self._idler.timeout.connect(self.wake)

    def wake(self) -> None:
        """Tick until nothing moves."""
        if not self._ticker.isActive() and self._view.isVisible():
            self._orbit.wake(now())
            self._ticker.start()

    def fade(self) -> None:
        """Tick a little longer: words come and go."""
        self._fading = now() + FADE_S
        self.wake()

    def stir(self) -> None:
        """Tick: the camera was touched."""
        self._waiter.start()
        self.fade()

    def sleep(self) -> None:
        """Tick no more."""
        for timer in (self._ticker, self._waiter, self._idler):
            timer.stop()

    def _tick(self) -> None:
        time = now()
        if self._orbit.tick(time) or time < self._fading:
            self.moved.emit()
        elif not self._orbit.busy:
            self._ticker.stop()
            if self._orbit.willing:
                self._idler.start(round(1e3 * self._orbit.waits(time)) + FRAME_MS)

    def _settle(self) -> None:
        if self._orbit.busy:
            self._waiter.start()
        else:
            self.settled.emit()
