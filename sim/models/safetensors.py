"""Reading safetensors files: a JSON header and raw arrays, mapped into memory."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from sim.array_types import AnyArray

MAX_HEADER = 16 * 2**20
"""Bytes of a header: the largest checkpoints have a few hundred thousand."""
LENGTH_BYTES = 8  # of the header's length, at the start of the file
TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I8": "<i1"}
"""Element types that are read; bfloat16 as the upper half of a float32."""
SKIPPED = {"I64": 8, "I32": 4, "I16": 2, "U8": 1, "BOOL": 1}
"""Bytes of types that tables of positions and masks have, which nothing here needs."""
ACCEPTED = "F64, F32, F16 and BF16"
PAIR = 2  # numbers that say where a tensor lies


@dataclass(frozen=True, slots=True)
class Tensor:
    """One array of a file, as it is stored.

    Attributes
    ----------
    raw : array
        The stored numbers, mapped into memory.
    kind : str
        The element type in the header, such as ``"BF16"``.
    where : str
        File and name, for messages.
    """

    raw: AnyArray
    kind: str
    where: str

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape."""
        return self.raw.shape

    def floats(self, dtype: Any = np.float32) -> AnyArray:
        """Return the numbers as `dtype`: the mapped array itself where it has it.

        Raises
        ------
        ValueError
            If a number is not finite, or the elements are integers.
        """
        return finite(self.rows(slice(None), dtype), self.where)

    def rows(self, pick: Any, dtype: Any = np.float32) -> AnyArray:
        """Return some rows as `dtype`; numbers are not checked."""
        x = np.asarray(self.raw[pick])
        if self.kind == "BF16":
            x = (x.astype(np.uint32) << 16).view(np.float32)
        elif self.kind == "I8":
            raise ValueError(
                f"{self.where} has quantised elements of type I8 without the scales "
                f"that belong to them. Use a checkpoint of {ACCEPTED}."
            )
        return np.require(x, dtype, "A")


def finite(x: AnyArray, where: str) -> AnyArray:
    """Return `x`.

    Raises
    ------
    ValueError
        If a number of it is not finite.
    """
    if x.size and not (np.isfinite(x.min()) and np.isfinite(x.max())):
        raise ValueError(
            f"{where}: it has numbers that are not finite, so no state of the model "
            "would be. Use another copy of the checkpoint."
        )
    return x


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Map the arrays of a safetensors file into memory, by name.

    Raises
    ------
    ValueError
        If it is no such file, is cut short, or its header contradicts it.
    OSError
        If it cannot be read.
    """
    size = path.stat().st_size
    header, start = _header(path, size)
    nothing = np.zeros(0, np.uint8)  # which cannot be mapped
    data = np.memmap(path, np.uint8, "r", offset=start) if start < size else nothing
    found: dict[str, Tensor] = {}
    for name, entry in header.items():
        if name != "__metadata__":
            tensor = _tensor(f"{path.name}: {name}", entry, data)
            if tensor is not None:
                found[name] = tensor
    return found


def _header(path: Path, size: int) -> tuple[dict[str, Any], int]:
    """Return the header and where the data begin."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(LENGTH_BYTES), "little")
        if length > MAX_HEADER:
            raise ValueError(
                f"{path.name} is no safetensors file: its header would have "
                f"{length:,} bytes; at most {MAX_HEADER:,} are read. "
                "Save the model as safetensors."
            )
        if length < PAIR or LENGTH_BYTES + length > size:
            raise ValueError(
                f"{path.name} is no safetensors file, or is cut short: its header "
                f"would have {length:,} bytes, and the file has {size:,}. "
                "Copy it again."
            )
        text = file.read(length)
    try:
        header = json.loads(text)
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict):
        raise ValueError(
            f"{path.name} is no safetensors file: its header is no JSON group. "
            "Copy it again, or save the model as safetensors."
        )
    return header, LENGTH_BYTES + length


def _tensor(where: str, entry: Any, data: AnyArray) -> Tensor | None:
    """Return the array that an entry of the header describes; None if not needed."""
    kind, shape, (first, end) = _described(where, entry)
    if kind not in TYPES and kind not in SKIPPED:
        raise ValueError(
            f"{where} has elements of type {kind}, which are not read; {ACCEPTED} "
            "are. Save the model in one of these, not quantised."
        )
    item = SKIPPED.get(kind) or np.dtype(TYPES[kind]).itemsize
    if not 0 <= first <= end <= len(data):
        raise ValueError(
            f"{where} would lie at bytes {first:,} to {end:,}, and the file has "
            f"{len(data):,} of data: it is cut short or damaged. Copy it again."
        )
    if math.prod(shape) * item != end - first:
        raise ValueError(
            f"{where} has the shape {_by(shape)} of type {kind}, {item} bytes each, "
            f"but {end - first:,} bytes of data: the file is damaged. Copy it again."
        )
    if kind in SKIPPED:
        return None
    return Tensor(data[first:end].view(TYPES[kind]).reshape(shape), kind, where)


def _described(where: str, entry: Any) -> tuple[str, tuple[int, ...], tuple[int, int]]:
    """Return type, shape and place of an entry of the header."""
    if isinstance(entry, dict):
        kind: Any = entry.get("dtype")
        shape: Any = entry.get("shape")
        place: Any = entry.get("data_offsets")
        if isinstance(kind, str) and _counts(shape) and _counts(place):
            if len(place) == PAIR:
                return kind, tuple(shape), (place[0], place[1])
    raise ValueError(
        f"{where}: the header must give its dtype, shape and data_offsets. "
        "The file is damaged: copy it again."
    )


def _counts(value: Any) -> bool:
    """Whether a value of the header is a list of integers, none below 0."""
    return isinstance(value, list) and all(type(v) is int and v >= 0 for v in value)


def _by(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) or "1"
