"""The clusters of a run over time, ready to draw: bands, merges, plateaus.  No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.annotations.number_format import general
from app.theme.palette import LONE
from sim.measure.cluster_ids import MAX_OWN_IDS, keep_large, keep_own
from sim.measure.merge_tree import ABSENT, Merge, merge_tree
from sim.measure.plateaus import LevelStretch, plateaus, shares_squared

if TYPE_CHECKING:
    from sim.array_types import Floats, Ints
    from sim.record import Partition, Samples


@dataclass(frozen=True, slots=True, eq=False)
class LabelledPlateau:
    """A plateau of F̂, its times, and Σ αₖ² of the clusters over it."""

    start: float
    end: float
    level: float
    shares_squared: float


@dataclass(frozen=True, slots=True, eq=False)
class MergeHistory:
    """What the page of merges draws.

    Attributes
    ----------
    t, f_hat : float, shape (s,)
        Times, and F̂ at them.
    tokens : int, shape (m,)
        Ids of all tokens, in the order of their rows.
    partition : int, shape (s,)
        The row of `colours` for each time.
    colours : int, shape (p, m)
        Colour numbers of the tokens in `tokens`, −1 for those in no large cluster and
        −2 for those that are not there.
    labels : int, shape (p, m)
        Their clusters.
    merges : tuple of Merge
        Merges that last; parts are places in `tokens`.
    times : float, shape (k,)
        When they are.
    plateaus : tuple of LabelledPlateau
        Where F̂ hardly changes.
    """

    t: Floats
    f_hat: Floats
    tokens: Ints
    partition: Ints
    colours: Ints
    labels: Ints
    merges: tuple[Merge, ...]
    times: Floats
    plateaus: tuple[LabelledPlateau, ...]

    def joined(self, number: int) -> tuple[int, ...]:
        """Return the id of a token of each group that a merge joins, of the largest."""
        parts = self.merges[number].parts[:MAX_JOINED]
        return tuple(int(self.tokens[part[0]]) for part in parts)


MAX_JOINED = 4  # groups of a merge of which a token is chosen
GONE = -2  # the colour number of a token that is not there


def merge_history(samples: Samples | None) -> MergeHistory | None:
    """Return the history of samples; None before their clusters are known.

    Samples after the first one whose clusters are not known are left out.
    """
    known = 0 if samples is None else _known(samples.partitions)
    if samples is None or not known:
        return None
    which, distinct = _distinct(samples.partitions[:known])
    ids = np.unique(np.concatenate([p.ids for p in distinct]))
    table = np.full((len(distinct), len(ids)), ABSENT, np.int64)
    for row, partition in zip(table, distinct, strict=True):
        row[np.searchsorted(ids, partition.ids)] = partition.labels
    firsts = np.searchsorted(which, np.arange(len(distinct)))
    tree = merge_tree(table)
    place = np.argsort(tree.order)
    merges = tuple(
        Merge(int(firsts[m.sample]), tuple(place[p] for p in m.parts))
        for m in tree.merges
    )
    t = samples.t[:known]
    f_hat = samples.values.get("f_hat", np.full(known, np.nan))[:known]
    return MergeHistory(
        t,
        f_hat,
        ids[tree.order],
        which,
        _colours(distinct, ids)[:, tree.order],
        table[:, tree.order],
        merges,
        t[[m.sample for m in merges]] if merges else np.zeros(0),
        _labelled(plateaus(f_hat, firsts[1:].tolist()), t, table[which]),
    )


def _known(partitions: tuple[Partition | None, ...]) -> int:
    """Return how many partitions are known from the start on."""
    return next((k for k, p in enumerate(partitions) if p is None), len(partitions))


def _distinct(
    partitions: tuple[Partition | None, ...],
) -> tuple[Ints, list[Partition]]:
    """Return partitions that differ from the one before, and which each sample has."""
    which = np.zeros(len(partitions), np.int64)
    distinct: list[Partition] = []
    for k, partition in enumerate(partitions):
        assert partition is not None
        if not distinct or not (
            partition is distinct[-1]
            or distinct[-1].same(partition.ids, partition.labels)
        ):
            distinct.append(partition)
        which[k] = len(distinct) - 1
    return which, distinct


def _colours(distinct: list[Partition], ids: Ints) -> Ints:
    """Return colour numbers that clusters keep while they live: int (p, m)."""
    out = np.full((len(distinct), len(ids)), GONE, np.int64)
    few = len(distinct[0].ids) <= MAX_OWN_IDS
    before, before_ids = distinct[0].ids[:0], distinct[0].ids[:0]
    for row, partition in zip(out, distinct, strict=True):
        if not np.array_equal(partition.ids, before_ids):
            fresh = partition.ids.copy() if few else np.full(len(partition.ids), LONE)
            there = np.isin(partition.ids, before_ids)
            fresh[there] = before[np.isin(before_ids, partition.ids)]
            before, before_ids = fresh, partition.ids
        labels = partition.labels.astype(np.int64)
        before = (
            keep_own(before, labels, before_ids) if few else keep_large(before, labels)
        )
        row[np.searchsorted(ids, partition.ids)] = before
    return out


def _labelled(
    found: tuple[LevelStretch, ...], t: Floats, labels: Ints
) -> tuple[LabelledPlateau, ...]:
    """Return plateaus at which there are clusters, with Σ αₖ² of their shares."""
    out: list[LabelledPlateau] = []
    for p in found:
        here = labels[p.first]
        sizes = np.bincount(here[here != ABSENT]).astype(float)
        if sizes.max() > 1:
            ends = float(t[p.first]), float(t[p.last])
            out.append(LabelledPlateau(*ends, p.level, shares_squared(sizes)))
    return tuple(out)


def plateau_text(plateau: LabelledPlateau) -> str:
    """Return Σ αₖ² of a plateau, and F̂ where it is another number."""
    share, level = plateau.shares_squared, plateau.level
    text = f"Σα² {general(share, 3)}"
    same = abs(level - share) <= 0.02 * share
    return text if same else f"{text}, F̂ {general(level, 3)}"
