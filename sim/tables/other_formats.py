"""Formats of tables and graphs that are not read, for messages that name them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FORMATS = {
    ".arrow": "Arrow",
    ".feather": "Feather",
    ".gexf": "GEXF",
    ".gml": "GML",
    ".graph": "METIS",
    ".h5": "HDF5",
    ".hdf5": "HDF5",
    ".jsonl": "JSON lines",
    ".mat": "MATLAB",
    ".metis": "METIS",
    ".mtx": "Matrix Market",
    ".ndjson": "JSON lines",
    ".net": "Pajek",
    ".ods": "OpenDocument",
    ".pickle": "pickle",
    ".pkl": "pickle",
    ".pt": "PyTorch",
    ".pth": "PyTorch",
    ".xls": "Excel",
    ".xlsx": "Excel",
}
"""The formats that suffixes stand for."""
METIS_COUNTS = 2  # cells of the first line without weights: n and m
STARTS = {
    "Pajek": r"\*(vertices|network|edges|arcs|matrix)\b",
    "Matrix Market": r"%%matrixmarket\b",
    "GML": r"(creator\b.*|graph\s*\[?)",
    "DOT": r"(strict\s+)?(di)?graph\b.*\{",
    "UCINET DL": r"dl\s+\w+\s*=",
    "XML": r"<(\?xml|graphml|gexf)\b",
    "JSON": r"\{|\[\s*\{",
    "ARFF": r"@relation\b",
}
"""What the first line of a format is like, in lower case."""
DIMACS = re.compile(r"p\s+(edge|col|sp|max|min|asn)\s+\d+\s+\d+\s*")
FIRST_LINES = 20


def format_said(path: Path) -> str:
    """Return words such as ``the format METIS``; else, that it is not known."""
    name = FORMATS.get(path.suffix.lower(), "")
    return f"the format {name}" if name else "a format that is not known"


def check_is_table(name: str, texts: Sequence[str], start: int) -> None:
    """Refuse a text of another format, by its first line or its first row, `start`.

    Raises
    ------
    ValueError
        Names the format.
    """
    for text in (*texts[:1], *texts[start : start + 1]):
        plain = text.strip().lower()
        for form, first in STARTS.items():
            whole = form == "GML"
            found = re.fullmatch(first, plain) if whole else re.match(first, plain)
            if found and (not whole or "[" in "".join(texts[start : start + 3])):
                raise ValueError(refusal(name, form))
    if any(DIMACS.fullmatch(text) for text in texts[:FIRST_LINES]):
        raise ValueError(refusal(name, "DIMACS"))


def refusal(name: str, form: str) -> str:
    """Return why a file, `name`, in another format is refused."""
    graph = "Save its edges as two columns, or as GraphML."
    if form == "ARFF":
        graph = "Save it as CSV."
    elif form in ("XML", "JSON"):
        graph = "Save it as CSV, or a graph as GraphML, and give it that suffix."
    return f"{name}: has the format {form}, which is not read here. {graph}"


def is_metis(texts: Sequence[str]) -> bool:
    """Whether lines are those of the format METIS, without weights, and of no table.

    Its first line counts n nodes and m edges; n lines follow with the neighbours of a
    node, from 1 to n, 2m in all.  Rows of one length are a table.
    """
    lines = [text.split() for text in texts if not text.startswith("%")]
    while lines and not lines[0]:
        del lines[0]
    if not lines or not all(c.isascii() and c.isdigit() for r in lines for c in r):
        return False
    head, *rows = [[int(cell[:12]) for cell in line] for line in lines]
    while len(rows) > head[0] and not rows[-1]:
        del rows[-1]
    if len(head) != METIS_COUNTS or len(rows) != head[0]:
        return False
    if len({len(row) for row in rows}) == 1:
        return False
    neighbours = [node for row in rows for node in row]
    inside = all(1 <= node <= head[0] for node in neighbours)
    return inside and len(neighbours) == 2 * head[1]
