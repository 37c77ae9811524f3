"""What a file was made from: every export holds the document that made it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.document import Document
from app.recorders import KEY
from sim.opening import text_inside

if TYPE_CHECKING:
    from collections.abc import Callable


def embedded(path: str | Path) -> Document | None:
    """Return the document that `path` was made from; None if it holds none.

    Parameters
    ----------
    path : path
        A video (.mp4), an animation (.gif), a picture (.png), a table (.csv), or a
        document itself (.json).

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If it is no such file, or what it holds cannot be read here; says why.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix == ".json":
        return Document.load(path)
    if suffix not in READERS:
        known = ", ".join([*READERS, ".json"])
        raise ValueError(f"{path.name}: documents are read from {known} files.")
    with path.open("rb"):
        pass  # says what is wrong with the file itself, as the readers below do not
    text = READERS[suffix](path)
    if text is None:
        return None
    try:
        return Document.from_json(text)
    except (ValueError, KeyError) as error:
        raise ValueError(f"{path.name}: {error.args[0]}") from error


def _of_video(path: Path) -> str | None:
    import av
    from av.error import FFmpegError

    try:
        with av.open(str(path)) as film:
            return _if_json(film.metadata.get("comment"))
    except FFmpegError as error:
        raise ValueError(f"{path.name}: not a video that can be read here.") from error


def _of_picture(path: Path) -> str | None:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            if image.format == "PNG":
                image.load()
            found: Any = image.info.get(KEY) or image.info.get("comment")
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ValueError(
            f"{path.name}: not a picture that can be read here."
        ) from error
    return _if_json(found.decode() if isinstance(found, bytes) else found)


def _if_json(text: str | None) -> str | None:
    """Return `text` if it is a group of settings: other programs write comments too."""
    try:
        return text if isinstance(json.loads(text or ""), dict) else None
    except json.JSONDecodeError:
        return None


READERS: dict[str, Callable[[Path], str | None]] = {
    ".mp4": _of_video,
    ".gif": _of_picture,
    ".png": _of_picture,
    ".csv": text_inside,
}
