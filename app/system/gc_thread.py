"""Garbage is collected on the window's thread alone.

Python collects cycles on whichever thread happens to allocate.  On the engine's, that
would destroy widgets while Qt holds a lock that the window's thread waits for: a
deadlock.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from sim.engine import Engine

CHECK_INTERVAL_MS = 500  # between checks of the counts
OLDEST_GENERATION = 2  # collecting it takes longer than a frame
PLAYING_FACTOR = 10  # times its threshold while the engine plays: about ten minutes


class MainThreadGC(QObject):
    """Takes over from Python's automatic collector, with Python's own thresholds.

    Parameters
    ----------
    parent : QObject
        Owner of the timer.
    engine : Engine, optional
        While it plays, the oldest generation waits, so that no frame is late.
    """

    def __init__(self, parent: QObject, engine: Engine | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        gc.disable()
        gc.collect()
        gc.freeze()  # modules and classes stay; scanning them takes time
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(CHECK_INTERVAL_MS)

    def collect(self) -> None:
        """Collect the oldest generation that is due, and with it the younger ones."""
        limits = [*gc.get_threshold()]
        if self._engine is not None and self._engine.playing:
            limits[OLDEST_GENERATION] *= PLAYING_FACTOR
        due = [
            generation
            for generation, (count, limit) in enumerate(
                zip(gc.get_count(), limits, strict=True)
            )
            if limit and count > limit
        ]
        if due:
            gc.collect(max(due))
