"""The texts that pictures and videos carry, read without decoding them.

May import what `sim.io` may.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.io.media.gif import comment_of_gif
from sim.io.media.mp4 import tags_of_mp4
from sim.io.media.pdf import attachment_of_pdf
from sim.io.media.png import texts_of_png
from sim.io.media.svg import metadata_of_svg
from sim.io.media.webm import tags_of_webm
from sim.io.media.zip import texts_of_zip

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import IO

DOCUMENT_KEY = "orrery"
"""The keyword under which a PNG holds its document."""
SUMS_KEY = "orrery-sums"
"""The keyword under which a PNG says how its sums were computed."""


@dataclass(frozen=True, slots=True)
class MediaText:
    """What a picture or video says of itself.

    Attributes
    ----------
    document : str
        The text of the run that it shows; empty without one.
    sums : str
        How sums were computed, by line.
    """

    document: str = ""
    sums: str = ""


def read_media(path: Path) -> MediaText:
    """Return what a picture or video of a suffix in `MEDIA` says of itself.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If it is no such file; does not name it.
    """
    with path.open("rb") as file:
        return MEDIA[path.suffix.lower()](file)


def _of_png(file: IO[bytes]) -> MediaText:
    texts = texts_of_png(file, (DOCUMENT_KEY, SUMS_KEY))
    return MediaText(texts.get(DOCUMENT_KEY, ""), texts.get(SUMS_KEY, ""))


def _of_gif(file: IO[bytes]) -> MediaText:
    document, _, sums = comment_of_gif(file).partition("\n")
    return MediaText(document, sums)


def _of_mp4(file: IO[bytes]) -> MediaText:
    tags = tags_of_mp4(file)
    return MediaText(tags.get("comment", ""), tags.get("description", ""))


def _of_webm(file: IO[bytes]) -> MediaText:
    tags = tags_of_webm(file, ("COMMENT", "DESCRIPTION"))
    return MediaText(tags.get("COMMENT", ""), tags.get("DESCRIPTION", ""))


def _of_svg(file: IO[bytes]) -> MediaText:
    return MediaText(metadata_of_svg(file))


def _of_pdf(file: IO[bytes]) -> MediaText:
    return MediaText(attachment_of_pdf(file))


def _of_zip(file: IO[bytes]) -> MediaText:
    names = f"{DOCUMENT_KEY}.json", f"{SUMS_KEY}.txt"
    texts = texts_of_zip(file, names)
    return MediaText(*(texts.get(name, "") for name in names))


MEDIA: dict[str, Callable[[IO[bytes]], MediaText]] = {
    ".mp4": _of_mp4,
    ".webm": _of_webm,
    ".gif": _of_gif,
    ".png": _of_png,
    ".svg": _of_svg,
    ".pdf": _of_pdf,
    ".zip": _of_zip,
}
"""Readers, by suffix."""
