"""Tables as programs write them, with what they hold: for tests of readers."""

import csv
import io
from dataclasses import dataclass

from hypothesis import strategies as st

WORDS = (
    *("sun", "moon", "star", "Über", "naïve", "C#", "#tag", "x-ray", "don't", "e"),
    *('"', ",", ".", ";", "|", "'s", "nan", "inf", "NA", "null", "-", "--", "?"),
    *(
        "new york",
        "a, b",
        'say "hi"',
        "1990",
        "3.14",
        "1,5",
        "a\u00a0b",
        "日本",
        "a\x85b",
    ),
    *("word", "name", "label", "id", "t", "token", "x0", "[1]", "100 %", "12:30"),
    *("<0.5", "0.5**", "1/7", "2±0.1", "1+2i", "12.03.2024", "(0.5)", "5°N", "TRUE"),
    *("[1, 2]", "tensor([1, 2])", "1.0e+05", "0.5-", "two\nlines"),
)
FORMATS = ("{!r}", "{:.4f}", "{:.6g}", "{:+.3f}", "{:.3e}", "{:.0f}")
TITLES = ("words", "x", "numbers", "none", "R", "scale", "years", "unordered")
SEPARATORS = (",", ";", "\t", "|", " ")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-32")
ENDS = ("\n", "\r\n", "\r")


@dataclass(frozen=True)
class Written:
    """A table as a file has it, and what it holds.

    Attributes
    ----------
    content : bytes
        The file.
    suffix : str
        The type that its name says.
    x : list of list of float
        Its coordinates.
    names, groups : tuple of str
        One a row, or empty.
    how : dict
        How it was written.
    """

    content: bytes
    suffix: str
    x: list
    names: tuple
    groups: tuple
    how: dict


def numbers():
    """Return numbers as people have them."""
    return st.one_of(
        st.floats(-3, 3),
        st.floats(allow_nan=False, allow_infinity=False),
        st.integers(-9, 9).map(float),
    )


@st.composite
def tables(draw, plain=False):
    """Draw a table; a `plain` one is written so that nothing is doubtful."""
    n, d = draw(st.integers(2, 7)), draw(st.integers(2, 5))
    wide = st.floats(-3, 3).filter(_is_plain) if plain else numbers()
    form = "{:.4f}" if plain else draw(st.sampled_from(FORMATS))
    x = [[form.format(draw(wide)) for _ in range(d)] for _ in range(n)]
    words = st.sampled_from(WORDS[:5] if plain else WORDS)
    names = draw(st.none() | st.lists(words, min_size=n, max_size=n))
    titles = draw(st.sampled_from(TITLES))
    kinds = (
        "abc" if plain or titles == "none" else draw(st.sampled_from(("abc", "012")))
    )
    groups = draw(st.none() | st.lists(st.sampled_from(kinds), min_size=n, max_size=n))
    how = {
        "separator": draw(st.sampled_from(SEPARATORS)),
        "decimal": draw(st.sampled_from(".,")),
        "titles": draw(st.sampled_from(TITLES[:5])) if plain else titles,
        "index": draw(st.sampled_from(("none", "untitled", "id"))),
        "end": draw(st.sampled_from(ENDS)),
        "encoding": draw(st.sampled_from(ENCODINGS)),
        "last": draw(st.booleans()),
        "quoting": draw(st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))),
        "comment": draw(st.sampled_from(("", "# made by hand", "# a, b; c | d\te f"))),
        "sep": draw(st.booleans()),
        "padding": draw(st.integers(0, 2)),
        "hollow": draw(st.booleans()),
    }
    return written(x, names, groups, how)


def _is_plain(value):
    return abs(value) > 0.01


def written(x, names, groups, how):
    """Return a table of texts as `how` says it is written."""
    titles, rows = _cells(x, names, groups, how)
    text = io.StringIO()
    if how["sep"] and how["separator"] != " " and not how["comment"]:
        text.write(f"sep={how['separator']}{how['end']}")
    if how["comment"]:
        text.write(how["comment"] + how["end"])
    if how["hollow"] and how["separator"] not in "\t ":  # as spreadsheets leave them
        rows = [*rows[:1], [""] * len(rows[0]), *rows[1:], [""] * len(rows[0])]
    for row in ([titles] if titles else []) + rows:
        text.write(_line(row, how) + how["end"])
    content = text.getvalue()
    if not how["last"]:
        content = content[: -len(how["end"])]
    return Written(
        content.encode(how["encoding"]),
        ".tsv" if how["separator"] == "\t" else ".csv",
        [[float(cell) for cell in row] for row in x],
        tuple(names or ()),
        tuple(groups or ()),
        how,
    )


def _cells(x, names, groups, how):
    """Return titles, if any, and the rows of cells."""
    n, d = len(x), len(x[0])
    shown = [[cell.replace(".", how["decimal"]) for cell in row] for row in x]
    columns = [list(column) for column in zip(*shown, strict=True)]
    kind = how["titles"]
    titles = {
        "x": [f"x{k}" for k in range(d)],
        "numbers": [str(k) for k in range(d)],
        "scale": [f"{0.5 * k}" for k in range(d)],
        "years": [str(1990 + k) for k in range(d)],
        "unordered": [str(7 * k % 5) for k in range(2, d + 2)],
    }
    titles = titles.get(kind, [f"axis{k}" for k in "abcde"[:d]])
    if groups:
        columns, titles = [*columns, groups], [*titles, "group"]
    if names:
        columns, titles = [names, *columns], ["label", *titles]
    if how["index"] != "none":
        title = "" if how["index"] == "untitled" else "id"
        columns = [[str(k) for k in range(n)], *columns]
        titles = [title, *titles]
    for _ in range(how["padding"] if how["separator"] != " " else 0):
        columns, titles = [*columns, [""] * n], [*titles, ""]
    rows = [list(row) for row in zip(*columns, strict=True)]
    if kind == "R" and not titles[0]:
        titles = titles[1:]
    return (None if kind == "none" else titles), rows


def _line(row, how):
    separator = how["separator"]
    if separator in "\t ":  # quotation marks mean nothing
        return separator.join(row)
    out = io.StringIO()
    csv.writer(
        out, delimiter=separator, quoting=how["quoting"], lineterminator=""
    ).writerow(row)
    return out.getvalue()
