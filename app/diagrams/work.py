"""Fills a diagram on a thread, whose processes are behind the window."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from app.diagrams.painter import Shown
from sim.processes import processors
from sim.sweeps.diagram_theory import lines

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.sweeps.diagram import Diagram
    from sim.sweeps.diagram_theory import Line

POLL_MS = 100  # between two looks at what is known


class DiagramWork(QObject):
    """Computes one diagram at a time; the window polls."""

    filled = Signal(object)
    """The diagram as it is known now."""
    ended = Signal(str)
    """It is complete, or why it is not."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._filling: _Filling | None = None
        self._seen = -1
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)

    @property
    def busy(self) -> bool:
        """Whether a diagram is being computed."""
        return self._filling is not None

    @property
    def diagram(self) -> Diagram | None:
        """The diagram that is being computed."""
        return None if self._filling is None else self._filling.diagram

    def start(self, diagram: Diagram) -> None:
        """Begin a diagram that was checked, in place of the one before."""
        self.stop()
        self._filling, self._seen = _Filling(diagram), -1
        self._timer.start(POLL_MS)

    def stop(self) -> None:
        """Give up; what is known stays as it is."""
        self._timer.stop()
        if self._filling is not None:
            self._filling.stopped.set()
            self._filling = None

    def _look(self) -> None:
        filling = self._filling
        if filling is None:
            return
        over, (number, shown) = filling.over.is_set(), filling.latest
        if number != self._seen and shown is not None:
            self._seen = number
            self.filled.emit(shown)
        if over:
            self.stop()
            self.ended.emit(filling.why)


class _Filling:
    """One diagram on one thread."""

    def __init__(self, diagram: Diagram) -> None:
        self.stopped, self.over = threading.Event(), threading.Event()
        self.latest: tuple[int, Shown | None] = (0, None)
        self.why = ""
        self.diagram = diagram
        threading.Thread(target=self._fill, name="diagram", daemon=True).start()

    def _fill(self) -> None:
        try:
            self._fill_cells()
        except (ValueError, KeyError, ArithmeticError, OSError) as error:
            self.why = str(error.args[0] if error.args else error)
        finally:
            self.over.set()

    def _fill_cells(self) -> None:
        curves = tuple(lines(self.diagram))
        workers = max(1, processors() - 1)  # one is the window's
        failures, found = Counter[str](), None
        made = self.diagram.filled(workers, failures, self.stopped)
        with closing(made) as means:
            for found in means:
                if self.stopped.is_set():
                    return
                self._note(found, curves)
        if found is not None:
            self._note(found, curves, complete=True)
            self.why = self.diagram.shortfall(found, failures)

    def _note(
        self, means: Floats, curves: tuple[Line, ...], *, complete: bool = False
    ) -> None:
        number = self.latest[0] + 1
        shown = Shown(self.diagram, np.array(means), curves, complete)
        self.latest = (number, shown)
