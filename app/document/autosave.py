"""Unsaved edits survive a crash: kept aside every few seconds, offered at the start."""

from __future__ import annotations

import os
import uuid
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, QTimer

from app.document.document import Document

if TYPE_CHECKING:
    from pathlib import Path

    from app.document.session import Session

AUTOSAVE_INTERVAL_MS = 10_000
SUFFIX, LOCK = ".json", ".lock"


class Autosave(QObject):
    """Keeps the document of one window aside while it has unsaved edits.

    A lock beside the file says that its window lives; a file whose lock can be taken
    was left by one that died.
    """

    def __init__(self, session: Session, folder: Path) -> None:
        super().__init__(session)
        self._session, self._written = session, session.document
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / f"{os.getpid()}-{uuid.uuid4().hex[:8]}{SUFFIX}"
        self._lock = lock_of(self._file)
        self._lock.tryLock(0)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.write)
        self._timer.start(AUTOSAVE_INTERVAL_MS)

    def write(self) -> None:
        """Write the document aside if it has edits that are nowhere else."""
        session = self._session
        if not session.dirty:
            self._file.unlink(missing_ok=True)
        elif session.document != self._written or not self._file.exists():
            try:
                session.document.save(self._file)
            except OSError:
                return  # a full disk must not disturb a lecture; next time, perhaps
            self._written = session.document

    def close(self, *, write: bool = False) -> None:
        """Remove what was kept, for it was asked about; or keep it for next time."""
        self._timer.stop()
        if write:
            self.write()
        else:
            self._file.unlink(missing_ok=True)
        self._lock.unlock()


def lock_of(file: Path) -> QLockFile:
    """Return the lock of a kept file; one whose process has died can be taken."""
    lock = QLockFile(str(file.with_suffix(LOCK)))
    lock.setStaleLockTime(0)
    return lock


def orphans(folder: Path) -> list[Path]:
    """Return files left by windows that died, the newest first."""
    found: list[Path] = []
    for file in folder.glob(f"*{SUFFIX}"):
        lock = lock_of(file)
        if lock.tryLock(0):
            lock.unlock()
            found.append(file)
    return sorted(found, key=_age, reverse=True)


def _age(file: Path) -> float:
    return file.stat().st_mtime if file.exists() else 0.0


def take_orphan(file: Path) -> Document | None:
    """Return the document of an orphan, and remove the file; None if it is broken."""
    try:
        return Document.load(file)
    except (OSError, ValueError):
        return None
    finally:
        file.unlink(missing_ok=True)
