"""The comment of a GIF."""

from __future__ import annotations

from typing import IO

from sim.io.limits import MAX_EMBEDDED_BYTES
from sim.io.media.png import NOT_A_PICTURE

SIGNATURES = (b"GIF87a", b"GIF89a")
SCREEN_BYTES = 13  # the signature included
EXTENSION, COMMENT = b"\x21", b"\xfe"
MAX_EXTENSIONS = 1000


def comment_of_gif(file: IO[bytes]) -> str:
    """Return the comments before the first picture, joined [1]_.

    Raises
    ------
    ValueError
        If it is no GIF.

    References
    ----------
    .. [1] "Graphics Interchange Format, version 89a", CompuServe, 1990, sections 18
           (size of the table of colours), 23 to 26 (extensions, in blocks).
    """
    screen = file.read(SCREEN_BYTES)
    if len(screen) < SCREEN_BYTES or screen[:6] not in SIGNATURES:
        raise ValueError(NOT_A_PICTURE)
    if screen[10] & 0x80:
        file.seek(3 * (2 << (screen[10] & 7)), 1)
    out = bytearray()
    for _ in range(MAX_EXTENSIONS):
        if file.read(1) != EXTENSION:
            break
        text = _blocks(file, keep=file.read(1) == COMMENT)
        out += text[: max(0, MAX_EMBEDDED_BYTES - len(out))]
    return out.decode(errors="replace")


def _blocks(file: IO[bytes], *, keep: bool) -> bytes:
    """Read blocks to the empty one that ends them; return them joined if `keep`."""
    out = bytearray()
    read = 0
    while read <= MAX_EMBEDDED_BYTES and (size := int.from_bytes(file.read(1), "big")):
        block = file.read(size)
        read += size
        if keep:
            out += block
    return bytes(out)
