"""Autosave: unsaved edits are written every 10 s and offered after a crash."""

from __future__ import annotations

import contextlib
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
UNREADABLE = ".unreadable"
PROBE_BYTES = 4096  # that a full disk has no room for


class Autosave(QObject):
    """Saves the document of one window to a recovery file while it has unsaved edits.

    A lock beside the file shows that its window is running; a file whose lock can be
    taken was left by a window that crashed.

    Attributes
    ----------
    kept : bool
        Whether the folder can be written; else nothing is saved.
    """

    def __init__(self, session: Session, folder: Path) -> None:
        super().__init__(session)
        self._session, self._written = session, session.document
        self._file = folder / f"{os.getpid()}-{uuid.uuid4().hex[:8]}{SUFFIX}"
        self._lock = lock_of(self._file)
        self.kept = can_write(folder)
        if self.kept:
            self._lock.tryLock(0)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.write)
        self._timer.start(AUTOSAVE_INTERVAL_MS)

    def write(self) -> None:
        """Write the recovery file if the document has unsaved edits."""
        session = self._session
        if not self.kept:
            return
        if not session.dirty:
            self._file.unlink(missing_ok=True)
        elif session.document != self._written or not self._file.exists():
            try:
                session.recorded().save(self._file, local=True)
            except OSError:
                return  # a full disk must not disturb a lecture; next time, perhaps
            self._written = session.document

    def take_over(self, document: Document, file: Path) -> None:
        """Put the edits of another file in force; remove it once they are kept."""
        self._session.recover(document)
        self.write()
        kept = self._written == self._session.document  # not where a disk is full
        if kept and self._file.exists():
            file.unlink(missing_ok=True)

    def close(self, *, write: bool = False) -> None:
        """Remove what was kept, for it was asked about; or keep it for next time."""
        self._timer.stop()
        if write:
            self.write()
        elif self.kept:
            self._file.unlink(missing_ok=True)
        self._lock.unlock()


def can_write(folder: Path) -> bool:
    """Whether files can be written in a folder, which is made if need be."""
    probe = folder / f".{uuid.uuid4().hex}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(bytes(PROBE_BYTES))
    except OSError:
        return False
    finally:
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)
    return True


def lock_of(file: Path) -> QLockFile:
    """Return the lock of a recovery file; it is stale if its process has ended."""
    lock = QLockFile(str(file.with_suffix(LOCK)))
    lock.setStaleLockTime(0)
    return lock


def orphans(folder: Path) -> list[Path]:
    """Return the recovery files of crashed windows, the newest first.

    Locks of windows that crashed without unsaved edits are removed.
    """
    found: list[Path] = []
    for left in folder.glob(f"*{LOCK}"):
        lock = lock_of(left)
        if not left.with_suffix(SUFFIX).exists() and lock.tryLock(0):
            lock.unlock()
    for file in folder.glob(f"*{SUFFIX}"):
        lock = lock_of(file)
        if lock.tryLock(0):
            lock.unlock()
            found.append(file)
    return sorted(found, key=_age, reverse=True)


def _age(file: Path) -> float:
    return file.stat().st_mtime if file.exists() else 0.0


def read_orphan(file: Path) -> Document | None:
    """Read a recovery file, which stays; return None if it cannot be read."""
    try:
        return Document.load(file, allow_files=True)
    except (OSError, ValueError):
        return None


def put_aside(file: Path) -> Path:
    """Give a recovery file that cannot be read another name, and return that."""
    aside = file.with_suffix(UNREADABLE)
    try:
        return file.replace(aside)
    except OSError:
        return file
