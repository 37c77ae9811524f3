"""What an MP4 says of itself."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, NamedTuple

from sim.io.limits import MAX_EMBEDDED_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD, WIDE_HEAD = 8, 16  # bytes of size and name of a box
TEXT_HEAD = 8  # type and locale before the text of a tag
MAX_BOXES = 10_000
TAGS = {b"\xa9cmt": "comment", b"desc": "description", b"\xa9nam": "title"}
NOT_A_VIDEO = "not a video that can be read here."


class Box(NamedTuple):
    """A box: its name, and where its content is."""

    kind: bytes
    start: int
    end: int


def tags_of_mp4(file: IO[bytes]) -> dict[str, str]:
    """Return comment, description and title, as far as there are any [1]_.

    Raises
    ------
    ValueError
        If it is no MP4.

    References
    ----------
    .. [1] ISO/IEC 14496-12, "ISO base media file format", sections 4.2 (boxes) and
           8.11.1 (meta); the names of tags are those of iTunes.
    """
    end = file.seek(0, 2)
    boxes = list(_boxes(file, 0, end))
    moov = next((box for box in boxes if box.kind == b"moov"), None)
    if moov is None:
        raise ValueError(NOT_A_VIDEO)
    udta = _child(file, moov, b"udta")
    meta = udta and _child(file, udta, b"meta")
    tags = meta and _child(file, _after_version(file, meta), b"ilst")
    if not tags:
        return {}
    found = (
        (TAGS[box.kind], _text(file, box))
        for box in _boxes(file, tags.start, tags.end)
        if box.kind in TAGS
    )
    return {name: text for name, text in found if text}


def _boxes(file: IO[bytes], start: int, end: int) -> Iterator[Box]:
    """Yield the boxes between two places."""
    for _ in range(MAX_BOXES):
        if start + HEAD > end:
            return
        file.seek(start)
        head = file.read(WIDE_HEAD)
        size, content = int.from_bytes(head[:4], "big"), start + HEAD
        if size == 1:
            size, content = int.from_bytes(head[HEAD:], "big"), start + WIDE_HEAD
        stop = end if size == 0 else start + size
        if not content <= stop <= end:
            return
        yield Box(head[4:HEAD], content, stop)
        start = stop


def _child(file: IO[bytes], box: Box, kind: bytes) -> Box | None:
    inside = _boxes(file, box.start, box.end)
    return next((found for found in inside if found.kind == kind), None)


def _after_version(file: IO[bytes], meta: Box) -> Box:
    """Return `meta` without its version, which QuickTime does not write."""
    file.seek(meta.start)
    plain = file.read(HEAD)[4:] == b"hdlr"
    return meta if plain else meta._replace(start=meta.start + 4)


def _text(file: IO[bytes], tag: Box) -> str:
    data = _child(file, tag, b"data")
    if data is None or data.end - data.start > MAX_EMBEDDED_BYTES + TEXT_HEAD:
        return ""
    file.seek(data.start)
    return file.read(data.end - data.start)[TEXT_HEAD:].decode(errors="replace")
