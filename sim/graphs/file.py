"""A graph from a file: an edge list, or GraphML."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from sim.graph_operators.edge_list import EdgeList, edge_list
from sim.graphs import Topology
from sim.settings.knobs import Knob
from sim.tables.edges import read_edges
from sim.tables.graphml import read_graphml
from sim.tables.other_formats import format_said
from sim.tables.source import TEXT_TYPES, expanded, readable, table_type

if TYPE_CHECKING:
    from numpy.random import Generator

    from sim.array_types import Floats
    from sim.tables.edge_table import EdgeTable

FILE_TYPES = ".csv, .tsv, .txt, .edgelist or .graphml"
GRAPHML = ".graphml"
EDGE_TYPES = (*TEXT_TYPES, ".edgelist", ".edges")
MAX_CACHED_FILES = 4


@dataclass(frozen=True)
class EdgeListFile(Topology):
    """Edges from a file: source, target and perhaps weight a line, or GraphML.

    Numbers count nodes from 0.  Names, under a first line ``source,target``, are
    numbered in the order in which they appear.  Columns are found by their titles.
    """

    kind: ClassVar[str] = "file"
    title: ClassVar[str] = "From a file"
    weighted: ClassVar[bool] = True
    path: Annotated[str, Knob("path", live=False, help=f"Edge list, {FILE_TYPES}.")] = (
        ""
    )

    def edge_list(self, x: Floats, rng: Generator) -> EdgeList:
        found = self._read()
        name = Path(self.path).name
        return edge_list(found.pairs, len(x), found.weight, name, found.lines)

    def nodes(self, n: int) -> int:
        return self._read().nodes if self.path else n

    def said(self) -> str:
        """Return what was decided about the file, in sentences."""
        return f"{Path(self.path).name}: {' '.join(self._read().said)}"

    def _read(self) -> EdgeTable:
        place = expanded(self.path)
        if not self.path or not place.is_file():
            what = f"{self.path}: there is no such file" if self.path else "no file"
            raise ValueError(f"graph: {what}. Choose an edge list, {FILE_TYPES}.")
        with readable(self.path):
            stamp = place.stat()
            return _edges(str(place), (stamp.st_mtime_ns, stamp.st_size))


@lru_cache(maxsize=MAX_CACHED_FILES)
def _edges(path: str, stamp: tuple[int, int]) -> EdgeTable:
    """Return the edges of a file; `stamp` is part of the key of the cache."""
    place = Path(path)
    if place.suffix.lower() == GRAPHML:
        return read_graphml(place)
    if table_type(place) not in EDGE_TYPES:
        raise ValueError(
            f"{place.name}: is no edge list, it has {format_said(place)}. Choose one, "
            f"{FILE_TYPES}."
        )
    return read_edges(place)
