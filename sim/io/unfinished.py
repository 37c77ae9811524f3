"""Files that are being written: removed when the process ends, or at the next start.

A process that is killed cannot remove what it has half written.  So it notes the names
beforehand in a file of its own, and the next start reads the notes of processes that
are gone: they held a lock, which the system releases at their end.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import sys
import tempfile
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from sim.io.file_lock import take_lock

if TYPE_CHECKING:
    from typing import TextIO

TEMPORARY = re.compile(r"\..*\.[0-9a-f]{8}(\.\w+)?")
"""The name of a file that is being written; see `sim.io.atomic_write`."""
SUFFIX = ".notes"


class Unfinished:
    """What this process has not finished writing: files, and folders that it made."""

    def __init__(self) -> None:
        self._paths: dict[Path, None] = {}
        self._notes: TextIO | None = None
        self._lock = Lock()

    def begin(self, folder: Path) -> None:
        """Remove what processes left that are gone, and take notes in `folder`.

        Where that cannot be written nothing is noted: it must not stop the program.
        """
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            sweep(folder)
            if self._notes is None:
                name = f"{os.getpid()}-{secrets.token_hex(4)}{SUFFIX}"
                notes = (folder / name).open("x", encoding="utf-8")
                take_lock(notes)
                self._notes = notes
        for path in self._paths:
            self._note(path)

    def add(self, path: Path) -> None:
        """Note a file, or a folder, before it is made."""
        with self._lock:
            self._paths[path] = None
            self._note(path)

    def discard(self, path: Path) -> None:
        """Forget what is finished, or removed."""
        with self._lock:
            self._paths.pop(path, None)

    def end(self, *, at_once: bool = False) -> None:
        """Remove what is not finished, and the notes.

        Temporary folders are removed by who made them, unless the process ends
        `at_once`.
        """
        for path in reversed(list(self._paths)):
            if at_once or not _is_temporary_folder(path):
                _remove(path)
        self._paths.clear()
        if self._notes is not None:
            notes, self._notes = self._notes, None
            with contextlib.suppress(OSError):
                notes.close()
                Path(notes.name).unlink(missing_ok=True)

    def _note(self, path: Path) -> None:
        if self._notes is not None:
            with contextlib.suppress(OSError, ValueError):
                self._notes.write(json.dumps(str(path.absolute())) + "\n")
                self._notes.flush()


UNFINISHED = Unfinished()


def sweep(folder: Path) -> None:
    """Remove what processes that are gone have noted in `folder`, and their notes."""
    for file in folder.glob(f"*{SUFFIX}"):
        with contextlib.suppress(OSError), file.open(encoding="utf-8") as notes:
            if not take_lock(notes):
                continue
            for line in reversed(notes.read().splitlines()):
                with contextlib.suppress(ValueError):  # the last line may be half
                    _remove(Path(json.loads(line)))
            if sys.platform != "win32":
                file.unlink(missing_ok=True)
        if sys.platform == "win32":
            with contextlib.suppress(OSError):  # it is open where its process lives
                file.unlink(missing_ok=True)


def _remove(path: Path) -> None:
    """Remove what was being written; nothing that has got its own name."""
    with contextlib.suppress(OSError):
        if not path.is_dir():
            if TEMPORARY.fullmatch(path.name):
                path.unlink(missing_ok=True)
        elif _is_temporary_folder(path):
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.rmdir()  # only if nothing else is in it


def _is_temporary_folder(path: Path) -> bool:
    here = path.is_relative_to(Path(tempfile.gettempdir()).resolve())
    return here and path.name.startswith("orrery-") and path.is_dir()
