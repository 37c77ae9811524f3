"""Computes what pages show on a thread, and keeps what was found."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from sim.thread_priority import lower_priority

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    Report = Callable[[float], None]

POLL_MS = 30  # between two looks whether it is done
KEPT = 48  # results

_pool = ThreadPoolExecutor(1, "models", lower_priority)
_kept: OrderedDict[Hashable, Any] = OrderedDict()


class SupersededError(Exception):
    """What was being computed is no longer wanted."""


class ModelWork(QObject):
    """Computes one thing at a time: the one that was asked for last."""

    done = Signal(object)
    """The result that was asked for last."""
    failed = Signal(str)
    """Why there is none."""
    progressed = Signal(float)
    """The share that is done."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._key: Hashable = None
        self._future: Future[Any] | None = None
        self._stop, self._share = threading.Event(), 0.0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)

    def ask(self, key: Hashable, compute: Callable[[Report], Any]) -> None:
        """Give up what was asked for before, and report the result of `compute`.

        At once where it is known by `key`; else it is called on the thread with a
        function that takes the share done, and that raises once it is superseded.
        """
        self.cancel()
        self._key = key
        if key in _kept:
            _kept.move_to_end(key)
            self.done.emit(_kept[key])
            return
        stop = self._stop = threading.Event()

        def report(share: float) -> None:
            if stop.is_set():
                raise SupersededError
            self._share = share

        self._share = 0.0
        self._future = _pool.submit(compute, report)
        self._timer.start(POLL_MS)

    def cancel(self) -> None:
        """Give up what was asked for; nothing of it is reported."""
        self._stop.set()
        self._timer.stop()
        if self._future is not None:
            self._future.cancel()
            self._future = None

    def _look(self) -> None:
        future = self._future
        if future is None or not future.done():
            self.progressed.emit(self._share)
            return
        self._timer.stop()
        self._future = None
        try:
            found = future.result()
        except (ValueError, OSError) as error:
            self.failed.emit(str(error))
        except MemoryError:
            self.failed.emit(
                "There is not enough memory for this sentence in this model. Close "
                "other programs, or type a shorter one."
            )
        else:
            _kept[self._key] = found
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
            self.done.emit(found)
