"""What a WebM, or any Matroska file, says of itself."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, NamedTuple

from sim.io.limits import MAX_EMBEDDED_BYTES
from sim.io.media.mp4 import NOT_A_VIDEO

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

HEADER, SEGMENT = 0x1A45DFA3, 0x18538067
TAGS, TAG, SIMPLE_TAG = 0x1254C367, 0x7373, 0x67C8
NAME, TEXT = 0x45A3, 0x4487
MAX_ELEMENTS = 50_000
MAX_NAME_BYTES = 100
MAX_NUMBER_BYTES = 8


class Element(NamedTuple):
    """An element: its identifier, and where its content is."""

    kind: int
    start: int
    end: int


def tags_of_webm(file: IO[bytes], names: Collection[str]) -> dict[str, str]:
    """Return some tags of the whole file, by name in capitals [1]_.

    Raises
    ------
    ValueError
        If it is no WebM.

    References
    ----------
    .. [1] RFC 8794, "Extensible Binary Meta Language", sections 4 to 6; RFC 9559,
           "Matroska Media Container Format", section 5.1.8 (Tags).
    """
    reader = _Reader(file)
    top = list(reader.elements(0, file.seek(0, 2)))
    if not top or top[0].kind != HEADER:
        raise ValueError(NOT_A_VIDEO)
    found: dict[str, str] = {}
    for segment in (e for e in top if e.kind == SEGMENT):
        for tags in reader.inside(segment, TAGS):
            for tag in reader.inside(tags, TAG):
                for simple in reader.inside(tag, SIMPLE_TAG):
                    parts = {e.kind: e for e in reader.elements(*simple[1:])}
                    name = reader.text(parts.get(NAME), MAX_NAME_BYTES).upper()
                    if name in names and name not in found:
                        found[name] = reader.text(parts.get(TEXT), MAX_EMBEDDED_BYTES)
    return found


class _Reader:
    """Reads elements, up to `MAX_ELEMENTS` of a file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._left = file, MAX_ELEMENTS

    def inside(self, parent: Element, kind: int) -> list[Element]:
        """Return the elements of a kind in another."""
        inside = self.elements(parent.start, parent.end)
        return [element for element in inside if element.kind == kind]

    def elements(self, start: int, end: int) -> Iterator[Element]:
        """Yield the elements between two places; one of unknown size is the last."""
        while start < end and self._left:
            self._left -= 1
            self._file.seek(start)
            head = self._file.read(2 * MAX_NUMBER_BYTES)
            name = _length(head, 0)
            size = _length(head, name)
            if not name or not size or name + size > len(head):
                return
            known = 2 ** (7 * size) - 1
            content = int.from_bytes(head[name : name + size], "big") & known
            start += name + size
            stop = end if content == known else start + content
            if stop > end:
                return
            yield Element(int.from_bytes(head[:name], "big"), start, stop)
            start = stop

    def text(self, element: Element | None, limit: int) -> str:
        """Return the text of an element; empty if there is none, or it is too long."""
        if element is None or element.end - element.start > limit:
            return ""
        self._file.seek(element.start)
        raw = self._file.read(element.end - element.start)
        return raw.rstrip(b"\0").decode(errors="replace")


def _length(head: bytes, at: int) -> int:
    """Return how many bytes the number at a place has; 0 if it is none."""
    first = head[at] if at < len(head) else 0
    return MAX_NUMBER_BYTES + 1 - first.bit_length() if first else 0
