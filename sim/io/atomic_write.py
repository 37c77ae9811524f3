"""Writing files so that nothing is lost: aside first, renamed when whole."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator


class CannotWriteError(OSError):
    """A file cannot be written; the text says why and what to do."""


@contextlib.contextmanager
def written_aside(path: str | Path) -> Generator[Path]:
    """Give a path beside `path` to write to; rename it to `path` if all goes well.

    If anything is raised, the half-written file is removed and whatever stood at
    `path` before is unharmed.

    Raises
    ------
    CannotWriteError
        If `path` cannot be written, with what to do about it.
    """
    path = Path(path)
    # A link stays a link: what it leads to is replaced.
    goal = path.resolve() if path.is_symlink() else path
    aside = goal.with_name(f".{goal.stem}.{secrets.token_hex(4)}{goal.suffix}")
    try:
        aside.touch(exist_ok=False)
        yield aside
        aside.replace(goal)
    except (CannotWriteError, ConnectionError):  # a closed pipe is no bad file
        raise
    except OSError as error:
        raise _explained(error, path) from error
    finally:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)


def made_folder(path: str | Path) -> Path:
    """Make the folder `path` if it is not there.

    Raises
    ------
    CannotWriteError
        If it cannot be made, with what to do about it.
    """
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _explained(error, path) from error
    return Path(path)


def _explained(error: OSError, path: str | Path) -> CannotWriteError:
    why = error.strerror or str(error)
    hint = "Choose another folder, or free some space."
    return CannotWriteError(f"cannot write {path}: {why}. {hint}")
