"""Files inside the text of a run: their entries, and where they are put to be read."""

from __future__ import annotations

import atexit
import base64
import hashlib
import io
import os
import re
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from sim.io.atomic_write import atomic_write
from sim.io.limits import MAX_EXPANDED, MAX_FILES
from sim.io.unfinished import UNFINISHED

CACHED_DIGESTS = 64
MAX_NAME = 80  # characters of a file that is put to be read
UNSAFE = re.compile(r"[^\w.\- ]")
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")  # of Windows
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a run knows of a file that it names.

    Attributes
    ----------
    sha256 : str
        Digest of the content, in hexadecimal digits.
    size : int
        Bytes of the content.
    content : bytes, optional
        The content, where it travels with the run.
    """

    sha256: str
    size: int
    content: bytes | None = None

    def plain(self) -> dict[str, Any]:
        """Return the entry as plain data."""
        out: dict[str, Any] = {"sha256": self.sha256, "size": self.size}
        if self.content is None:
            return out
        try:
            return {**out, "text": self.content.decode()}
        except UnicodeDecodeError:
            return {**out, "base64": base64.b64encode(self.content).decode()}

    @staticmethod
    def of(content: bytes) -> Entry:
        """Return the entry of a file that travels with the run."""
        return Entry(hashlib.sha256(content).hexdigest(), len(content), content)


def entries_of(data: Any) -> dict[str, Entry]:
    """Return the entries that plain data has, by name.

    Raises
    ------
    ValueError
        If they are no entries, or a content is not the one that was put in.
    """
    if not isinstance(data, dict):
        raise ValueError("files: expected a group of files by name.")
    if len(data) > MAX_FILES:
        raise ValueError(f"files: at most {MAX_FILES} are read, got {len(data)}.")
    return {name: _entry(name, value) for name, value in data.items()}


def _entry(name: str, data: Any) -> Entry:
    sha256 = data.get("sha256") if isinstance(data, dict) else None
    if not isinstance(sha256, str) or not DIGEST.fullmatch(sha256):
        raise ValueError(
            f"files: {_short(name)} must have its SHA-256, 64 hexadecimal digits."
        )
    size = data.get("size")
    if type(size) is not int or size < 0:
        raise ValueError(f"files: {_short(name)} must have its size in bytes.")
    content = _content(data)
    if content is None and not {"text", "base64"} & data.keys():
        return Entry(sha256, size)
    if content is None or Entry.of(content) != Entry(sha256, size, content):
        raise ValueError(
            f"files: the copy of {_short(name)} is damaged. Take the file from where "
            "it was made."
        )
    return Entry(sha256, size, content)


def _content(data: dict[str, Any]) -> bytes | None:
    """Return the content that an entry has; None if it has none that can be read."""
    text, coded = data.get("text"), data.get("base64")
    try:
        if isinstance(text, str):
            return text.encode()
        return base64.b64decode(coded) if isinstance(coded, str) else None
    except ValueError:
        return None


def extracted(name: str, entry: Entry) -> Path:
    """Return where the content of an entry can be read, until the program ends.

    Raises
    ------
    OSError
        If it cannot be written there.
    ValueError
        If it is compressed, and too large for that.
    """
    if expanded_size(entry.content or b"") > MAX_EXPANDED:
        raise ValueError(
            f"files: the arrays of {_short(name)} have more than {MAX_EXPANDED:,} "
            "bytes, which do not travel inside a run. Keep the file beside it."
        )
    return _put(name, entry)


def kept_aside(name: str, content: bytes) -> Path:
    """Return where `content` can be read under a name, until the program ends.

    It travels with a run like a file that a run brought along.
    """
    return _put(name, Entry.of(content))


def _put(name: str, entry: Entry) -> Path:
    file = _folder() / entry.sha256 / _safe(name)
    if not file.is_file():
        file.parent.mkdir(exist_ok=True)
        with atomic_write(file) as temporary:
            temporary.write_bytes(entry.content or b"")
    return file


def expanded_size(content: bytes) -> int:
    """Return how many bytes the arrays of an archive have; else those of `content`."""
    if not content.startswith(b"PK"):
        return len(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, ValueError, RuntimeError, OSError):
        return len(content)


def is_extracted(path: Path) -> bool:
    """Whether a file was put there by `extracted`."""
    used = _folder.cache_info().currsize > 0
    return used and path.is_relative_to(_folder())


def digest(path: Path, expected: Entry | None = None) -> str:
    """Return the SHA-256 of a file.

    Raises
    ------
    ValueError
        If there is no such file; says what was `expected`.
    OSError
        If it cannot be read.
    """
    if not os.path.isfile(path):
        size = f" ({expected.size:,} bytes)" if expected else ""
        raise ValueError(
            f"{path.name}{size} is needed, and there is no such file in "
            f"{path.parent}. Put it there."
        )
    stamp = path.stat()
    return _digest(str(path), (stamp.st_mtime_ns, stamp.st_size))


@lru_cache(maxsize=CACHED_DIGESTS)
def _digest(path: str, stamp: tuple[int, int]) -> str:
    """Return the SHA-256 of a file; `stamp` distinguishes versions in the cache."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def _folder() -> Path:
    """Return a folder of this process alone, which is removed at its end."""
    folder = Path(tempfile.mkdtemp(prefix="orrery-")).resolve()
    UNFINISHED.add(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _safe(name: str) -> str:
    """Return the last part of a name, as every system can store it."""
    last = UNSAFE.sub("_", re.split(r"[\\/]", name)[-1]).strip(". ")[-MAX_NAME:]
    return f"_{last}" if not last or RESERVED.fullmatch(last) else last


def _short(name: str) -> str:
    return name if len(name) <= MAX_NAME else f"{name[:MAX_NAME]}…"
