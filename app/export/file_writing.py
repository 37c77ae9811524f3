"""A file that is written on a thread, while the window goes on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

POLL_MS = 20  # between two looks whether it is written

_pool = ThreadPoolExecutor(1, "figures")


class FileWriting(QObject):
    """Writes a file; deletes itself when that is done.

    Parameters
    ----------
    write : function
        Writes it, or raises an OSError or a ValueError; called on another thread.
    out : Path
        The file.
    parent : QObject
        Keeps this alive meanwhile.
    """

    written = Signal(object)
    """The file."""
    failed = Signal(str)
    """Why it was not written."""

    def __init__(self, write: Callable[[], None], out: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._out, self._work = out, _pool.submit(write)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(POLL_MS)

    def _look(self) -> None:
        if not self._work.done():
            return
        self._timer.stop()
        try:
            self._work.result()
        except (OSError, ValueError) as error:
            self.failed.emit(f"{self._out.name} was not saved: {error}")
        else:
            self.written.emit(self._out)
        self.deleteLater()
