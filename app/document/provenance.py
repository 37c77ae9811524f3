"""What a file was made from: every export holds its document, and tells of its sums."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.document.document import Document
from sim.loading import text_inside

if TYPE_CHECKING:
    from collections.abc import Callable

DOCUMENT_KEY = "orrery"
"""The name under which a file holds its document."""
SUMS_KEY = "orrery-sums"
"""The name under which a picture says how its sums were computed."""


def embedded_document(path: str | Path) -> Document | None:
    """Return the document that `path` was made from; None if it holds none.

    Parameters
    ----------
    path : path
        A video (.mp4, .webm), an animation (.gif), a picture (.png), a table (.csv),
        or a document itself (.json).

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If it is no such file, or what it holds cannot be read here; says why.
    """
    path = Path(path)
    if path.suffix.lower() == ".json":
        return Document.load(path)
    text, _ = _inside(path)
    if text is None:
        return None
    try:
        return Document.from_json(text)
    except (ValueError, KeyError) as error:
        raise ValueError(f"{path.name}: {error.args[0]}") from error


def embedded_sums(path: str | Path) -> list[str]:
    """Return how the sums behind an export were computed, by line; none if untold.

    Raises
    ------
    OSError, ValueError
        As `embedded_document`.
    """
    _, said = _inside(Path(path))
    return [line for line in said.splitlines() if line.startswith("sums")]


def _inside(path: Path) -> tuple[str | None, str]:
    """Return the document in a file, and what it says of its sums."""
    suffix = path.suffix.lower()
    if suffix not in READERS:
        known = ", ".join([*READERS, ".json"])
        raise ValueError(f"{path.name}: documents are read from {known} files.")
    with path.open("rb"):
        pass  # says what is wrong with the file itself, as the readers below do not
    return READERS[suffix](path)


def _of_video(path: Path) -> tuple[str | None, str]:
    import av
    from av.error import FFmpegError

    try:
        with av.open(str(path)) as film:
            said = {name.lower(): text for name, text in film.metadata.items()}
    except FFmpegError as error:
        raise ValueError(f"{path.name}: not a video that can be read here.") from error
    return _if_json(said.get("comment")), said.get("description", "")


def _of_picture(path: Path) -> tuple[str | None, str]:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            if image.format == "PNG":
                image.load()
            said: dict[Any, Any] = dict(image.info)
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ValueError(
            f"{path.name}: not a picture that can be read here."
        ) from error
    comment = said.get("comment", "")
    if isinstance(comment, bytes):
        comment = comment.decode(errors="replace")
    first, _, rest = comment.partition("\n")
    return _if_json(said.get(DOCUMENT_KEY) or first), said.get(SUMS_KEY) or rest


def _of_table(path: Path) -> tuple[str | None, str]:
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        said = [s.removeprefix("# ") for s in lines if s.startswith("# sums: ")]
    return text_inside(path), "".join(said)


def _if_json(text: str | None) -> str | None:
    """Return `text` if it is a group of settings: other programs write comments too."""
    try:
        return text if isinstance(json.loads(text or ""), dict) else None
    except json.JSONDecodeError:
        return None


READERS: dict[str, Callable[[Path], tuple[str | None, str]]] = {
    ".mp4": _of_video,
    ".webm": _of_video,
    ".gif": _of_picture,
    ".png": _of_picture,
    ".csv": _of_table,
}
