"""Garbage is collected on the window's thread alone.

Python collects cycles on whichever thread happens to allocate.  On the engine's, that
would destroy widgets while Qt holds a lock that the window's thread waits for, and both
would stand still for ever.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from sim.engine import Engine

CHECK_INTERVAL_MS = 500  # between looks at how much has gathered
OLDEST_GENERATION = 2  # generation: to look at all there is takes longer than a frame
PLAYING_FACTOR = (
    10  # times as much may gather there while time passes: some ten minutes
)


class MainThreadGC(QObject):
    """Takes over from Python's automatic collector, with Python's own thresholds.

    Parameters
    ----------
    parent : QObject
        With what it ends.
    engine : Engine, optional
        While time passes in it, the oldest generation waits: nobody sees a frame late.
    """

    def __init__(self, parent: QObject, engine: Engine | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        gc.disable()
        gc.collect()
        gc.freeze()  # what the program is made of stays; looking at it takes time
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
