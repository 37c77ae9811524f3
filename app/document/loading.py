"""Opening whatever a person has, as a document; and what is shown when nothing is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.document.document import Document
from sim.loading import TABLES, open_run
from sim.resources import asset

if TYPE_CHECKING:
    from sim.schedule import Run

OPENING = "opening"


def open_document(path: str | Path) -> Document:
    """Read a document, the document inside an export, or a table of embeddings.

    Raises
    ------
    ValueError, OSError
        If it cannot be read; says why.
    """
    if str(path) == "-":
        return _of_run(open_run(path))
    path = Path(path)
    if path.suffix.lower() in TABLES or not path.is_file():
        return _of_run(open_run(path))
    from app.document.provenance import embedded_document

    inside = embedded_document(path)
    if inside is None:
        raise ValueError(
            f"{path.name}: it carries no scenario. Open a .json, or an "
            "export of this program."
        )
    return inside


def check_playable(document: Document) -> None:
    """Refuse a document that the window cannot play.

    Raises
    ------
    ValueError
        If it has changes in time.
    """
    if document.changes:
        raise ValueError(
            "It has changes in time, which the window cannot play. Use `orrery run` or "
            "`orrery render`."
        )


def _of_run(run: Run) -> Document:
    return Document(run.start, changes=run.changes)


def presets() -> dict[str, Path]:
    """Return the files of the shipped presets, by name."""
    folder = asset("scenarios")
    return {p.stem: p for p in sorted(folder.glob("*.json"))}


def opening_document() -> Document:
    """Return what the window shows when nothing is asked for."""
    return Document.load(presets()[OPENING])
