"""Memory that was freed goes back to the system.

The C library of Linux keeps what is freed, in pieces that runs of other sizes do not
fill: a window grew by 3 MB with each preset that was opened.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from app.document.session import Session

DELAY_MS = 3000  # after a document was opened: its first pictures come first


class FreedMemory(QObject):
    """Returns free memory some time after a document was opened in `session`."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._return)
        session.opened.connect(self._wait)

    def _wait(self) -> None:
        self._timer.start(DELAY_MS)

    def _return(self) -> None:
        """Do it on a thread of its own: it takes some 10 ms."""
        threading.Thread(target=return_freed, name="freed memory", daemon=True).start()


def return_freed() -> None:
    """Give memory that was freed back to the system, where the C library keeps it."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of glibc alone
        if trim is not None:
            trim(0)
