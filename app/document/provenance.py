"""What a file was made from, and how its sums were computed: every export says it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.document.document import Document
from sim.io.media import MEDIA, read_media
from sim.io.run_files import error_prefix
from sim.loading import read_run

if TYPE_CHECKING:
    from collections.abc import Callable

READ_TYPES = (*MEDIA, ".csv", ".npz", ".json")


def embedded_document(
    path: str | Path,
    *,
    allow_files: bool = False,
    report: Callable[[str], None] | None = None,
) -> Document | None:
    """Return the document that `path` was made from; None if it holds none.

    Parameters
    ----------
    path : path
        A video (.mp4, .webm), an animation (.gif), a picture (.png), a figure (.svg,
        .pdf), a
        table (.csv), an archive (.npz), or a document itself (.json).
    allow_files, report
        As of `sim.open_run`.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If it is no such file, or what it holds cannot be read here; says why.
    """
    path = _checked(path)
    return read_run(path, Document.from_plain, allow_files=allow_files, report=report)


def embedded_sums(path: str | Path) -> list[str]:
    """Return how the sums behind an export were computed, by line; none if unknown.

    Raises
    ------
    OSError, ValueError
        As `embedded_document`.
    """
    path = _checked(path)
    if path.suffix.lower() not in MEDIA:
        with path.open(encoding="utf-8-sig", errors="replace") as lines:
            found = [s.removeprefix("# ") for s in lines if s.startswith("# sums: ")]
        return [line.rstrip("\n") for line in found]
    with error_prefix(path):
        sums = read_media(path).sums
    return [line for line in sums.splitlines() if line.startswith("sums")]


def _checked(path: str | Path) -> Path:
    """Return `path`, of a type that can be read."""
    path = Path(path)
    if path.suffix.lower() not in READ_TYPES:
        known = ", ".join(READ_TYPES)
        raise ValueError(f"{path.name}: documents are read from {known} files.")
    return path
