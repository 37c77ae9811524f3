"""Where a document is kept: reading it, writing it, and whether it was changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.document.loading import open_with_consent
from app.document.look import CameraPose

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.document.document import Document
    from app.document.look import Look
    from sim.io.named_files import ForeignFilesError
    from sim.schedule import Run


class FileRefusedError(ValueError):
    """A document was not read or written; the text says why, for the person."""


@dataclass(frozen=True, slots=True)
class SavedFile:
    """Where a document is kept, and what it was when it was last written or read."""

    path: Path | None
    saved: Document | None

    def holds(self, document: Document) -> bool:
        """Whether closing loses nothing; where the camera stands does not count."""
        return self.saved is not None and _content(document) == _content(self.saved)


def read_document(
    path: Path,
    consent: Callable[[ForeignFilesError], bool] | None,
    report: Callable[[str], None],
) -> Document | None:
    """Read what `open_with_consent` does; None if consent is not given.

    Raises
    ------
    FileRefusedError
        If it cannot be read.
    """
    try:
        return open_with_consent(path, consent, report)
    except (OSError, ValueError, KeyError) as error:
        why = _reason(error).removeprefix(f"{path.name}: ")
        raise FileRefusedError(f"{path.name} was not opened. {why}") from error


def write_document(document: Document, path: Path) -> None:
    """Write a document to a file.

    Raises
    ------
    FileRefusedError
        If it cannot be written.
    """
    try:
        document.save(path)
    except (OSError, ValueError) as error:
        text = f"{path.name} was not saved. {_reason(error)}"
        raise FileRefusedError(text) from error


def _content(document: Document) -> tuple[tuple[Run, ...], Look]:
    """Return what is worth saving: neither where the camera is, nor the moment."""
    runs = tuple(lane.run for lane in document.lanes)
    return runs, replace(document.look, camera=CameraPose())


def _reason(error: Exception) -> str:
    return str(error.args[0]) if isinstance(error, KeyError) else str(error)
