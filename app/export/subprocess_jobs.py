"""Long work in a process of its own, so that the window never waits."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTemporaryDir, Signal

from sim.io.atomic_write import unfinished_files
from sim.io.unfinished import UNFINISHED
from sim.resources import PACKAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.document.document import Document

PROGRESS_PREFIX = "progress "  # start of the lines that say how much is done
TERMINATE_TIMEOUT_MS = 3000  # for a child to put its things away before it is killed


class ExportJob(QObject):
    """One child process that makes a file or folder from a document.

    Parameters
    ----------
    document : Document
        What to run; written to a temporary file for the child.
    command : sequence of str
        The command and its flags, such as ``("render", "--fps", "60")``.
    out : Path
        What is made.
    """

    progressed = Signal(float)
    """The share that is done."""
    ended = Signal(bool, str)
    """Whether it is made, and if not why; empty if it was cancelled."""

    def __init__(
        self, document: Document, command: Sequence[str], out: Path, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._out, self._cancelled, self._rest = out, False, ""
        self._folder = temporary_folder()
        file = Path(self._folder.path()) / "document.json"
        document.save(file, local=True)
        self._left = set(_partial_files(out))
        self._process = QProcess(self)
        self._process.setProgram(sys.executable)
        name, *flags = command
        arguments = ["-m", "app", name, str(file), "-o", str(out), *flags]
        # It was asked whether a file that exists may be replaced.
        own = ["--allow-files", "--force", "--progress"]
        self._process.setArguments([*arguments, *own])
        self._process.setProcessEnvironment(_environment())
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._finish)
        self._process.errorOccurred.connect(self._fail)

    @property
    def out(self) -> Path:
        """What is made."""
        return self._out

    @property
    def running(self) -> bool:
        """Whether the child is at work."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    def start(self) -> None:
        """Begin."""
        self._process.start()

    def ask_to_stop(self) -> None:
        """Ask the child to stop, and do not wait."""
        self._cancelled = True
        if self.running:
            self._process.terminate()

    def cancel(self) -> None:
        """Stop, and remove what is half made."""
        self.ask_to_stop()
        if self.running and not self._process.waitForFinished(TERMINATE_TIMEOUT_MS):
            self._process.kill()
            self._process.waitForFinished(TERMINATE_TIMEOUT_MS)

    def _read(self) -> None:
        data = self._process.readAllStandardOutput().data()
        text = self._rest + bytes(data).decode(errors="replace")
        *lines, self._rest = text.split("\n")
        for line in lines:
            if line.startswith(PROGRESS_PREFIX):
                self.progressed.emit(float(line.removeprefix(PROGRESS_PREFIX)))

    def _finish(self, code: int, _status: object) -> None:
        if self._cancelled or code:
            for aside in set(_partial_files(self._out)) - self._left:
                aside.unlink(missing_ok=True)
        if self._cancelled:
            self.ended.emit(False, "")
            return
        said = bytes(self._process.readAllStandardError().data())
        lines = [w for w in said.decode(errors="replace").splitlines() if w.strip()]
        why = lines[-1] if lines else f"the work ended with code {code}"
        self.ended.emit(code == 0, "" if code == 0 else why.removeprefix("orrery: "))

    def _fail(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.ended.emit(False, f"{sys.executable} could not be started")


def temporary_folder() -> QTemporaryDir:
    """Return a folder that goes with its object, or at the next start."""
    folder = QTemporaryDir(str(Path(gettempdir()).resolve() / "orrery-XXXXXX"))
    UNFINISHED.add(Path(folder.path()))
    return folder


def _partial_files(out: Path) -> list[Path]:
    """Return the half-written files beside `out`; none beside a folder."""
    return unfinished_files(out) if out.suffix else []


def _environment() -> QProcessEnvironment:
    """Return this process's environment, in which the child finds the program."""
    out = QProcessEnvironment.systemEnvironment()
    known = out.value("PYTHONPATH", "")
    out.insert("PYTHONPATH", os.pathsep.join(p for p in (str(PACKAGES), known) if p))
    out.insert("PYTHONUNBUFFERED", "1")
    return out
