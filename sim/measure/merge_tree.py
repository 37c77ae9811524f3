"""The tree of merges that last, from the clusters of tokens over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.array_types import Ints

ABSENT = -1  # the label of a token that is not there


@dataclass(frozen=True, slots=True)
class Merge:
    """Groups of tokens that are one cluster from a sample on, to the last.

    Attributes
    ----------
    sample : int
        The first sample at which they are together for good.
    parts : tuple of int arrays
        The groups that they were before, by column, the largest first.
    """

    sample: int
    parts: tuple[Ints, ...]

    @property
    def size(self) -> int:
        """The number of tokens of the new cluster."""
        return sum(len(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class MergeTree:
    """Merges in the order of their times, and an order of the tokens for them.

    Attributes
    ----------
    order : int, shape (m,)
        Columns, such that the tokens of every merge are side by side.
    merges : tuple of Merge
        The earliest first.
    """

    order: Ints
    merges: tuple[Merge, ...]


def merge_tree(labels: Ints) -> MergeTree:
    """Return the tree of merges that last until the end: (s, m) -> MergeTree.

    Two tokens are together for good at a sample if they are in one cluster there and
    at every later one.  That is an equivalence at every sample, and finer the earlier
    it is, so that the groups are those of a tree, whatever splits and joins before.

    Parameters
    ----------
    labels : int, shape (s, m)
        The cluster of each of m tokens at each of s samples; −1 where it is not there.
    """
    samples, count = labels.shape
    groups: list[Ints] = [np.arange(count)]
    merges: list[Merge] = []
    for k in range(samples - 1, -1, -1):
        if k + 1 < samples and np.array_equal(labels[k], labels[k + 1]):
            continue
        finer: list[Ints] = []
        for group in groups:
            parts = _parts(group, labels[k])
            finer += parts
            if k + 1 < samples:
                there = tuple(p for p in parts if labels[k][p[0]] != ABSENT)
                if len(there) > 1:
                    merges.append(Merge(k + 1, there))
        groups = finer
    return MergeTree(np.concatenate(groups), tuple(reversed(merges)))


def _parts(group: Ints, labels: Ints) -> list[Ints]:
    """Return the tokens of a group by their label, large parts first.

    Each token that is not there is a part of its own.
    """
    here = labels[group]
    absent = [group[k : k + 1] for k in np.flatnonzero(here == ABSENT)]
    group, here = group[here != ABSENT], here[here != ABSENT]
    parts = [group[here == label] for label in np.unique(here)]
    return sorted(parts, key=_size_first) + absent


def _size_first(part: Ints) -> tuple[int, int]:
    return -len(part), int(part[0])
