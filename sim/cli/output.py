"""Where a command writes: refused before the work if it cannot, or would overwrite."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sim.io.media import MEDIA

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

FILE_TYPES = {".json", ".csv", ".npz", *MEDIA}
"""Suffixes of files that a run could be saved to, as a folder's name is not."""
STANDARD = "-"
"""What stands for standard output."""


def add_force_flag(parser: argparse.ArgumentParser) -> None:
    """Add --force."""
    parser.add_argument(
        "--force", action="store_true", help="replace files that exist, without asking"
    )


def file_to_write(text: str, *, force: bool) -> Path:
    """Return the file that `text` names, which may be written.

    Raises
    ------
    ValueError
        If it is a folder or a device, its folder does not exist, or it exists and may
        not be replaced.
    """
    if text == STANDARD:
        raise ValueError("-o -: this is not text. Give a file, whose suffix counts.")
    path = user_path(text)
    if path.is_dir():
        raise ValueError(f"cannot write {path}: it is a folder. Give a file in it.")
    if path.exists() and not path.is_file():
        raise ValueError(f"cannot write {path}: it is a pipe or a device. Give a file.")
    if not path.parent.is_dir():
        raise ValueError(
            f"cannot write {path}: there is no folder {path.parent}. Make it first."
        )
    _ask_to_replace([path] if path.exists() else [], force)
    return path


def folder_to_write(text: str, names: Iterable[str], *, force: bool) -> Path:
    """Return the folder that `text` names, into which files of `names` may be written.

    Raises
    ------
    ValueError
        If it is a file, has the suffix of one, or holds one of them that may not be
        replaced.
    """
    folder = user_path(text)
    if (suffix := folder.suffix.lower()) in FILE_TYPES:
        raise ValueError(
            f"-o {text}: a folder of several files is written, and {suffix} is the "
            f"suffix of one. Give a folder, such as {folder.with_suffix('').name}."
        )
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"cannot write {folder}: it is a file. Give a folder.")
    _ask_to_replace([f for name in names if (f := folder / name).exists()], force)
    return folder


def user_path(text: str) -> Path:
    """Return the path that a user typed; ``~`` is the home folder.

    Raises
    ------
    ValueError
        If it is empty, its name is not UTF-8, or the user after ``~`` does not exist.
    """
    if not text:
        raise ValueError("-o is empty. Give the name of a file or folder.")
    try:
        text.encode()
        return Path(text).expanduser()
    except UnicodeEncodeError:
        shown = text.encode(errors="replace").decode()
        raise ValueError(f"{shown}: the name is not UTF-8. Rename it.") from None
    except RuntimeError:
        raise ValueError(f"{text}: there is no such user. Give a full path.") from None


def _ask_to_replace(files: list[Path], force: bool) -> None:
    if not files or force:
        return
    names = ", ".join(str(file) for file in files[:3])
    exist = "exists" if len(files) == 1 else "exist"
    if sys.stdin.isatty() and sys.stderr.isatty():
        print(f"{names} {exist}. Replace? [y/N] ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().lower() in ("y", "yes"):
            return
        left = "was left as it is" if len(files) == 1 else "were left as they are"
        raise ValueError(f"{names} {left}.")
    raise ValueError(f"{names} {exist}. Give another name, or add --force.")
