"""Runs as plain data on their way into a file: files travel inside, or are named."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.io.atomic_write import atomic_write
from sim.io.embedded_files import Entry, digest, expanded_size, is_extracted
from sim.io.limits import IN_MEDIA, MAX_EXPANDED, MAX_FILES
from sim.io.named_files import ASSET, FILES, names_in, with_names

HOMES = ("home", "homes", "users", "root", "media")  # folders of what people own
SHORT_DIGEST = 8  # digits in the name of a copy


def packed(
    data: dict[str, Any],
    folder: Path,
    *,
    limit: int = IN_MEDIA,
    beside: bool = False,
    local: bool = False,
) -> dict[str, Any]:
    """Return plain data of a run as it is written to a file in `folder`.

    Parameters
    ----------
    data : dict
        A run, whose file names lead to the files from here.
    folder : Path
        Where it is written.
    limit : int
        Bytes of files that travel inside, all together; larger ones are named by a
        path, which never spells out anybody's home; see `reference`.
    beside : bool
        Whether a file in `folder` or below stays there, and is named only; one that
        would go with this program, and is too large to travel inside, is copied there.
    local : bool
        For a file that never leaves this machine: others are named where they are.
    """
    packer = _Packer(Path(os.path.realpath(folder)), limit, beside, local)
    places = {n: packer.add(n) for n in names_in(data) if not n.startswith(ASSET)}
    data = {key: value for key, value in data.items() if key != FILES}
    if not places:
        return data
    out = with_names(data, places)
    known = {name: entry.plain() for name, entry in packer.entries.items()}
    return {**out, FILES: known} if known else out


class _Packer:
    """Collects the files of one run."""

    def __init__(self, folder: Path, limit: int, beside: bool, local: bool) -> None:
        self._folder, self._left = folder, limit
        self._beside, self._local = beside, local
        self._used: dict[str, Path] = {}
        self.entries: dict[str, Entry] = {}

    def add(self, value: str) -> str:
        """Return the name of the file that is at `value`."""
        place = Path(os.path.realpath(Path(value).expanduser()))
        below = place.is_relative_to(self._folder)
        if self._local and not is_extracted(place):
            return str(place)
        content = None if below and self._beside else self._content(place)
        if content is not None:
            name = self._free(place.name, place)
            self.entries[name] = Entry.of(content)
            return name
        if self._beside and is_extracted(place):
            return self._copied(place)
        name = self._free(reference(place, self._folder, _home()), place)
        if (known := _known(place)) is not None:
            self.entries[name] = known
        return name

    def _content(self, place: Path) -> bytes | None:
        """Return the content of a file, if it can still travel with the others."""
        try:
            if len(self.entries) >= MAX_FILES or place.stat().st_size > self._left:
                return None
            content = place.read_bytes()
        except OSError:
            return None
        if len(content) > self._left or expanded_size(content) > MAX_EXPANDED:
            return None
        self._left -= len(content)
        return content

    def _copied(self, place: Path) -> str:
        """Copy a file that goes with this program beside the run; return its name.

        Its digest is in the name, so that it replaces no other file.
        """
        content = place.read_bytes()
        entry = Entry.of(content)
        name = f"{place.stem}-{entry.sha256[:SHORT_DIGEST]}{place.suffix}"
        with atomic_write(self._folder / name) as temporary:
            temporary.write_bytes(content)
        self.entries[name] = replace(entry, content=None)
        return name

    def _free(self, name: str, place: Path) -> str:
        """Return `name`, or one like it where it is that of another file."""
        stem, suffix = os.path.splitext(name)
        number = 1
        while self._used.setdefault(name, place) != place:
            number += 1
            name = f"{stem}-{number}{suffix}"
        return name


def _home() -> Path:
    """Return the user's home; the root where there is none."""
    try:
        return Path(os.path.realpath(Path.home()))
    except RuntimeError:
        return Path(os.path.abspath(os.sep))


def _known(place: Path) -> Entry | None:
    """Return digest and size of a file; None if it cannot be read."""
    try:
        return Entry(digest(place), place.stat().st_size)
    except (OSError, ValueError):
        return None


def reference(place: Path, folder: Path, home: Path) -> str:
    """Return how a file in `folder` names the file at `place`, all of them real paths.

    By the relative path; where that would go up to the root of the disk or to where the
    homes are, and so spell out the folders of a home, from `home` as ``~/…``, or by the
    absolute path, which opens again on this machine.  In somebody else's home it is the
    name alone.
    """
    try:
        common = Path(os.path.commonpath([place, folder]))
    except ValueError:  # on another drive
        common = Path(place.anchor)
    if common != Path(common.anchor) and (
        common == home or not home.is_relative_to(common)
    ):
        return Path(os.path.relpath(place, folder)).as_posix()
    if home != Path(home.anchor) and place.is_relative_to(home):
        return f"~/{place.relative_to(home).as_posix()}"
    private = {*HOMES, home.name.casefold()}
    parts = {part.casefold() for part in place.parent.parts[1:]}
    return place.name if private & parts else place.as_posix()
