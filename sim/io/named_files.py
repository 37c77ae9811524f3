"""Files that a run names: where they are, which of them travel with it, and consent.

A run as plain data names files under keys called ``path``.  In a file it names them
relative to its own folder, and has what is known of them under ``"files"``::

    "files": {"tokens.csv": {"sha256": "…", "size": 1234, "text": "…"}}

``text``, or ``base64`` where the content is not text, is the file itself; without
either the file is read where its name says.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from sim.io.embedded_files import digest, entries_of, extracted
from sim.io.limits import groups_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FILES = "files"
"""The key of what is known of the files that a run names."""
PATH = "path"
ASSET = "asset:"
"""Start of a path that means a file shipped in ``assets/tokens``."""
ASSET_NAME = re.compile(r"asset:[\w.-]+")
MAX_LINKS = 40  # on the way to a file
MAX_NAME, MAX_PART = 1000, 255  # characters of a path, bytes of one name in it
MAX_LISTED = 5  # names in a message


class ForeignFilesError(ValueError):
    """A run names files outside its own folder, which are read only with consent.

    Attributes
    ----------
    names : tuple of str
        The files, as the run names them.
    file : str
        The name of the file of the run.
    """

    def __init__(self, names: tuple[str, ...], file: str = "it") -> None:
        self.names, self.file = names, file
        super().__init__(
            f"{file} names files outside its own folder: {listed(names)}. They are "
            "not read unless you allow it: add --allow-files, or in Python "
            "allow_files=True."
        )


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A run as plain data, whose files are where its paths say.

    Attributes
    ----------
    data : mapping
        The run, without what is known of its files.
    changed : tuple of str
        The files whose content is not what it was when the run was saved.
    """

    data: Any
    changed: tuple[str, ...] = ()


def unpacked(data: Any, folder: Path, allow_files: bool = False) -> Unpacked:
    """Return a run read in `folder`, with the files that it names ready to read.

    Nothing is read, nor is it looked whether it exists, before all names are allowed.

    Raises
    ------
    ForeignFilesError
        If it names files outside `folder`, unless `allow_files`.
    ValueError
        If what is known of a file is damaged, or a file that it needs is missing.
    OSError
        If a file cannot be read.
    """
    if not isinstance(data, dict):
        return Unpacked(data)
    known = entries_of(data.get(FILES, {}))
    data = {key: value for key, value in data.items() if key != FILES}
    names = names_in(data)
    _check(names)
    inside = {name for name, entry in known.items() if entry.content is not None}
    foreign = tuple(n for n in names if n not in inside and _is_foreign(n, folder))
    if foreign and not allow_files:
        raise ForeignFilesError(foreign)
    places: dict[str, str] = {}
    changed: list[str] = []
    for name in names:
        if name in inside:
            places[name] = str(extracted(name, known[name]))
        elif not name.startswith(ASSET):
            places[name] = str(place := _placed(name, folder))
            if name in known and known[name].sha256 != digest(place, known[name]):
                changed.append(name)
    return Unpacked(with_names(data, places), tuple(changed))


def changed_message(names: tuple[str, ...]) -> str:
    """Return what to say of files that have changed."""
    have = "has" if len(names) == 1 else "have"
    return (
        f"{listed(names)} {have} changed since this was saved, so the run may differ "
        "from the one that was saved."
    )


def names_in(data: Any) -> tuple[str, ...]:
    """Return the file names in plain data, each once."""
    return tuple(dict.fromkeys(value for _, _, value in _named(data)))


def with_names(data: Any, places: Mapping[str, str]) -> Any:
    """Return a copy of plain data with other file names; the data, if none differ."""
    if not places:
        return data
    data = _copied(data)
    for owner, key, value in list(_named(data)):
        owner[key] = places.get(value, value)
    return data


def listed(names: tuple[str, ...]) -> str:
    """Return names as text, the first few of many."""
    more = len(names) - MAX_LISTED
    return ", ".join(names[:MAX_LISTED]) + (f" and {more} more" if more > 0 else "")


def _named(data: Any) -> Iterator[tuple[dict[str, Any], str, str]]:
    """Yield each group that has a file name, its key, and the name."""
    waiting = [data]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            for key, value in item.items():
                is_path = str(key).rpartition(".")[2] == PATH
                if is_path and isinstance(value, str) and value:
                    yield item, key, value
        waiting.extend(reversed(groups_in(item)))


def _copied(data: Any) -> Any:
    """Return a copy of plain data, but for the lists that name no file."""
    if isinstance(data, dict):
        return {key: _copied(value) for key, value in data.items()}
    return [_copied(v) for v in data] if groups_in(data) else data


def _is_foreign(name: str, folder: Path) -> bool:
    """Whether a name leads out of `folder`, by itself or by a link in it."""
    if name.startswith(ASSET):
        return not ASSET_NAME.fullmatch(name) or ".." in name
    home = Path(os.path.realpath(folder))
    parts = (*PurePosixPath(name).parts, *PureWindowsPath(name).parts)
    if ".." in parts or name.startswith("~"):
        return True
    if (PurePosixPath(name).anchor or PureWindowsPath(name).anchor) and not (
        Path(name).is_relative_to(home)
    ):
        return True
    return _links_out(home, home / name) or not _placed(name, home).is_relative_to(home)


def _links_out(home: Path, place: Path) -> bool:
    """Whether a link on the way to `place` leads out of `home`.

    Links are read, but not followed: nothing outside `home` is looked at.
    """
    for _ in range(MAX_LINKS):
        if not place.is_relative_to(home):
            return True
        way = [*reversed(place.relative_to(home).parents), place.relative_to(home)]
        link = next((part for part in way if os.path.islink(home / part)), None)
        if link is None:
            return False
        target = os.path.join((home / link).parent, os.readlink(home / link))
        rest = place.relative_to(home / link)
        place = Path(os.path.normpath(os.path.join(target, rest)))
    return True


def _placed(name: str, folder: Path) -> Path:
    return Path(os.path.realpath(folder / Path(name).expanduser()))


def _check(names: tuple[str, ...]) -> None:
    """Refuse names that no system can have."""
    for name in names:
        parts = re.split(r"[\\/]", name)
        sizes = (len(part.encode(errors="replace")) for part in parts)
        if not name.isprintable() or len(name) > MAX_NAME or max(sizes) > MAX_PART:
            raise ValueError(f"{name[:40]!r} is not the name of a file.")
