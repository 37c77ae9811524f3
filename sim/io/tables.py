"""Reading tables of tokens and matrices from files of users."""

from __future__ import annotations

import contextlib
import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.io.named_files import ASSET, ASSET_NAME
from sim.io.text_tables import GROUPS, NAMES, read_text_table
from sim.resources import asset

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from sim.array_types import Floats


TEXT_TYPES = (".csv", ".tsv", ".txt")
ARRAY_TYPES = (".npz", ".npy")
TOKENS = ("tokens", "x")  # names of the array, in order of preference
CACHED_FILES = 4
TOKEN_AXES = 2
READ_ERRORS = (
    ValueError,
    EOFError,
    KeyError,
    MemoryError,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class TokenTable:
    """Tokens of a file.

    Attributes
    ----------
    x : float64, shape (n, d), read-only
        One token per row, all numbers finite.
    names, groups : tuple of str
        One per row, or empty.
    """

    x: Floats
    names: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def located(path: str) -> Path:
    """Return the location of the file at `path`; ``asset:NAME`` is a shipped one.

    Raises
    ------
    ValueError
        If the file does not exist; lists the assets.
    """
    if not path:
        raise ValueError("no file is given. Choose one, or give its path.")
    if not path.startswith(ASSET):
        found = Path(path).expanduser()
        if not found.is_file():
            what = "is a folder" if found.is_dir() else "there is no such file"
            raise ValueError(f"{path}: {what}. Choose a file of type {_types()}.")
        return found
    home = asset("tokens")
    found = home / path.removeprefix(ASSET)
    if not ASSET_NAME.fullmatch(path) or not found.is_file():
        have = ", ".join(sorted(p.name for p in home.iterdir()))
        raise ValueError(f"{path}: there is no such asset; there are {have}.")
    return found


def read_tokens(path: str, limit: int = 0) -> TokenTable:
    """Read a table of tokens.

    In a text file columns are separated by commas, semicolons or tabs, and ``#``
    starts a comment.  A first line without a number is a header.  A column called
    label, name, token or word holds names, or else the first one that is not numeric;
    group, topic, class or cluster holds groups; other columns are coordinates, or only
    ``x0, x1, …`` if they exist.  Of a recorded trajectory only the last frame is read.
    In an .npz the array called tokens or x holds the coordinates, or else the first
    with two axes.

    Parameters
    ----------
    path : str
        A file of type .npz, .npy, .csv, .tsv or .txt, or ``asset:NAME``.
    limit : int
        Number of rows to take from the top; 0 takes all.

    Raises
    ------
    ValueError
        If the file is missing or is not such a table; says where and what to do.
    """
    with _readable(path):
        place = located(path)
        stamp = place.stat()
        return _tokens(str(place), limit, (stamp.st_mtime_ns, stamp.st_size))


def read_matrices(path: str, array: str = "") -> Floats:
    """Read one matrix or a stack of them: (e, d) or (h, e, d).

    Raises
    ------
    ValueError
        If the file is missing or has numbers that are not finite; says what to do.
    """
    with _readable(path):
        place = located(path)
        if place.suffix.lower() in TEXT_TYPES:
            return read_text_table(place).numbers()
        arrays = _arrays(place)
    if array and array not in arrays:
        raise ValueError(
            f"{place.name}: no array {array!r}; there are {', '.join(arrays)}."
        )
    if not arrays:
        raise ValueError(f"{place.name}: is empty. Choose a file with an array.")
    return _finite(place, arrays[array or next(iter(arrays))])


@contextlib.contextmanager
def _readable(path: str) -> Generator[None]:
    """Raise errors of reading as a ``ValueError`` that says why."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ValueError(
            f"{path}: cannot be read ({why}). Check the path and its permissions."
        ) from error


@lru_cache(maxsize=CACHED_FILES)
def _tokens(path: str, limit: int, stamp: tuple[int, int]) -> TokenTable:
    """Read `path`; `stamp` distinguishes versions of the file in the cache."""
    place = Path(path)
    suffix = place.suffix.lower()
    if suffix in TEXT_TYPES:
        cells = read_text_table(place, limit)
        names, groups = cells.texts(NAMES, spare=True), cells.texts(GROUPS)
        table = TokenTable(cells.numbers(), names, groups)
    elif suffix in ARRAY_TYPES:
        table = _of_arrays(place, _arrays(place), limit)
    else:
        raise ValueError(f"{place.name}: cannot be read; give a file of {_types()}.")
    _check(place, table.x)
    table.x.setflags(write=False)
    return table


def _types() -> str:
    return ", ".join((*ARRAY_TYPES, *TEXT_TYPES))


def _check(place: Path, x: Floats) -> None:
    n, d = x.shape
    if not n or not d:
        raise ValueError(f"{place.name}: has no tokens. Give one per row.")
    if d == 1:
        raise ValueError(
            f"{place.name}: needs d ≥ 2 columns of numbers, got 1. Give every token "
            "two coordinates or more."
        )


def _arrays(place: Path) -> Mapping[str, Floats]:
    try:
        with place.open("rb") as file:
            found = np.load(file, allow_pickle=False)
            if isinstance(found, np.ndarray):
                return {"": found}
            return {name: found[name] for name in found.files}
    except READ_ERRORS as error:
        text = str(error) or type(error).__name__
        why = "no such file, or it contains pickles" if "pickle" in text else text
        raise ValueError(
            f"{place.name}: cannot be read as {place.suffix} ({why}). Save plain "
            "arrays of numbers and text with numpy.savez; pickles are refused, since "
            "they can run code."
        ) from None


def _of_arrays(place: Path, arrays: Mapping[str, Floats], limit: int) -> TokenTable:
    tables = [k for k, a in arrays.items() if a.ndim == TOKEN_AXES]
    chosen = next((k for k in (*TOKENS, *tables) if k in arrays), None)
    if chosen is None or arrays[chosen].ndim != TOKEN_AXES:
        got = ", ".join(f"{k} {a.shape}".strip() for k, a in arrays.items())
        raise ValueError(
            f"{place.name}: needs an array of shape (n, d), one token per row, got "
            f"{got or 'nothing'}. Name it tokens."
        )
    x = _finite(place, arrays[chosen])
    end = limit or len(x)
    names = _column(place, arrays, NAMES, len(x))
    return TokenTable(
        x[:end], names[:end], _column(place, arrays, GROUPS, len(x))[:end]
    )


def _column(
    place: Path, arrays: Mapping[str, Floats], known: Sequence[str], n: int
) -> tuple[str, ...]:
    name = next((k for k in known if k in arrays), None)
    if name is None:
        return ()
    if arrays[name].shape != (n,):
        raise ValueError(
            f"{place.name}: {name} must have one entry per token, {n}, got shape "
            f"{arrays[name].shape}. Give as many as tokens, or leave it out."
        )
    return tuple(str(v) for v in arrays[name].tolist())


def _finite(place: Path, array: Floats) -> Floats:
    """Return `array` as float64; raise an error where it is not finite."""
    if array.dtype.kind not in "fiub":
        raise ValueError(
            f"{place.name}: must hold real numbers, got {array.dtype}. Save it as "
            "float32 or float64."
        )
    x = np.array(array, dtype=np.float64)
    bad = np.argwhere(~np.isfinite(x))
    if len(bad):
        where = ", ".join(str(i + 1) for i in bad[0])
        axes = "row, column" if array.ndim == TOKEN_AXES else "place"
        raise ValueError(
            f"{place.name}: {axes} {where} is {x[tuple(bad[0])]}; numbers must be "
            "finite. Fix or remove it."
        )
    return x
