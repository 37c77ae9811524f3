"""Writing files so that nothing is lost: aside first, renamed when whole."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator


@contextlib.contextmanager
def written_aside(path: str | Path) -> Generator[Path]:
    """Give a path beside `path` to write to; rename it to `path` if all goes well.

    If anything is raised, the half-written file is removed and whatever stood at
    `path` before is unharmed.

    Raises
    ------
    OSError
        If `path` cannot be written, with what to do about it.
    """
    path = Path(path)
    aside: Path | None = None
    try:
        handle, name = tempfile.mkstemp(
            prefix=f".{path.stem}.", suffix=path.suffix, dir=path.parent or "."
        )
        os.close(handle)
        aside = Path(name)
        yield aside
        aside.chmod(0o666 & ~_umask())
        aside.replace(path)
    except OSError as error:
        raise _explained(error, path) from error
    finally:
        if aside is not None:
            aside.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _explained(error: OSError, path: Path) -> OSError:
    why = error.strerror or str(error)
    hint = "Choose another folder, or free some space."
    return OSError(f"cannot write {path}: {why}. {hint}")
