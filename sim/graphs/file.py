"""A graph from a file: an edge list, or GraphML."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np

from sim.graph_operators.edge_list import EdgeList, edge_list
from sim.graphs import Topology
from sim.io.text_tables import read_text_table
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from numpy.random import Generator

    from sim.array_types import Floats, Ints

FILE_TYPES = ".csv, .tsv, .txt or .graphml"
HEADERS = (("source", "target"), ("from", "to"), ("tail", "head"), ("i", "j"))
MAX_CACHED_FILES = 4
COLUMN_COUNTS = (2, 3)  # of an edge list


@dataclass(frozen=True)
class EdgeListFile(Topology):
    """Edges from a file: source, target and perhaps weight a line, or GraphML.

    Numbers count nodes from 0.  Names, under a first line ``source,target``, are
    numbered in the order in which they appear.
    """

    kind: ClassVar[str] = "file"
    title: ClassVar[str] = "From a file"
    weighted: ClassVar[bool] = True
    path: Annotated[str, Knob("path", live=False, help=f"Edge list, {FILE_TYPES}.")] = (
        ""
    )

    def edge_list(self, x: Floats, rng: Generator) -> EdgeList:
        pairs, weight, _ = self._read()
        return edge_list(pairs, len(x), weight, Path(self.path).name)

    def nodes(self, n: int) -> int:
        return self._read()[2] if self.path else n

    def _read(self) -> tuple[Ints, Floats | None, int]:
        place = Path(self.path).expanduser()
        if not self.path or not place.is_file():
            what = f"{self.path}: there is no such file" if self.path else "no file"
            raise ValueError(f"graph: {what}. Choose an edge list, {FILE_TYPES}.")
        try:
            stamp = place.stat()
            return _edges(str(place), (stamp.st_mtime_ns, stamp.st_size))
        except OSError as error:
            raise ValueError(
                f"{place}: cannot be read ({error.strerror}). Check its permissions."
            ) from None


@lru_cache(maxsize=MAX_CACHED_FILES)
def _edges(path: str, stamp: tuple[int, int]) -> tuple[Ints, Floats | None, int]:
    """Return pairs, int (k, 2), weights, (k,), and the number of nodes.

    `stamp` is part of the key of the cache.
    """
    place = Path(path)
    if place.suffix.lower() == ".graphml":
        return _of_graphml(place)
    if place.suffix.lower() not in (".csv", ".tsv", ".txt"):
        raise ValueError(
            f"{place.name}: is not an edge list. Choose one, {FILE_TYPES}."
        )
    cells = read_text_table(place)
    if cells.header and cells.header[:2] not in HEADERS:
        raise ValueError(
            f"{place.name}: its first line must be source,target or source,target,"
            f"weight, or two numbers; got {','.join(cells.header)}."
        )
    if len(cells.rows[0]) not in COLUMN_COUNTS:
        raise ValueError(
            f"{place.name}: an edge list has the columns source, target and perhaps "
            f"weight; got {len(cells.rows[0])} columns."
        )
    ends = [(a.strip(), b.strip()) for a, b, *_ in cells.rows]
    pairs = _numbered(ends)
    return pairs, _weights(place, cells.rows, cells.lines), int(pairs.max()) + 1


def _numbered(ends: list[tuple[str, str]]) -> Ints:
    """Return nodes as numbers, int (k, 2): names are numbered as they appear."""
    try:
        return np.array([(int(a), int(b)) for a, b in ends], dtype=np.int64)
    except ValueError:
        known: dict[str, int] = {}
        for name in (name for pair in ends for name in pair):
            known.setdefault(name, len(known))
        return np.array([(known[a], known[b]) for a, b in ends])


def _weights(place: Path, rows: list[list[str]], lines: list[int]) -> Floats | None:
    if len(rows[0]) < COLUMN_COUNTS[1]:
        return None
    found: list[float] = []
    for row, line in zip(rows, lines, strict=True):
        try:
            found.append(float(row[2]))
        except ValueError:
            raise ValueError(
                f"{place.name}: line {line}, column 3: expected a weight, got "
                f"{row[2]!r}. Fix it, or leave the column out."
            ) from None
    return np.array(found)


def _of_graphml(place: Path) -> tuple[Ints, Floats | None, int]:
    try:
        import networkx
    except ImportError:
        raise ValueError(
            f"{place.name}: GraphML is read by networkx. Install it with pip install "
            "networkx, or save the graph as an edge list, source,target a line."
        ) from None
    try:
        graph: Any = networkx.read_graphml(place)
    except (networkx.NetworkXError, SyntaxError, ValueError, KeyError) as error:
        raise ValueError(f"{place.name}: is not GraphML ({error}).") from None
    number = {node: k for k, node in enumerate(graph.nodes)}
    edges = list(graph.edges(data="weight"))
    pairs = np.array([(number[a], number[b]) for a, b, _ in edges], dtype=np.int64)
    if not edges or any(w is None for *_, w in edges):
        return pairs.reshape(-1, 2), None, len(number)
    return pairs, np.array([float(w) for *_, w in edges]), len(number)
