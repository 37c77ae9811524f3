"""Segment reductions: sums and maxima of rows by owner, on any array library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import Array, namespace, sum_of

if TYPE_CHECKING:
    from sim.array_types import Floats, Ints

GROUP_WIDTH = 8  # rows of one owner that are reduced together


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a reduction: groups of at most w rows, each of one owner.

    Attributes
    ----------
    slots : Array, int, shape (groups · w,)
        The rows of every group; the number past the last row is padding.
    width : int
        w.
    """

    slots: Array
    width: int

    def grouped(self, v: Array, padding: float) -> Array:
        """Return the rows of `v`, group by group: (..., r, d) -> (..., g, w, d)."""
        xp = namespace(v)
        none = xp.full((*v.shape[:-2], 1, v.shape[-1]), padding, dtype=v.dtype)
        picked = xp.take(xp.concat([v, none], axis=-2), self.slots, axis=-2)
        return xp.reshape(picked, (*v.shape[:-2], -1, self.width, v.shape[-1]))


@dataclass(frozen=True, slots=True)
class SegmentReduction:
    """Reduces rows eight at a time, level by level, until each owner has one left.

    Memory is of order n log n at worst, for a star.

    Attributes
    ----------
    levels : tuple of Level
        From the rows up.
    signs : Array, shape (groups, w, 1), optional
        Factors of the rows in the first level's groups.
    """

    levels: tuple[Level, ...] = ()
    signs: Array | None = None

    @staticmethod
    def of(
        owners: Ints, count: int, like: Array, signs: Floats | None = None
    ) -> SegmentReduction:
        """Return the reduction of `count` owners, beside `like`.

        Parameters
        ----------
        owners : int, shape (r, k)
            The k owners of each of r rows.
        count : int
            Number of owners; some may have no rows.
        like : Array
            An array of the library and type that will be reduced.
        signs : shape (r · k,), optional
            Factors by which each owner multiplies each row.
        """
        xp, past = namespace(like), len(owners)
        who = owners.reshape(-1)
        rows = np.repeat(np.arange(past), owners.shape[1])
        order = np.argsort(who, kind="stable")
        who, rows = who[order], rows[order]
        slots, place, who = _grouped_rows(who, rows, past, count)
        levels, factors = [slots], np.zeros(slots.shape)
        if signs is not None:
            factors.reshape(-1)[place] = signs[order]
        while len(who) > count:
            past = len(who)
            slots, _, who = _grouped_rows(who, np.arange(past), past, count)
            levels.append(slots)
        return SegmentReduction(
            tuple(Level(xp.asarray(s.reshape(-1)), s.shape[1]) for s in levels),
            None if signs is None else xp.asarray(factors[..., None], dtype=like.dtype),
        )

    def segment_sum(self, v: Array) -> Array:
        """Return the signed sums of rows by owner: (..., r, d) -> (..., count, d)."""
        v = self.levels[0].grouped(v, 0.0)
        v = sum_of(v if self.signs is None else v * self.signs, -2)
        for level in self.levels[1:]:
            v = sum_of(level.grouped(v, 0.0), -2)
        return v

    def segment_max(self, v: Array) -> Array:
        """Return the entrywise maximum of each owner's rows, −∞ for no rows.

        Shapes (..., r, d) -> (..., count, d); signs are ignored.
        """
        xp = namespace(v)
        for level in self.levels:
            v = xp.max(level.grouped(v, -xp.inf), axis=-2)
        return v

    def without_signs(self) -> SegmentReduction:
        """Return the same reduction with signs +1."""
        if self.signs is None:
            return self
        return SegmentReduction(self.levels, namespace(self.signs).abs(self.signs))


EMPTY = SegmentReduction()


def _grouped_rows(
    who: Ints, rows: Ints, past: int, count: int
) -> tuple[Ints, Ints, Ints]:
    """Split `rows`, sorted by their owners `who`, into groups of one owner.

    Returns the slots of all groups, (g, w), padded with `past`; the flat slot of each
    row; and the owner of each group.  Every owner has a group.
    """
    held = np.bincount(who, minlength=count)
    width = int(np.clip(held.max(initial=1), 1, GROUP_WIDTH))
    groups = np.maximum(1, -(-held // width))
    first = np.cumsum(groups) - groups
    rank = np.arange(len(who)) - np.repeat(np.cumsum(held) - held, held)
    place = first[who] * width + rank
    slots = np.full((int(groups.sum()), width), past)
    slots.reshape(-1)[place] = rows
    return slots, place, np.repeat(np.arange(count), groups)
