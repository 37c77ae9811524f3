"""Work that is done on a thread, while the window goes on."""

from __future__ import annotations

import threading
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

POLL_MS = 30  # between two looks how far it is

_pool = ThreadPoolExecutor(2, "background")


class CancelledError(Exception):
    """The work was given up."""


class BackgroundWork(QObject):
    """Does one piece of work; deletes itself when that is done.

    Parameters
    ----------
    work : function
        Takes a function to which it reports the share done, and returns a result or
        raises a ValueError or an OSError that says why there is none; called on
        another thread.
    parent : QObject
        Keeps this alive meanwhile.
    pool : Executor
        Whose thread does it.
    """

    progressed = Signal(float)
    """The share that is done."""
    done = Signal(object)
    """The result."""
    failed = Signal(str)
    """Why there is none."""

    def __init__(
        self,
        work: Callable[[Callable[[float], None]], Any],
        parent: QObject,
        pool: Executor = _pool,
    ) -> None:
        super().__init__(parent)
        self._cancelled, self._share = threading.Event(), 0.0
        self._over = False  # it is being deleted
        self._work = pool.submit(work, self._report)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(POLL_MS)

    def cancel(self) -> None:
        """Give the work up, unless it is over; nothing more is reported."""
        if self._over:
            return
        self._over = True
        self._cancelled.set()
        self._work.cancel()  # if it has not begun
        self._timer.stop()
        self.deleteLater()

    def _report(self, share: float) -> None:
        """Note the share done; called on the other thread."""
        if self._cancelled.is_set():
            raise CancelledError
        self._share = share

    def _look(self) -> None:
        self.progressed.emit(self._share)
        if not self._work.done():
            return
        self._over = True
        self._timer.stop()
        try:
            found = self._work.result()
        except (ValueError, OSError) as error:
            self.failed.emit(str(error))
        else:
            self.done.emit(found)
        self.deleteLater()


class LatestWork:
    """One piece of work at a time: the one that was asked for last.

    Parameters
    ----------
    parent : QObject
        Keeps each piece alive meanwhile.
    pool : Executor
        Whose thread does it.
    """

    def __init__(self, parent: QObject, pool: Executor = _pool) -> None:
        self._parent, self._pool = parent, pool
        self._work: BackgroundWork | None = None

    def start(self, work: Callable[[Callable[[float], None]], Any]) -> BackgroundWork:
        """Give up what was asked for before, and begin; see `BackgroundWork`."""
        self.give_up()
        self._work = BackgroundWork(work, self._parent, self._pool)
        return self._work

    def give_up(self) -> None:
        """Give up what was asked for; nothing of it is reported."""
        if self._work is not None:
            self._work.cancel()
