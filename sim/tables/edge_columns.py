"""Which columns of an edge list are the ends and the weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.tables.cells import is_number, is_whole, quoted_short, whole
from sim.tables.dialect import BLANK, UNQUOTED
from sim.tables.titles import is_id, plain, unquoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.tables.opening import Opening

ENDS = (
    *(("source", "target"), ("from", "to"), ("tail", "head"), ("i", "j"), ("u", "v")),
    *(("src", "dst"), ("node1", "node2"), ("node_1", "node_2"), ("v1", "v2")),
    *(("fromnodeid", "tonodeid"), ("source_id", "target_id"), ("from_id", "to_id")),
    *(("id_1", "id_2"), ("start", "end"), ("node a", "node b")),
)
"""Titles of the two ends, in lower case."""
WEIGHTS = (
    *("weight", "weights", "w", "value", "edge_weight", "edgeweight", "edge weight"),
    *("gewicht", "poids", "peso"),
)
PLACES = (2, 3)  # columns of an edge list without titles
FORMS = "source,target or source,target,weight"


@dataclass(frozen=True, slots=True)
class EdgeColumns:
    """Where ends and weight stand.

    Attributes
    ----------
    source, target : int
        The columns of the ends.
    weight : int, optional
        The column of weights.
    first : int
        The line of the first edge.
    titled : bool
        Whether columns have titles, so that nodes may have names.
    weight_said : str
        The column of weights in words.
    said : tuple of str
        What was decided, in sentences.
    """

    source: int
    target: int
    weight: int | None
    first: int
    titled: bool
    weight_said: str = ""
    said: tuple[str, ...] = ()


def edge_columns(opening: Opening) -> EdgeColumns:
    """Return which columns of an edge list are used.

    Raises
    ------
    ValueError
        If it has no titles and is no edge list, or is an adjacency matrix.
    """
    name, width = opening.name, opening.width
    _check_counts(opening)
    top = [unquoted(cell) for cell in opening.rows[0]]
    titles = ["", *top] if len(top) == width - 1 and _has_row_names(opening) else top
    ends = _ends(titles)
    if ends is not None:
        _check_rows(opening, len(titles))
        return _titled(opening, titles, ends, opening.lines[1])
    _check_adjacency(opening)
    if not any(is_number(cell, opening.dialect.decimal) for cell in top):
        raise ValueError(
            f"{name}: its first line must be {FORMS}, or two numbers; got "
            f"{','.join(top)[:80]}."
        )
    _check_index(opening)
    above = [*map(unquoted, opening.comment)]
    if len(above) == width and (ends := _ends(above)) is not None:
        return _titled(opening, above, ends, opening.first)
    if width not in PLACES:
        raise ValueError(
            f"{name}: an edge list has the columns source, target and perhaps weight; "
            f"got {width} columns. Add a first line of titles, {FORMS}."
        )
    weight = 2 if width == PLACES[1] else None
    _check_first_weight(opening, weight)
    said = ("Weights from column 3.",) if weight else ("No weights.",)
    if opening.dialect.separator != BLANK and _numbers_columns(opening):
        said += (f"Line {opening.lines[0]} is an edge too, and no titles.",)
    return EdgeColumns(0, 1, weight, opening.first, False, "column 3", said)


def _numbers_columns(opening: Opening) -> bool:
    """Whether the first row is 0, 1 or 0, 1, 2, as pandas numbers columns."""
    return [whole(cell) for cell in opening.rows[0]] == list(range(opening.width))


def _check_first_weight(opening: Opening, weight: int | None) -> None:
    """Refuse 0, 1, 2 above weights with decimals: titles, or an edge."""
    below = [row[weight] for row in opening.rows[1:] if weight and len(row) > weight]
    if below and _numbers_columns(opening) and not any(map(is_whole, below)):
        raise ValueError(
            f"{opening.name}: line {opening.lines[0]}: 0, 1, 2 may be titles or an "
            f"edge. Remove it, or put a first line of titles, {FORMS}."
        )


def _has_row_names(opening: Opening) -> bool:
    """Whether rows begin with names that have no title: of words, or in quotes.

    Whole numbers could as well be nodes, below a line that lacks the title of weights;
    and where blanks separate, words could be the start of a node's name.
    """
    cells = [row[0] for row in opening.rows[1:]]
    words = opening.dialect.separator != BLANK
    return all(unquoted(c) is not c or (words and whole(c) is None) for c in cells)


def _check_rows(opening: Opening, titles: int) -> None:
    name, width = opening.name, opening.width
    if len(opening.rows) == 1:
        raise ValueError(f"{name}: has titles, but no edges. Give one a line.")
    if titles != width:
        raise ValueError(
            f"{name}: line {opening.lines[0]} has {titles} titles, the lines below it "
            f"{width} cells. Give a title for every column."
        )


def _ends(titles: Sequence[str]) -> tuple[int, int] | None:
    have = [plain(title) for title in titles]
    for source, target in ENDS:
        if have.count(source) == 1 and have.count(target) == 1:
            return have.index(source), have.index(target)
    return None


def _titled(
    opening: Opening, titles: Sequence[str], ends: tuple[int, int], first: int
) -> EdgeColumns:
    have = [plain(title) for title in titles]
    weight = next((have.index(k) for k in WEIGHTS if k in have), None)
    if weight is not None and have.count(have[weight]) > 1:
        raise ValueError(
            f"{opening.name}: two columns are called {titles[weight]!r}. Keep the one "
            "that holds the weights."
        )
    rows = [row for row in opening.rows[1:] if len(row) == len(titles)]
    if weight is not None and opening.complete:
        if not any(row[weight].strip() for row in rows):
            weight = None  # a column that is empty throughout
    rest = [k for k in range(len(titles)) if k not in (*ends, weight)]
    bare = [k for k in rest if any(row[k].strip() for row in rows)]
    left = [quoted_short(titles[k]) if titles[k] else f"column {k + 1}" for k in bare]
    likely = next((k for k in bare if _looks_weighted(titles[k], rows, k)), None)
    if weight is None and likely is not None:
        raise ValueError(
            f"{opening.name}: {left[bare.index(likely)]} holds numbers: are they "
            "weights? Call the column weight, or leave it out."
        )
    weighted = "No weights" if weight is None else f"Weights from {titles[weight]!r}"
    said = f"{weighted}; left out: {', '.join(left)}." if left else f"{weighted}."
    directed = any("directed" in cell.lower().split() for row in rows for cell in row)
    notes = ("Directions are not used.",) if directed else ()
    where = "" if weight is None else f"column {weight + 1} {titles[weight]!r}"
    return EdgeColumns(*ends, weight, first, True, where, (said, *notes))


def _looks_weighted(title: str, rows: Sequence[Sequence[str]], place: int) -> bool:
    """Whether a column has numbers, and no title that says what else they are."""
    cells = [row[place] for row in rows]
    numbers = [cell for cell in cells if is_number(cell) or is_number(cell, ",")]
    if 2 * len(numbers) <= len(cells):
        return False
    return bool(title.strip()) and not is_id(title)


def _check_counts(opening: Opening) -> None:
    """Refuse a first line that counts nodes and edges, or could do so."""
    name, line = opening.name, opening.lines[0]
    if opening.counts is not None:
        raise ValueError(
            f"{name}: line {line - 1} counts nodes and edges, and is none. Remove it."
        )
    rows = [[whole(cell) for cell in row] for row in opening.rows]
    ends = [k for row in rows[1:] for k in row[: PLACES[0]] if k is not None]
    spaced = opening.dialect.separator in UNQUOTED  # of which such lines are known
    spaced = spaced or rows[0][0] not in ends  # of no other edge
    few = len(rows) <= PLACES[0]
    if opening.width not in PLACES or not (opening.complete and ends and spaced) or few:
        return
    nodes, count = (max(ends), max(ends) + 1), len(rows) - 1
    if any(rows[0] in ([n, count], [n, n, count]) for n in nodes):
        raise ValueError(
            f"{name}: line {line}: may be an edge, or count the {count} edges below. "
            f"Remove it if it counts, or put a first line of titles, {FORMS}."
        )


def _check_index(opening: Opening) -> None:
    """Refuse three columns of whole numbers of which the first counts the rows.

    They are no path, whose edges join each node and the next.
    """
    numbers = [[whole(cell) for cell in row] for row in opening.rows]
    if opening.width != PLACES[1] or not all(len(row) == PLACES[1] for row in numbers):
        return
    first, second, _ = zip(*numbers, strict=True)
    counted = len(first) >= PLACES[1] and all(None not in row for row in numbers)
    path = sum(b == k + 1 for k, b in zip(first, second, strict=True) if k is not None)
    start = first[0]
    if counted and start in (0, 1) and 2 * path <= len(first):
        if list(first) == list(range(start, start + len(first))):
            raise ValueError(
                f"{opening.name}: column 1 counts the rows, {start}, {start + 1} and "
                f"on: is it an index, or a node? Put a first line of titles, {FORMS}, "
                "with a blank title above an index."
            )


def _check_adjacency(opening: Opening) -> None:
    """Refuse a square of numbers, with or without the names of its nodes."""
    rows, name = opening.rows, opening.name
    body = [row[1:] for row in rows[1:]]
    top = rows[0][-len(body) :] if body else []
    above = [cell.strip() for cell in top]
    even = all(len(row) == len(rows[-1]) for row in rows[1:])
    named = even and len(body) > 1 and len(set(above)) == len(above)
    named = named and [row[0].strip() for row in rows[1:]] == above
    width = len(rows[0])
    square = (
        even
        and len(rows[-1]) == width
        and opening.complete
        and len(rows) == width
        and width >= PLACES[1]
    )
    decimal = opening.dialect.decimal
    counts = [whole(cell) for cell in rows[0]]
    titled = even and counts == list(range(width)) and len(body) == width > PLACES[1]
    if titled and len(rows[-1]) == width:  # as pandas writes it without an index
        rows, square = rows[1:], True
    square = square and all(is_number(c, decimal) for row in rows for c in row)
    if square and width == PLACES[1]:  # three edges with weights look the same
        square = all(rows[i][j].strip() == rows[j][i].strip() for i, j in SQUARE)
    if square or (named and len(body) >= PLACES[0]):
        n = len(body) if named else width
        raise ValueError(
            f"{name}: is an adjacency matrix, {n} × {n}, not a list of edges. Write "
            f"one edge a line, {FORMS}; a matrix can be the mask of a law of attention."
        )


SQUARE = ((0, 1), (0, 2), (1, 2))
