"""Reading the file of a run: its JSON, alone or inside an export."""

from __future__ import annotations

import contextlib
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sim.io.limits import NotJsonError, parsed_json, text_of
from sim.io.named_files import ForeignFilesError, changed_message, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

MAX_MESSAGE = 500  # characters
Read = TypeVar("Read")


class ChangedFilesWarning(UserWarning):
    """Files that a run names have changed since it was saved."""


def read_file(
    path: str | Path,
    read: Callable[[Any], Read],
    *,
    allow_files: bool = False,
    report: Callable[[str], None] | None = None,
) -> Read:
    """Return what `read` makes of the JSON in a file.

    Parameters
    ----------
    path : path
        The file.
    read : callable
        Takes plain data, in which the files that it names are where their paths say.
    allow_files : bool
        Whether files outside the folder of `path` may be read.
    report : callable, optional
        Called with one message if files have changed; a warning by default.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If it, or a file that it names, is not what it must be; names it.
    ForeignFilesError
        If it names files outside its folder, without `allow_files`.
    """
    path = Path(path)
    with error_prefix(path):
        data = parsed_json(text_of(path))
        return read_data(data, path, read, allow_files=allow_files, report=report)


def read_data(
    data: Any,
    path: Path,
    read: Callable[[Any], Read],
    *,
    allow_files: bool,
    report: Callable[[str], None] | None,
) -> Read:
    """Return what `read` makes of the data in a file; see `read_file`."""
    found = unpacked(data, path.parent, allow_files)
    out = read(found.data)
    if found.changed:
        message = f"{path.name}: {changed_message(found.changed)}"
        if report is None:
            warnings.warn(message, ChangedFilesWarning, stacklevel=2)
        else:
            report(message)
    return out


@contextlib.contextmanager
def error_prefix(path: Path) -> Generator[None]:
    """Put the name of a file before the messages of errors raised inside."""
    try:
        yield
    except ForeignFilesError as error:
        raise ForeignFilesError(error.names, path.name) from None
    except NotJsonError as error:
        raise NotJsonError(f"{path.name}: {error}") from error
    except (ValueError, KeyError) as error:
        raise ValueError(f"{path.name}: {shortened(str(error.args[0]))}") from error


def shortened(text: str) -> str:
    """Return a message without the middle of what it quotes at length."""
    if len(text) <= MAX_MESSAGE:
        return text
    return f"{text[: MAX_MESSAGE // 2]} … {text[-MAX_MESSAGE // 2 :]}"
