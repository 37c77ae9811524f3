"""The run that an export carries, also where a spreadsheet saved a table again."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

from sim.io.archive_text import text_in_archive
from sim.io.limits import MAX_EMBEDDED_BYTES, parsed_embedded
from sim.io.media import MEDIA, read_media
from sim.tables.source import TEXT_TYPES, blocks, table_type

if TYPE_CHECKING:
    from pathlib import Path

MARK = "# scenario:"
"""Start of the line of a table that holds the scenario."""
SEARCHED_LINES = 64
SEPARATORS = (",", ";", "\t")


def text_inside(path: Path) -> str:
    """Return the text of the run that an export carries; empty if it carries none.

    Raises
    ------
    OSError, ValueError
        If it cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix in MEDIA:
        text = read_media(path).document
        return text if _is_run(text) else ""
    if suffix == ".npz":
        return text_in_archive(path)
    return header_text(path) if table_type(path) in TEXT_TYPES else ""


def _is_run(text: str) -> bool:
    """Whether a comment is a run: other programs write comments too."""
    try:
        return isinstance(parsed_embedded(text), dict)
    except ValueError:
        return '"format":' in text  # damaged, as is said when it is read


def header_text(place: Path) -> str:
    """Return the text of the run in the header of a table; empty if it has none.

    Raises
    ------
    ValueError
        If a spreadsheet has rewritten parts of it.
    """
    line = _line(place)
    plain = line.removeprefix('"')
    if not plain.startswith(MARK):
        return ""
    text = line.removeprefix(MARK).strip()
    if line == plain and _data(text) is not None:
        return text
    if (found := _joined(line)) is None:
        if line == plain and not line.rstrip().endswith(("}", *SEPARATORS)):
            return text  # cut off, as is said when it is read
        raise ValueError(
            "a spreadsheet has saved this export again, and rewritten numbers of the "
            "scenario in it. Open the export as it was, or its scenario.json."
        )
    return found.removeprefix(MARK).strip()


def _line(place: Path) -> str:
    """Return the first line that may hold a run."""
    try:
        for block in blocks(place):
            for number, text in enumerate(block.texts, block.first):
                if text.startswith((MARK, f'"{MARK}')) or number > SEARCHED_LINES:
                    found = text.startswith((MARK, f'"{MARK}'))
                    return text if found else ""
    except ValueError:
        return ""  # reading the table will raise the error
    return ""


def _joined(line: str) -> str | None:
    """Return a line that was split into cells as it was; None if that is not sure.

    The text that this program writes is that of its data, to the last blank, so that a
    number which a spreadsheet wrote in its own way is found out.
    """
    if len(line) > 2 * MAX_EMBEDDED_BYTES:
        return None
    csv.field_size_limit(2 * MAX_EMBEDDED_BYTES)
    for split_at in SEPARATORS:
        for joined_by in (",", split_at):
            try:
                cells = next(csv.reader([line], delimiter=split_at, strict=True))
            except (csv.Error, StopIteration):
                continue
            while cells and not cells[-1].strip():
                cells.pop()
            text = joined_by.join(cells)
            data = _data(text.removeprefix(MARK).strip())
            if data is not None and text == f"{MARK} {data}":
                return text
    return None


def _data(text: str) -> str | None:
    """Return the data of JSON as this program writes it; None if it is no JSON."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except (ValueError, RecursionError):
        return None
