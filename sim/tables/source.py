"""Where tables are, and their text in blocks of lines."""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from sim.io.named_files import ASSET, ASSET_NAME
from sim.resources import asset

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

TEXT_TYPES = (".csv", ".tsv", ".tab", ".txt", ".vec", ".dat")
ARRAY_TYPES = (".npz", ".npy")
PARQUET = ".parquet"
GZIP = ".gz"
TABLE_TYPES = (*TEXT_TYPES, *ARRAY_TYPES, PARQUET)
BLOCK = 1 << 18  # characters read at once: some milliseconds
COUNTED = 1 << 22  # bytes whose lines are counted at once
MAX_LINE = 1 << 24  # characters of a line: more than 4,096 numbers and a text have
MAX_CHARACTERS = 1 << 33  # of a table, which a compressed file may expand to
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Marks at the start of a text, and the encodings that they stand for."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Some lines of a text, without their ends.

    Attributes
    ----------
    first : int
        The number of the first one, from 1.
    texts : list of str
        The lines.
    done : float
        The share of the file that has been read.
    whole : bool
        Whether the last line ends in the file by a line end.
    """

    first: int
    texts: list[str]
    done: float
    whole: bool = True


def table_type(path: Path) -> str:
    """Return the suffix that says what a table is; ``.gz`` is left aside."""
    suffixes = [s.lower() for s in path.suffixes]
    if suffixes[-1:] == [GZIP]:
        suffixes.pop()
        return suffixes[-1] if suffixes and suffixes[-1] in TEXT_TYPES else GZIP
    return suffixes[-1] if suffixes else ""


def located(path: str) -> Path:
    """Return the location of the file at `path`; ``asset:NAME`` is a shipped one.

    Raises
    ------
    ValueError
        If there is no such file; lists the assets.
    """
    if not path:
        raise ValueError("no file is given. Choose one, or give its path.")
    if not path.startswith(ASSET):
        found = expanded(path)
        if not found.is_file():
            what = "is a folder" if found.is_dir() else "there is no such file"
            raise ValueError(f"{path}: {what}. Choose a file of type {types()}.")
        return found
    home = asset("tokens")
    found = home / path.removeprefix(ASSET)
    if not ASSET_NAME.fullmatch(path) or not found.is_file():
        have = ", ".join(sorted(p.name for p in home.iterdir()))
        raise ValueError(f"{path}: there is no such asset; there are {have}.")
    return found


def expanded(path: str) -> Path:
    """Return `path`, in which ``~`` is a home.

    Raises
    ------
    ValueError
        If there is no such home, or no system can have such a path.
    """
    try:
        found = Path(path).expanduser()
        found.is_file()
    except (RuntimeError, ValueError, OSError) as error:
        raise ValueError(
            f"{path[:80]!r} is not the name of a file ({error})."
        ) from None
    return found


def types() -> str:
    """Return the types of tables, for messages."""
    return f"{', '.join(TABLE_TYPES)}, or one of the texts with {GZIP}"


@contextlib.contextmanager
def readable(path: str) -> Generator[None]:
    """Raise errors of reading as a ``ValueError`` that says why."""
    try:
        yield
    except (OSError, RuntimeError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ValueError(
            f"{path}: cannot be read ({why}). Check the path and its permissions."
        ) from error
    except MemoryError:
        raise ValueError(
            f"{path}: needs more memory than there is. Take fewer rows by limit."
        ) from None


def blocks(place: Path) -> Iterator[Lines]:
    """Yield the lines of a text file, some hundred at a time.

    Lines end by a line feed, a carriage return, or both; other blanks of Unicode are
    parts of words.

    Raises
    ------
    ValueError
        If it is no text, or in an encoding that nothing says.
    """
    size = max(1, place.stat().st_size)
    with place.open("rb") as raw, _decompressed(raw, place) as plain:
        encoding = _encoding(plain, place.name)
        text = io.TextIOWrapper(plain, encoding, newline=None)
        first, total, rest = 1, 0, ""
        while chunk := _chunk(text, place.name, first, rest):
            total += len(chunk)
            _check(place.name, first, chunk, total)
            lines = (rest + chunk).split("\n")
            rest = lines.pop()
            if len(rest) > MAX_LINE:
                raise ValueError(f"{place.name}: {_long(first + len(lines))}")
            if lines:
                yield Lines(first, lines, raw.tell() / size)
                first += len(lines)
        if rest:
            yield Lines(first, [rest], 1.0, whole=False)


def has_more_lines(place: Path, most: int) -> bool:
    """Whether a text has more than `most` lines; they are counted, and not read."""
    count = 0
    with place.open("rb") as raw, _decompressed(raw, place) as plain:
        while count <= most and (part := plain.read(COUNTED)):
            count += part.count(b"\n")
    return count > most


def _decompressed(raw: IO[bytes], place: Path) -> IO[bytes]:
    if place.suffix.lower() == GZIP:
        return io.BufferedReader(gzip.GzipFile(fileobj=raw, mode="rb"))  # pyright: ignore[reportArgumentType]
    return raw


def _encoding(plain: IO[bytes], name: str) -> str:
    """Return the encoding that the first bytes say; without a mark UTF-8."""
    peek: Callable[[int], bytes] = plain.peek  # pyright: ignore[reportAttributeAccessIssue]
    head = peek(4)[:4]
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding
    if b"\0" in head:
        raise ValueError(
            f"{name}: is not UTF-8 text; it may be UTF-16 without its mark, or no text "
            "at all. Save it as CSV in UTF-8."
        )
    return "utf-8"


def _chunk(text: io.TextIOWrapper, name: str, first: int, rest: str) -> str:
    try:
        return text.read(BLOCK)
    except UnicodeDecodeError as error:
        before = (
            error.object[: error.start].count(b"\n") if "8" in error.encoding else 0
        )
        raise ValueError(
            f"{name}: near line {first + before}: is not {error.encoding.upper()} "
            "text. Save it as CSV in UTF-8."
        ) from None


def _check(name: str, first: int, chunk: str, total: int) -> None:
    if "\0" in chunk:
        line = first + chunk[: chunk.index("\0")].count("\n")
        raise ValueError(
            f"{name}: line {line} has a character of number 0: it is no text. Give a "
            f"file of type {types()}."
        )
    if total > MAX_CHARACTERS:
        raise ValueError(
            f"{name}: has more than {MAX_CHARACTERS:,} characters. Take fewer rows."
        )


def _long(line: int) -> str:
    return (
        f"line {line} has more than {MAX_LINE:,} characters. Give one row a line, and "
        "check that a quotation mark is closed."
    )
