"""The clock of a moving camera: it ticks only while something moves."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.canvas.orbit import Orbit

FRAME_MS = 16  # one refresh of a 60 Hz screen
SETTLED_MS = 350  # after the last input, until a movement is over
FADE_S = 0.25  # in which labels appear and disappear


def now() -> float:
    """Return the time of the clock of movements, in seconds."""
    return time.perf_counter()


class AnimationTimer(QObject):
    """Ticks the `orbit` of a `view`."""

    ticked = Signal()
    """The view must be painted again."""
    finished = Signal()
    """The user's movement is over."""

    def __init__(self, orbit: Orbit, view: QWidget) -> None:
        super().__init__(view)
        self._orbit, self._view = orbit, view
        self._fade_until = 0.0
        self._tick_timer, self._finish_timer, self._spin_timer = (
            QTimer(self) for _ in range(3)
        )
        self._tick_timer.setInterval(FRAME_MS)
        self._finish_timer.setInterval(SETTLED_MS)
        for once in (self._finish_timer, self._spin_timer):
            once.setSingleShot(True)
        self._tick_timer.timeout.connect(self._tick)
        self._finish_timer.timeout.connect(self._finish)
        self._spin_timer.timeout.connect(self.start)

    def start(self) -> None:
        """Tick until nothing moves."""
        if not self._tick_timer.isActive() and self._view.isVisible():
            self._orbit.reset_clock(now())
            self._tick_timer.start()

    def fade(self) -> None:
        """Tick while labels fade."""
        self._fade_until = now() + FADE_S
        self.start()

    def extend(self) -> None:
        """Tick, and wait for the end of the user's movement."""
        self._finish_timer.start()
        self.fade()

    def stop(self) -> None:
        """Stop ticking."""
        for timer in (self._tick_timer, self._finish_timer, self._spin_timer):
            timer.stop()

    def _tick(self) -> None:
        time = now()
        if self._orbit.tick(time) or time < self._fade_until:
            self.ticked.emit()
        elif not self._orbit.busy:
            self._tick_timer.stop()
            if self._orbit.may_spin:
                self._spin_timer.start(
                    round(1e3 * self._orbit.until_spin(time)) + FRAME_MS
                )

    def _finish(self) -> None:
        if self._orbit.busy:
            self._finish_timer.start()
        else:
            self.finished.emit()
