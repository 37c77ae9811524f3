"""Computes what pages show on a thread, and keeps what was found."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from app.widgets.background import LatestWork
from sim.thread_priority import lower_priority

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    Report = Callable[[float], None]
    Compute = Callable[[Report], Any]

MAX_RESULTS = 48  # that are kept

_pool = ThreadPoolExecutor(1, "models", lower_priority)
_results: OrderedDict[Hashable, Any] = OrderedDict()


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
        self._work = LatestWork(self, _pool)

    def ask(self, key: Hashable, compute: Compute) -> None:
        """Give up what was asked for before, and report the result of `compute`.

        At once where it is known by `key`; else it is called on the thread with a
        function that takes the share done, and that raises once it is superseded.
        """
        self.cancel()
        if key in _results:
            _results.move_to_end(key)
            self.done.emit(_results[key])
            return
        work = self._work.start(partial(_computed, compute))
        work.progressed.connect(self.progressed)
        work.failed.connect(self.failed)
        work.done.connect(partial(self._keep, key))

    def cancel(self) -> None:
        """Give up what was asked for; nothing of it is reported."""
        self._work.give_up()

    def _keep(self, key: Hashable, found: Any) -> None:
        _results[key] = found
        while len(_results) > MAX_RESULTS:
            _results.popitem(last=False)
        self.done.emit(found)


def _computed(compute: Compute, report: Report) -> Any:
    try:
        return compute(report)
    except MemoryError as error:
        raise ValueError(
            "There is not enough memory for this sentence in this model. Close other "
            "programs, or type a shorter one."
        ) from error
