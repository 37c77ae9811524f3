"""An even sample of very many tokens, for a picture that must not take long."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.array_types import Ints
    from sim.frame import Frame


def sample(frame: Frame, most: int | None, chosen: tuple[int, ...]) -> Ints | None:
    """Return the tokens to draw, about `most` and the `chosen`; None for all.

    All where there is a graph: its edges would lead nowhere.
    """
    n = len(frame.x)
    if most is None or n <= most or frame.edges is not None:
        return None
    even = np.linspace(0, n - 1, most).round().astype(int)
    known = [i for i in chosen if 0 <= i < n]
    return np.union1d(even, known).astype(int) if known else even


def subset(frame: Frame, some: Ints) -> Frame:
    """Return the frame of `some` tokens alone, ascending; rows are theirs too."""
    speed, head = (
        None if a is None else np.asarray(a)[some] for a in (frame.speed, frame.head)
    )
    labels = frame.labels
    if labels is not None:  # numbered anew: some clusters are not in the sample
        labels = np.unique(labels[some], return_inverse=True)[1]
    names, groups = (
        tuple(a[i] for i in some) if a else () for a in (frame.names, frame.groups)
    )
    return replace(
        frame,
        x=frame.x[some],
        p=frame.p[some] if frame.carrier == "tokens" else frame.p,
        labels=labels,
        names=names,
        groups=groups,
        rows={
            int(np.searchsorted(some, r)): row[:, some]
            for r, row in frame.rows.items()
            if r in some
        },
        speed=speed,
        head=head,
    )
