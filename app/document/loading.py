"""Opening whatever a person has, as a document; and what is shown when nothing is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.document.document import Document
from sim.io.named_files import ForeignFilesError
from sim.loading import of_table, open_run, read_run
from sim.resources import presets
from sim.schedule import Run
from sim.schedule.unused import say_unused

if TYPE_CHECKING:
    from collections.abc import Callable

OPENING = "opening"


def open_document(
    path: str | Path,
    *,
    allow_files: bool = False,
    report: Callable[[str], None] | None = None,
) -> Document:
    """Read a document, the document inside an export, or a table of embeddings.

    Parameters and errors are those of `sim.open_run`.
    """
    found = read_run(path, Document.from_plain, allow_files=allow_files, report=report)
    if found is not None:
        say_unused(found.comparison.first, Path(path).name, report)
        return found
    run = open_run(path, allow_files=allow_files)  # of a table, or says why not
    return Document.of_run(run)


def table_document(path: Path, columns: str) -> Document:
    """Return a document whose tokens are the rows of a table, by a choice of columns.

    Raises
    ------
    ValueError, OSError
        If it cannot be read.
    """
    return Document.of_run(Run(of_table(path, columns)))


def open_with_consent(
    path: Path,
    consent: Callable[[ForeignFilesError], bool] | None,
    report: Callable[[str], None],
) -> Document | None:
    """Read what `open_document` does; None if `consent` is asked and not given.

    Raises
    ------
    ValueError, OSError
        If it cannot be read; or names files outside its folder, without `consent`.
    """
    try:
        return open_document(path, report=report)
    except ForeignFilesError as error:
        if consent is None:
            raise
        if not consent(error):
            return None
    return open_document(path, allow_files=True, report=report)


def opening_document() -> Document:
    """Return what the window shows when nothing is asked for."""
    return preset_document(OPENING)


def preset_document(name: str) -> Document:
    """Return a preset by its name."""
    return Document.load(presets()[name])
