"""What is known of a run: its changes, how far it came, and what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.array_types import Floats, Ints
    from sim.schedule import Run


@dataclass(frozen=True, slots=True, eq=False)
class Partition:
    """The clusters of all tokens at one time, or over some time; never changed.

    Attributes
    ----------
    ids : int, shape (n,)
        The tokens.
    labels : int, shape (n,)
        The cluster of each.
    """

    ids: Ints
    labels: Ints

    def same(self, ids: Ints, labels: Ints) -> bool:
        """Whether these tokens are in these clusters."""
        return np.array_equal(self.ids, ids) and np.array_equal(self.labels, labels)


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """What a series knew at one moment; never changed.

    Attributes
    ----------
    spacing : float
        Clock coordinate between two samples.
    t : shape (s,)
        Times, from 0.
    values : dict of str to shape (s,)
        Values of observables by kind; NaN where one has no meaning or is not known yet.
    partitions : tuple of Partition or None
        The clusters at each time, the same object while they are the same; None where
        they are not known, or of more than 512 tokens.
    """

    spacing: float
    t: Floats
    values: Mapping[str, Floats]
    partitions: tuple[Partition | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a run at one moment.

    Attributes
    ----------
    run : Run
        The start and the changes, those to come included.
    end : float
        The latest time that was reached.
    samples : Samples
        Observables at even times up to there.
    edits : int
        How many edits the engine has carried out.
    """

    run: Run
    end: float
    samples: Samples
    edits: int = 0
