"""The text of a run in an archive of arrays."""

from __future__ import annotations

import tokenize
import zipfile
import zlib
from typing import TYPE_CHECKING

from sim.io.limits import MAX_EMBEDDED_BYTES

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO

CHARACTER_BYTES = 4  # of text in an array
DAMAGE_ERRORS = (
    ValueError,
    EOFError,
    KeyError,
    TypeError,
    AttributeError,
    SyntaxError,
    IndexError,
    OverflowError,
    NotImplementedError,
    RecursionError,
    LookupError,
    RuntimeError,
    MemoryError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What NumPy and zipfile raise at files of arrays that are damaged."""


def text_in_archive(path: Path) -> str:
    """Return the text of the scenario in an archive of arrays."""
    with path.open("rb") as whole:
        try:
            with zipfile.ZipFile(whole) as archive:
                with archive.open("scenario.npy") as file:
                    return _text_in_array(file)
        except (*DAMAGE_ERRORS, OSError):
            return ""  # reading the tokens will raise the error


def _text_in_array(file: IO[bytes]) -> str:
    """Return an array of one text, without making the array: it may be too large."""
    import numpy as np  # here, since scenarios in JSON open without it

    version = np.lib.format.read_magic(file)
    header = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }.get(version)
    if header is None:
        return ""
    shape, _, kind = header(file)
    size = kind.itemsize
    if shape != () or kind.kind != "U" or size > CHARACTER_BYTES * MAX_EMBEDDED_BYTES:
        return ""
    order = "be" if kind.byteorder == ">" else "le"
    return file.read(size).decode(f"utf-32-{order}").rstrip("\0")
