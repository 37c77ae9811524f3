"""Arrays of .npy and .npz files, looked at one by one; their headers first."""

from __future__ import annotations

import contextlib
import math
import zipfile
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from sim.io.archive_text import DAMAGE_ERRORS

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from sim.array_types import AnyArray, Floats

MAX_BYTES = 1 << 30  # of an array in memory
SUFFIX = ".npy"
NUMBER_KINDS = "fiu"
BOOLEAN_KIND = "b"
TEXT_KINDS = "US"


@dataclass(frozen=True, slots=True)
class Header:
    """What the start of an array says of it.

    Attributes
    ----------
    name : str
        Its name in the archive; empty in an .npy.
    shape : tuple of int
        Its shape.
    dtype : dtype
        Its type.
    """

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def kind(self) -> str:
        """What it holds: numbers, text, or something that is not read."""
        if self.dtype.hasobject:
            return "Python objects, which could run code"
        if self.dtype.kind in NUMBER_KINDS:
            return "numbers"
        if self.dtype.kind == BOOLEAN_KIND:
            return "booleans"
        return "text" if self.dtype.kind in TEXT_KINDS else f"type {self.dtype}"

    def described(self) -> str:
        """Return name and shape in words."""
        shape = " × ".join(map(str, self.shape)) or "one value"
        return f"{self.name!r} ({shape})" if self.name else f"({shape})"


def headers(place: Path) -> list[Header]:
    """Return what arrays a file holds, without reading them.

    Raises
    ------
    ValueError
        If the file is damaged.
    """
    with _errors(place):
        if _is_archive(place):
            with zipfile.ZipFile(place) as archive:
                return list(_in_archive(archive))
        with place.open("rb") as file:
            return [_header("", file)]


def _in_archive(archive: zipfile.ZipFile) -> Iterator[Header]:
    for part in archive.infolist():
        if part.filename.endswith(SUFFIX):
            with archive.open(part) as file:
                yield _header(part.filename.removesuffix(SUFFIX), file)


def read_array(place: Path, header: Header) -> AnyArray:
    """Return the array that a header is of.

    Raises
    ------
    ValueError
        If it is too large, holds Python objects, or is damaged.
    """
    size = math.prod(header.shape) * header.dtype.itemsize
    if size > MAX_BYTES:
        raise ValueError(
            f"{place.name}: the array {header.described()} has {size:,} bytes; at most "
            f"{MAX_BYTES:,} are read. Save fewer rows, or as float32."
        )
    if header.dtype.hasobject:
        raise ValueError(
            f"{place.name}: {header.described()} cannot be read: pickles are refused, "
            "since they can run code. Save plain arrays of numbers and text with "
            "numpy.savez."
        )
    with _errors(place), _opened(place, header) as file:
        found = np.lib.format.read_array(file, allow_pickle=False)
        if found.shape != header.shape:
            raise ValueError("its header changed")
        return found


def finite(place: Path, header: Header) -> Floats:
    """Return an array of numbers as float64.

    Raises
    ------
    ValueError
        If it holds others than finite real numbers; says where.
    """
    if header.kind != "numbers":
        if header.dtype.hasobject:
            read_array(place, header)  # refused
        raise ValueError(
            f"{place.name}: must hold real numbers, got {header.dtype}. Save it as "
            "float32 or float64."
        )
    found = read_array(place, header)
    x = np.ascontiguousarray(found, dtype=np.float64)
    if not np.isfinite(x).all():
        bad = np.argwhere(~np.isfinite(x))[0]
        where = ", ".join(str(i + 1) for i in bad)
        axes = "row, column" if x.ndim == 2 else "place"  # noqa: PLR2004 - a matrix
        raise ValueError(
            f"{place.name}: {axes} {where} is {x[tuple(bad)]}; numbers must be finite. "
            "Fix or remove it."
        )
    if found.dtype.kind in "iu" and np.any(x.astype(found.dtype) != found):
        raise ValueError(
            f"{place.name}: has whole numbers beyond 2⁵³, which are not exact as "
            "float64. Save it as float64."
        )
    return x


def texts(place: Path, header: Header) -> tuple[str, ...]:
    """Return an array of one axis as texts; bytes are UTF-8.

    Raises
    ------
    ValueError
        If bytes are not UTF-8.
    """
    found = read_array(place, header).tolist()
    try:
        return tuple(v.decode() if isinstance(v, bytes) else str(v) for v in found)
    except UnicodeDecodeError:
        raise ValueError(
            f"{place.name}: {header.described()} has bytes that are not UTF-8 text. "
            "Save it as text."
        ) from None


def _is_archive(place: Path) -> bool:
    with place.open("rb") as file:
        return file.read(2) == b"PK"


def _header(name: str, file: IO[bytes]) -> Header:
    version = np.lib.format.read_magic(file)
    reader = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }.get(version)
    if reader is None:
        raise ValueError(f"its version {version} is not read")
    shape, _, dtype = reader(file)
    if any(k < 0 for k in shape):
        raise ValueError(f"the shape {shape} is none")
    return Header(name, tuple(shape), dtype)


@contextlib.contextmanager
def _opened(place: Path, header: Header) -> Generator[IO[bytes]]:
    if header.name:
        with zipfile.ZipFile(place) as archive:
            with archive.open(f"{header.name}{SUFFIX}") as file:
                yield file
    else:
        with place.open("rb") as file:
            yield file


@contextlib.contextmanager
def _errors(place: Path) -> Generator[None]:
    """Raise what NumPy raises at damaged files as a ``ValueError`` that says so."""
    try:
        yield
    except DAMAGE_ERRORS as error:
        text = (str(error) or type(error).__name__).splitlines()[0][:120]
        raise ValueError(
            f"{place.name}: cannot be read as {place.suffix} ({text}). Save plain "
            "arrays of numbers and text with numpy.savez."
        ) from None
