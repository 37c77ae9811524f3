"""The text of a run inside an SVG."""

from __future__ import annotations

import re
from html import unescape
from typing import IO

from sim.io.limits import MAX_EMBEDDED_BYTES

HEAD_BYTES = 4096  # before the metadata
METADATA = re.compile(r'<metadata id="orrery">(.*?)</metadata>', re.DOTALL)
NOT_AN_SVG = "not an SVG that can be read here."


def metadata_of_svg(file: IO[bytes]) -> str:
    """Return the text of the metadata of this program; empty without them.

    They stand before all drawing, so that pictures in the file are not read.

    Raises
    ------
    ValueError
        If it is no SVG.
    """
    head = file.read(MAX_EMBEDDED_BYTES + HEAD_BYTES).decode(errors="replace")
    if "<svg" not in head[:HEAD_BYTES]:
        raise ValueError(NOT_AN_SVG)
    found = METADATA.search(head)
    return unescape(found[1]) if found else ""
