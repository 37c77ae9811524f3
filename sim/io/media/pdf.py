"""The text of a run inside a PDF."""

from __future__ import annotations

import mmap
import re
import zlib
from typing import IO

from sim.io.limits import MAX_EMBEDDED_BYTES

ATTACHMENT = "orrery.json"
"""The name under which a PDF holds its document, as an attached file."""
NOT_A_PDF = "not a PDF that can be read here."
HEAD_BYTES = 1024  # within which a PDF says what it is
MAX_ENTRIES = 4096  # bytes of the entries of an object, before its stream
TAIL = rb")\)\s*/EF\s*<<\s*/F\s+(\d{1,9})\s+0\s+R"


def attachment_of_pdf(file: IO[bytes]) -> str:
    """Return the text of the attached file of this program; empty without one [1]_.

    Raises
    ------
    ValueError
        If it is no PDF, or the text is damaged.

    References
    ----------
    .. [1] ISO 32000-1:2008, sections 7.3.8 (streams) and 7.11.4 (embedded files).
    """
    if b"%PDF-" not in file.read(HEAD_BYTES):
        raise ValueError(NOT_A_PDF)
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return _attachment(data)


def _attachment(data: mmap.mmap) -> str:
    names = ATTACHMENT.encode(), b"\xfe\xff" + ATTACHMENT.encode("utf-16-be")
    either = b"|".join(re.escape(name) for name in names)
    found = list(re.finditer(rb"/F\s*\((?:" + either + TAIL, data))
    if not found:
        return ""
    start = data.rfind(b"\n" + found[-1][1] + b" 0 obj")
    begin = data.find(b"stream", start, start + MAX_ENTRIES)
    if start < 0 or begin < 0:
        raise ValueError("the text inside is damaged.")
    packed = b"/FlateDecode" in data[start:begin]
    begin = data.find(b"\n", begin) + 1
    end = data.find(b"endstream", begin)
    body = data[begin : min(end, begin + MAX_EMBEDDED_BYTES)]
    if packed:
        try:
            body = zlib.decompressobj().decompress(body, MAX_EMBEDDED_BYTES)
        except zlib.error:
            raise ValueError("the text inside is damaged.") from None
    return body.decode(errors="replace").rstrip("\r\n")
