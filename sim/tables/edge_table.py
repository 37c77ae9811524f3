"""Edges of a file: the nodes at their ends, numbered, and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.tables.cells import is_number_like, quoted_short, whole
from sim.tables.tokens import MAX_ROWS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.array_types import Floats, Ints

MAX_NAME = 1000  # characters
MISSING_ENDS = frozenset(("na", "n/a", "#n/a", "nan", "null"))  # in lower case


@dataclass(frozen=True, slots=True)
class EdgeTable:
    """Edges of a file.

    Attributes
    ----------
    pairs : int64, shape (k, 2)
        The nodes that each edge joins.
    weight : float64, shape (k,), optional
        The weights, if there are any.
    nodes : int
        Number of nodes: those that the edges need, or that the file lists.
    said : tuple of str
        What was decided, in sentences.
    lines : int64, shape (k,), optional
        The line of each edge, in a file that has lines.
    """

    pairs: Ints
    weight: Floats | None
    nodes: int
    said: tuple[str, ...] = ()
    lines: Ints | None = None


class Ends:
    """Collects the ends of edges, and numbers their nodes.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    names : bool
        Whether nodes may have names, which are numbered as they appear.
    """

    def __init__(self, file: str, names: bool = True) -> None:
        self._file, self._names = file, names
        self._known: dict[str, int] = {}
        self._first: list[int] = []
        self._ends: list[int] = []
        self._lines: list[int] = []

    @property
    def count(self) -> int:
        """The number of edges."""
        return len(self._ends) // 2

    def add(self, line: int, source: str, target: str) -> None:
        """Add the edge on a line.

        Raises
        ------
        ValueError
            If it lacks an end.
        """
        self._lines.append(line)
        for end in (source, target):
            if not end or len(end) > MAX_NAME:
                raise ValueError(
                    f"{self._file}: line {line}: an edge needs two nodes, got "
                    f"{quoted_short(source)} and {quoted_short(target)}. Fix or remove "
                    "it."
                )
            number = self._known.setdefault(end, len(self._known))
            if number == len(self._first):
                self._first.append(line)
            self._ends.append(number)

    def table(self, weights: Sequence[float] | None, said: Sequence[str]) -> EdgeTable:
        """Return the edges.

        Raises
        ------
        ValueError
            If there are none, or it is doubtful how nodes are numbered.
        """
        if not self._ends:
            raise ValueError(f"{self._file}: has no edges. Give one a line.")
        numbers, how = self._numbered()
        order = np.array(numbers, dtype=np.int64)
        pairs = order[np.array(self._ends, dtype=np.int64).reshape(-1, 2)]
        nodes = int(pairs.max()) + 1
        what = f"{len(pairs):,} edge{'s' if len(pairs) > 1 else ''}, {how}"
        weight = None if weights is None else np.array(weights, dtype=np.float64)
        lines = np.array(self._lines, dtype=np.int64)
        first = f"{what}{loops_said(pairs)}."
        return EdgeTable(pairs, weight, max(nodes, 0), (first, *said), lines)

    def _numbered(self) -> tuple[list[int], str]:
        """Return the number of every node, and how they are numbered."""
        found = [whole(name) for name in self._known]
        numbers = [k for k in found if k is not None]
        if len(numbers) == len(found):
            return self._checked(numbers), _counted(numbers)
        words = [name for name, k in zip(self._known, found, strict=True) if k is None]
        likely = [name for name in words if is_number_like(name)]
        if numbers or likely or not self._names:
            other = (likely or words)[0]
            line = self._first[self._known[other]]
            raise ValueError(
                f"{self._file}: line {line}: the node {quoted_short(other)} is no "
                "whole number, and others are. Number all nodes from 0, or name all of "
                "them by words, below a first line source,target."
            )
        self._check_missing(words)
        return list(range(len(words))), (
            f"{len(words):,} nodes with names, numbered in order of appearance"
        )

    def _check_missing(self, words: Sequence[str]) -> None:
        """Refuse an end that is not there, written as a program writes it."""
        lost = next((name for name in words if name.lower() in MISSING_ENDS), None)
        if lost is not None:
            raise ValueError(
                f"{self._file}: line {self._first[self._known[lost]]}: the node "
                f"{quoted_short(lost)} may be a name, or one that is missing. Remove "
                "the edge, or write the name in another way."
            )

    def _checked(self, numbers: list[int]) -> list[int]:
        for name, k in zip(self._known, numbers, strict=True):
            bare = name.lstrip("+-")
            line = self._first[self._known[name]]
            if abs(k) >= MAX_ROWS:
                raise ValueError(
                    f"{self._file}: line {line}: the node {quoted_short(name)} is "
                    f"beyond {MAX_ROWS - 1:,}: nodes are tokens, numbered from 0. "
                    "Number them so."
                )
            if bare[0] == "0" and bare[1:2].isdigit():
                raise ValueError(
                    f"{self._file}: line {line}: the node {quoted_short(name)} may be "
                    f"the number {k} or a name. Write numbers without leading zeros, "
                    "and names as words."
                )
        return numbers


def loops_said(pairs: Ints) -> str:
    """Return how many of the pairs (k, 2) are loops, in words; empty for none."""
    loops = int((pairs[:, 0] == pairs[:, 1]).sum())
    return f"; {loops:,} from a node to itself left out" if loops else ""


def _counted(numbers: Sequence[int]) -> str:
    text = f"nodes are numbers from {min(numbers)} to {max(numbers)}, counted from 0"
    lone = max(numbers) + 1 - len(set(numbers)) if min(numbers) >= 0 else 0
    return f"{text}; {lone:,} of these have no edge" if lone else text
