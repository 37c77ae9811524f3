"""Limits how often a view is drawn, and never draws it while it is hidden."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


class Throttle(QObject):
    """Calls `draw` after `schedule`, `rate` times a second at most, if `view` shows.

    The view schedules again in its ``showEvent``, so that nothing is lost while hidden.
    """

    def __init__(self, view: QWidget, rate: float, draw: Callable[[], None]) -> None:
        super().__init__(view)
        self._view, self._draw = view, draw
        self._rest, self._then = 1 / rate, 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go)

    def schedule(self) -> None:
        """Draw as soon as the rate allows."""
        if not self._timer.isActive() and self._view.isVisible():
            rest = self._then + self._rest - time.perf_counter()
            self._timer.start(max(0, round(1e3 * rest)))

    def _go(self) -> None:
        if self._view.isVisible():
            self._then = time.perf_counter()
            self._draw()
