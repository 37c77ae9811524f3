"""Atomic writing: to a temporary file, renamed once it is complete."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from sim.io.unfinished import UNFINISHED

if TYPE_CHECKING:
    from collections.abc import Generator


class CannotWriteError(OSError):
    """A file cannot be written; the message says why and what to do."""


@contextlib.contextmanager
def atomic_write(path: str | Path) -> Generator[Path]:
    """Yield a temporary path beside `path`; rename it to `path` at the end.

    If an exception is raised, the temporary file is removed and an older file at `path`
    is unchanged.

    Raises
    ------
    CannotWriteError
        If `path` cannot be written, with what to do about it.
    """
    path = Path(path)
    # A link stays a link: its target is replaced.
    goal = path.resolve() if path.is_symlink() else path
    temporary = goal.with_name(f".{goal.stem}.{secrets.token_hex(4)}{goal.suffix}")
    UNFINISHED.add(temporary)
    try:
        temporary.touch(exist_ok=False)
        yield temporary
        temporary.replace(goal)
    except (CannotWriteError, ConnectionError):  # a closed pipe is not a file error
        raise
    except OSError as error:
        raise _explained(error, path) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        UNFINISHED.discard(temporary)


def create_folder(path: str | Path) -> Path:
    """Create the folder `path` if it does not exist.

    Raises
    ------
    CannotWriteError
        If it cannot be created, with what to do about it.
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
