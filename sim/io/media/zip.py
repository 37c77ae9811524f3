"""The texts inside an archive of pictures."""

from __future__ import annotations

import zipfile
import zlib
from typing import IO

from sim.io.limits import MAX_EMBEDDED_BYTES


def texts_of_zip(file: IO[bytes], names: tuple[str, ...]) -> dict[str, str]:
    """Return the texts of those entries that there are.

    Raises
    ------
    ValueError
        If it is no archive, or a text is too long or damaged.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            known = {info.filename: info for info in archive.infolist()}
            out: dict[str, str] = {}
            for name in (name for name in names if name in known):
                if known[name].file_size > MAX_EMBEDDED_BYTES:
                    raise ValueError(
                        f"{name} in it has {known[name].file_size:,} bytes; up to "
                        f"{MAX_EMBEDDED_BYTES:,} are read."
                    )
                with archive.open(known[name]) as entry:
                    out[name] = entry.read(MAX_EMBEDDED_BYTES).decode()
            return out
    except (zipfile.BadZipFile, zlib.error, EOFError, UnicodeDecodeError) as error:
        raise ValueError("not an archive that can be read here.") from error
    except (NotImplementedError, RuntimeError) as error:  # other packing, a password
        raise ValueError("its entries are packed in a way that is not read.") from error
