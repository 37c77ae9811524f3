"""Garbage is collected on the window's thread alone.

Python collects cycles on whichever thread happens to allocate.  On the engine's, that
would destroy widgets while Qt holds a lock that the window's thread waits for, and both
would stand still for ever.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

OFTEN_MS = 500  # between looks at how much has gathered


class Tidy(QObject):
    """Takes over from Python's automatic collector, with Python's own thresholds."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        gc.collect()
        gc.freeze()  # what the program is made of stays; looking at it takes time
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(OFTEN_MS)

    def collect(self) -> None:
        """Collect the oldest generation that is due, and with it the younger ones."""
        due = [
            generation
            for generation, (count, threshold) in enumerate(
                zip(gc.get_count(), gc.get_threshold(), strict=True)
            )
            if threshold and count > threshold
        ]
        if due:
            gc.collect(max(due))
