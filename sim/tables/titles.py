"""Titles of columns: words that are known, and whether the first row holds titles."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from sim.tables.cells import is_list, is_missing, is_number, quoted_short, whole
from sim.tables.dialect import BLANK
from sim.tables.number_titles import (
    are_numbered,
    are_years,
    doubtful,
    numbers_are_titles,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.tables.opening import Opening

NAMES = (
    *("label", "labels", "name", "names", "token", "tokens", "word", "words"),
    *("term", "terms", "text", "vocab"),
)
GROUPS = (
    *("group", "groups", "topic", "topics", "class", "classes", "cluster", "clusters"),
    *("target", "species", "category", "topic_id", "class_id", "group_id"),
    *("cluster_id", "cluster id", "cluster_label", "cluster_labels", "category_id"),
    *("leiden", "louvain", "seurat_clusters", "kmeans", "dbscan", "hdbscan", "labels_"),
    *("klasse", "gruppe", "kategorie", "classe", "groupe", "variety", "type", "kind"),
    *("typ", "diagnosis", "outcome", "y_true", "y_pred", "label_id"),
)
IDS = re.compile(
    r"(.*[ _.\-])?(id|ids|idx|uid|uuid|guid|index|pk|fid)|index_?\d*|level_\d+"
    r"|unnamed: ?\d+([._]\d+)*"
    r"|(user|item|node|token|word|row|sample|person|student|passenger|object|case"
    r"|customer|patient|subject|record|obs)_?(id|nr|no|num|number)"
    r"|(.*[ _.\-])?(no|nr)\.?|.*nummer|number|rows?|row[ _.]?(names?|number|no)"
    r"|lfd\.? ?nr\.?|#|keys?|s\.? ?no\.?|serial|obs|observation|subjects?|participants?"
    r"|vp|proband|trial|record|case|sample|fall|specimen|replicate"
    r"|__index_level_\d+__|(.*[ _.\-])?(year|yr|jahr|année|año)|years|fy|anno|jahrgang"
    r"|kalenderjahr|year_month|date|datum|time|timestamp|zeitpunkt"
)
"""Titles of columns that number or date the rows, in lower case."""
EDGE_ENDS = frozenset(
    (
        *(("source", "target"), ("target", "source"), ("from", "to"), ("src", "dst")),
        *(("node1", "node2"), ("node_1", "node_2"), ("fromnodeid", "tonodeid")),
    )
)
"""Titles of the ends of edges, which no table of tokens has."""


def plain(title: str) -> str:
    """Return a title as it is compared: in lower case, without quotation marks."""
    return unquoted(title).strip().lower()


def unquoted(cell: str) -> str:
    """Return a cell without the quotation marks around it."""
    text = cell.strip()
    wrapped = len(text) > 1 and text[0] == text[-1] == '"'
    return text[1:-1].replace('""', '"') if wrapped else cell


def is_id(title: str) -> bool:
    """Whether a title says that its column numbers or dates the rows."""
    return IDS.fullmatch(plain(title)) is not None


def is_known(title: str) -> bool:
    """Whether a title says by itself that its column holds no coordinates."""
    text = plain(title)
    return text in NAMES or text in GROUPS or is_id(text)


def titles_of(opening: Opening, tokens: bool = True) -> tuple[str, ...] | None:
    """Return the titles of the columns; None if the first row is none of titles.

    Parameters
    ----------
    opening : Opening
        The first rows.
    tokens : bool
        Whether rows are tokens, so that a row of titles could be taken for one; in a
        table of whole numbers of fixed size it is found out by the size.

    Raises
    ------
    ValueError
        If the first row could as well be a token.
    """
    rows, mark = opening.rows, opening.dialect.decimal
    first, body = rows[0], rows[1:] or rows
    if opening.counts or len(rows) == 1:
        return None
    if len(first) == opening.width - 1:  # as R writes them: none above the row names
        _check_row_names(opening)
        counts = [cell for cell in first if is_number(unquoted(cell), mark)]
        return ("", *first) if not counts or are_numbered(counts) else None
    below = [row for row in body if len(row) == len(first)]
    places = [c for c in range(len(first)) if _numeric([r[c] for r in below], mark)]
    top = [unquoted(first[c]) for c in places]
    others = [unquoted(cell) for c, cell in enumerate(first) if c not in places]
    words = [not (is_number(c, mark) or is_list(c) or is_missing(c)) for c in top]
    if not places:
        return None
    if any(words):
        _check_mixed(opening, top, words, mark)
        return tuple(first)
    if all(is_missing(cell) for cell in top):
        return tuple(first) if any(is_known(cell) for cell in others) else None
    numbers = [[row[c] for c in places] for row in below]
    if not first[0].strip(" ") and 0 not in places and any(row[0] for row in below):
        if all(whole(cell) is not None for cell in top):
            return tuple(first)
        raise doubtful(opening, top)
    named = any(map(is_known, others))
    given = numbers_are_titles(opening, top, named, numbers, tokens)
    return tuple(first) if given else None


def _check_row_names(opening: Opening) -> None:
    """Refuse rows with a cell more than titles where a name may have a blank in it.

    Of a first title that says names or groups, what is before it must be numbers of
    rows, which grow, or stand in quotation marks; and no two neighbours may both be
    text, the first where a title says no names.  Where other characters separate, only
    two neighbours of text at the start are doubtful.
    """
    titles, body = opening.rows[0], opening.rows[1:]
    rows = [row for row in body if len(row) == len(titles) + 1]
    mark = opening.dialect.decimal
    if opening.dialect.separator != BLANK:
        _check_shift(opening, rows, mark)
        return
    if not rows:
        return
    columns = list(zip(*rows, strict=True))
    text = [not _numeric(c, mark) and '"' not in c[0] for c in columns]
    named = [plain(title) in (*NAMES, *GROUPS) for title in titles]
    quoted = '"' in columns[0][0]
    if (named[0] and not quoted and not _grow(columns[0])) or any(
        text[c] and text[c + 1] and not named[c - 1] for c in range(1, len(titles))
    ):
        raise ValueError(
            f"{opening.name}: line {opening.lines[-1]}: rows have a cell more than "
            "there are titles, which is the name of a row or a blank inside a name. "
            "Save it with commas or tabs between cells."
        )


def _check_shift(opening: Opening, rows: Sequence[Sequence[str]], mark: str) -> None:
    """Refuse two first cells of text below one title less than there are cells."""
    both = [[row[c] for row in rows] for c in (0, 1)]
    if rows and not any(_numeric(cells, mark) for cells in both):
        raise ValueError(
            f"{opening.name}: line {opening.lines[-1]}: rows have a cell more than "
            f"there are titles, and begin with {quoted_short(both[0][-1])} and "
            f"{quoted_short(both[1][-1])}: the name of a row, or a name with a "
            "separator in it? Put such names in quotation marks, or give every column "
            "a title."
        )


def _grow(cells: Sequence[str]) -> bool:
    """Whether cells are whole numbers, each larger than the one before."""
    numbers = [number for cell in cells if (number := whole(cell)) is not None]
    return len(numbers) == len(cells) and all(a < b for a, b in pairwise(numbers))


def _numeric(cells: Sequence[str], mark: str) -> bool:
    filled = [unquoted(cell) for cell in cells if cell.strip()]
    have = sum(is_number(cell, mark) or is_list(cell) for cell in filled)
    return bool(filled) and 2 * have > len(filled)


def _check_mixed(
    opening: Opening, top: Sequence[str], words: Sequence[bool], mark: str
) -> None:
    """Refuse a first row in which some cells above numbers are numbers themselves."""
    numbers = [
        c for c, w in zip(top, words, strict=True) if not w and is_number(c, mark)
    ]
    if numbers and not (are_numbered(numbers) or are_years(numbers)):
        column = opening.rows[0].index(top[list(words).index(True)]) + 1
        raise ValueError(
            f"{opening.name}: line {opening.lines[0]}, column {column}: a finite "
            f"number is needed, got {quoted_short(opening.rows[0][column - 1])}. Fix "
            "it; if the line holds titles, write none of them as a number."
        )


def titles_in_comment(
    opening: Opening, rows: Sequence[Sequence[str]]
) -> tuple[str, ...] | None:
    """Return the titles in the last comment above the rows; None if it has none.

    It has, if a title in it is known and stands above what it says.
    """
    found = tuple(unquoted(cell) for cell in opening.comment)
    if len(found) != opening.width or not any(map(is_known, found)):
        return None
    for place, title in enumerate(map(plain, found)):
        cells = [row[place] for row in rows]
        words = not any(is_number(cell, opening.dialect.decimal) for cell in cells)
        counts = all(whole(cell) is not None for cell in cells)
        if opening.dialect.separator == BLANK and title in NAMES and not words:
            return None
        if is_known(title) and not words | counts:
            return None
    return found
