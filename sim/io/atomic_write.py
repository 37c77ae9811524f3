"""Atomic writing: to a temporary file, renamed once it is complete."""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import secrets
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from sim.io.unfinished import UNFINISHED

if TYPE_CHECKING:
    from collections.abc import Generator

MAX_STEM = 48
"""Characters of a name that its temporary file has: systems limit their number."""


class CannotWriteError(OSError):
    """A file cannot be written; the message says why and what to do."""


@contextlib.contextmanager
def atomic_write(path: str | Path) -> Generator[Path]:
    """Yield a temporary path beside `path`; rename it to `path` at the end.

    If an exception is raised, the temporary file is removed and an older file at `path`
    is unchanged.  The new file may be read and written by whom the older one may.

    Raises
    ------
    CannotWriteError
        If `path` cannot be written, with what to do about it.
    """
    path = Path(path)
    # A link stays a link: its target is replaced.
    goal = path.resolve() if os.path.islink(path) else path
    stem, suffix = goal.stem[:MAX_STEM], goal.suffix[:MAX_STEM]
    temporary = goal.with_name(f".{stem}.{secrets.token_hex(4)}{suffix}")
    UNFINISHED.add(temporary)
    try:
        _refuse_device(goal)
        temporary.touch(exist_ok=False)
        with _mode_kept(goal, temporary):
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


def unfinished_files(path: Path) -> list[Path]:
    """Return the files beside `path` that are being written, or were left so."""
    stem = glob.escape(path.stem[:MAX_STEM])
    return list(path.parent.glob(f".{stem}.*{glob.escape(path.suffix[:MAX_STEM])}"))


def _refuse_device(goal: Path) -> None:
    """Refuse to put a file in the place of a pipe or a device."""
    if goal.exists() and not (goal.is_file() or goal.is_dir()):
        raise CannotWriteError(
            f"cannot write {goal}: it is a pipe or a device. Give a file."
        )


@contextlib.contextmanager
def _mode_kept(goal: Path, temporary: Path) -> Generator[None]:
    """Give a new file the mode of an older one, at once and at the end."""
    if not goal.exists():
        yield
        return
    mode = stat.S_IMODE(goal.stat().st_mode)
    with contextlib.suppress(OSError):  # a file system may have no modes
        temporary.chmod(mode | stat.S_IWUSR)
    yield
    with contextlib.suppress(OSError):
        temporary.chmod(mode)


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
    if error.errno == errno.ENAMETOOLONG:
        hint = "Give a shorter name."
    return CannotWriteError(f"cannot write {path}: {why}. {hint}")
