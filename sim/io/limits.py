"""How large files, and what they carry, may be."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

MAX_DOCUMENT_BYTES = 2**26
"""Bytes of a scenario's own file."""
MAX_DOCUMENT_PARTS = 1_000_000
"""Lists, groups and names in it: to look at so many takes some seconds."""
MAX_EMBEDDED_BYTES = 4 * 2**20
"""Bytes of the text of a scenario inside a picture, video or table: it takes up to 15
times as many once it is read."""
MAX_EMBEDDED_PARTS = 80_000
"""Lists and groups in such a text: half as many changes, of 1.5 kB each."""
MAX_DEPTH = 64
"""How deeply lists and groups of a scenario may be nested."""
IN_TABLE = 64 * 2**10
"""Bytes of files that travel in the header of a CSV, all together."""
IN_MEDIA = 2 * 2**20
"""Bytes of files that travel in pictures, videos, archives and scenario files."""
MAX_EXPANDED = 16 * 2**20
"""Bytes of the arrays in a compressed file that travels inside."""
PLAIN = frozenset((int, float, bool, str, type(None)))
"""The types of values of JSON that hold no others."""
MAX_FILES = 100
"""Number of files that travel inside one."""


class NotJsonError(ValueError):
    """A text is not JSON; says where."""


def parsed_json(text: str) -> Any:
    """Return the data of JSON `text`.

    Raises
    ------
    NotJsonError
        If it is no JSON.
    ValueError
        If it has too many parts, or is nested too deeply.
    """
    if (parts := _groups(text) + text.count(":")) > MAX_DOCUMENT_PARTS:
        raise ValueError(
            f"not a scenario: it has {parts:,} lists, groups and names, and at most "
            f"{MAX_DOCUMENT_PARTS:,} are read. Keep tokens and matrices in files of "
            "their own."
        )
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and error.lineno > 1:
            raise ValueError(
                "not a scenario: it holds several JSON values, one after another, as "
                "the format JSON lines does. Save tokens as a table of columns."
            ) from None
        raise NotJsonError(
            f"not a scenario, its text is not JSON: {error.msg} in line "
            f"{error.lineno}, column {error.colno}."
        ) from None
    except RecursionError:
        raise ValueError("not a scenario: it is nested too deeply.") from None
    except ValueError:  # Python limits the digits that it turns into an integer
        raise ValueError(
            "not a scenario: it has a whole number of more than "
            f"{sys.get_int_max_str_digits():,} digits."
        ) from None
    layer = [data]
    for _ in range(MAX_DEPTH):
        layer = [v for item in layer for v in groups_in(item)]
        if not layer:
            return data
    raise ValueError("not a scenario: it is nested too deeply.")


def groups_in(item: Any) -> list[Any]:
    """Return the groups and lists that are right in a group or a list of plain data.

    A list of numbers, which may have millions, is seen to have none by its types alone.
    """
    if isinstance(item, dict):
        item = item.values()
    elif not isinstance(item, list | tuple):
        return []
    if PLAIN.issuperset(map(type, item)):
        return []
    return [v for v in item if isinstance(v, dict | list | tuple)]


def parsed_embedded(text: str) -> Any:
    """Return the data of a JSON text that a picture, video or table carries.

    Raises
    ------
    ValueError
        As `parsed_json`, or if it is larger than any scenario.
    """
    if why := _too_large(text):
        raise ValueError(f"the scenario inside is too large, {why} are read.")
    return parsed_json(text)


def embeddable(text: str) -> str:
    """Return the JSON text that an export is to carry, if it can be read back.

    Raises
    ------
    ValueError
        If it is too large for that.
    """
    if why := _too_large(text):
        raise ValueError(
            f"the run is too large to travel inside an export, {why} can be read "
            "back. Save it as a scenario (.json), and export a run with fewer changes."
        )
    return text


def _too_large(text: str) -> str:
    """Return how large a text is, and may be; nothing if it is small enough."""
    parts = _groups(text)
    if len(text) <= MAX_EMBEDDED_BYTES and parts <= MAX_EMBEDDED_PARTS:
        return ""
    return (
        f"{len(text):,} characters in {parts:,} groups; at most "
        f"{MAX_EMBEDDED_BYTES:,} and {MAX_EMBEDDED_PARTS:,}"
    )


def _groups(text: str) -> int:
    return text.count("{") + text.count("[")


def text_of(path: Path) -> str:
    """Return the text of a scenario's file.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is not UTF-8, or too large.
    """
    with path.open("rb") as file:
        raw = file.read(MAX_DOCUMENT_BYTES + 1)
    if len(raw) > MAX_DOCUMENT_BYTES:
        raise ValueError(
            f"not a scenario: it has more than {MAX_DOCUMENT_BYTES:,} bytes."
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("not a scenario, its text is not UTF-8.") from None
