"""Names and groups of tokens in a second file, as the embedding projector has them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.tables.cells import is_number
from sim.tables.dialect import split
from sim.tables.source import blocks
from sim.tables.titles import GROUPS, NAMES, is_id, is_known, plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.tables.tokens import TokenTable

VECTORS = re.compile(r"(.*?)(vectors?|tensors?|embeddings?|vecs?)", re.IGNORECASE)
TAB = "\t"


def metadata_beside(place: Path) -> Path | None:
    """Return the file of names that belongs to ``vectors.tsv``, if it is beside it."""
    match = VECTORS.fullmatch(place.stem)
    if match is None or place.suffix.lower() != ".tsv":
        return None
    found = place.with_name(f"{match[1]}metadata.tsv")
    return found if found.is_file() else None


def _spare(titles: Sequence[str], body: Sequence[Sequence[str]]) -> int:
    """Return the first column of words that is neither an id nor a group; else 0."""
    for place, title in enumerate(titles):
        words = not all(is_number(row[place]) for row in body if len(row) > place)
        if words and not is_id(title) and title not in GROUPS:
            return place
    return 0


def read_metadata(place: Path, table: TokenTable, limit: int = 0) -> TokenTable:
    """Return a table with the names, and perhaps groups, that another file holds.

    One column has no title; several have.

    Raises
    ------
    ValueError
        If it has another number of rows.
    """
    texts = [text for block in blocks(place) for text in block.texts]
    while texts and not texts[-1].strip() and len(texts) > len(table.x):
        del texts[-1]
    found = [split(text, TAB) for text in texts]
    if not found:
        raise ValueError(f"{place.name}: is empty. Give one name per token.")
    n, width = len(table.x), len(found[0])
    titled = width > 1 or (len(found) == n + 1 and is_known(found[0][0]))
    titles = [plain(title) for title in found[0]] if titled else [""]
    body = found[titled:]
    ragged = next((k for k, row in enumerate(body) if len(row) != width), None)
    if ragged is not None:
        raise ValueError(
            f"{place.name}: row {ragged + titled + 1} has {len(body[ragged])} cells, "
            f"the first {width}. Give all rows the same length."
        )
    if len(body) < n or (len(body) > n and not limit):
        raise ValueError(
            f"{place.name}: has {len(body):,} rows for {n:,} tokens. Give one per token"
            f"{', and a first line of titles' if width > 1 else ''}."
        )
    name = next((titles.index(k) for k in NAMES if k in titles), _spare(titles, body))
    group = next((titles.index(k) for k in GROUPS if k in titles), None)
    names = table.names or tuple(row[name].strip() for row in body[:n])
    groups = () if group is None else tuple(row[group].strip() for row in body[:n])
    said = (
        f"column {name + 1} {found[0][name]!r} of {place.name}"
        if titled
        else place.name
    )
    shown = [c for k, c in enumerate(found[0]) if titled and k not in (name, group)]
    report = replace(
        table.report,
        left_out=(
            *table.report.left_out,
            *(f"{title!r} of {place.name}" for title in shown),
        ),
        names=table.report.names or said,
        groups=table.report.groups
        or (
            ""
            if group is None
            else f"column {group + 1} {found[0][group]!r} of {place.name}"
        ),
    )
    return replace(table, names=names, groups=table.groups or groups, report=report)
