"""Texts of a PNG."""

from __future__ import annotations

import zlib
from typing import IO, TYPE_CHECKING

from sim.io.limits import MAX_EMBEDDED_BYTES

if TYPE_CHECKING:
    from collections.abc import Collection

SIGNATURE = b"\x89PNG\r\n\x1a\n"
NUMBER = 4  # bytes of a length, of the name of a chunk, and of its checksum
MAX_CHUNKS = 100_000
NOT_A_PICTURE = "not a picture that can be read here."


def texts_of_png(file: IO[bytes], keywords: Collection[str]) -> dict[str, str]:
    """Return the texts under some keywords; the first of each [1]_.

    Raises
    ------
    ValueError
        If it is no PNG, or a text is damaged.

    References
    ----------
    .. [1] W3C, "Portable Network Graphics (PNG) Specification", third edition,
           sections 5.3 (chunks), 11.3.3.2 (tEXt) and 11.3.3.4 (iTXt).
    """
    if file.read(len(SIGNATURE)) != SIGNATURE:
        raise ValueError(NOT_A_PICTURE)
    found: dict[str, str] = {}
    for _ in range(MAX_CHUNKS):
        head = file.read(2 * NUMBER)
        size, kind = int.from_bytes(head[:NUMBER], "big"), head[NUMBER:]
        if len(head) < 2 * NUMBER or kind == b"IEND":
            break
        if kind not in (b"tEXt", b"iTXt") or size > MAX_EMBEDDED_BYTES:
            file.seek(size + NUMBER, 1)
            continue
        body, check = file.read(size), file.read(NUMBER)
        keyword = body.partition(b"\0")[0].decode("latin-1")
        if keyword in keywords and keyword not in found:
            if zlib.crc32(kind + body).to_bytes(NUMBER, "big") != check:
                raise ValueError(f"the text {keyword!r} inside is damaged.")
            found[keyword] = _text(kind, body)
    return found


def _text(kind: bytes, body: bytes) -> str:
    rest = body.partition(b"\0")[2]
    if kind == b"tEXt":
        return rest.decode("latin-1")
    compressed, rest = rest[:1] == b"\1", rest[2:]
    raw = rest.partition(b"\0")[2].partition(b"\0")[2]  # after language and keyword
    if compressed:
        try:
            raw = zlib.decompressobj().decompress(raw, MAX_EMBEDDED_BYTES)
        except zlib.error:
            return ""
    return raw.decode(errors="replace")
