"""Opening whatever a person has, as a document; and what is shown when nothing is."""

from __future__ import annotations

from pathlib import Path

from app.document.document import Document
from sim.loading import TABLES, open_scenario
from sim.resources import asset

OPENING = "opening"


def open_document(path: str | Path) -> Document:
    """Read a document, the document inside an export, or a table of embeddings.

    Raises
    ------
    ValueError, OSError
        If it cannot be read; says why.
    """
    if str(path) == "-":
        return Document(open_scenario(path))
    path = Path(path)
    if path.suffix.lower() in TABLES or not path.is_file():
        return Document(open_scenario(path))
    from app.document.provenance import embedded_document

    inside = embedded_document(path)
    if inside is None:
        raise ValueError(
            f"{path.name}: it carries no scenario. Open a .json, or an "
            "export of this program."
        )
    return inside


def presets() -> dict[str, Path]:
    """Return the files of the shipped presets, by name."""
    folder = asset("scenarios")
    return {p.stem: p for p in sorted(folder.glob("*.json"))}


def opening_document() -> Document:
    """Return what the window shows when nothing is asked for."""
    return Document.load(presets()[OPENING])
