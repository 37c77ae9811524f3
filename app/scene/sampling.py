"""An even sample of very many tokens, to keep drawing fast."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.trace import Peaks

if TYPE_CHECKING:
    from sim.array_types import Ints
    from sim.frame import Frame


def sample(
    frame: Frame,
    max_tokens: int | None,
    chosen: tuple[int, ...],
    hidden: tuple[int, ...] = (),
) -> Ints | None:
    """Return the rows to draw, about `max_tokens` and the `chosen`; None for all.

    Without those that are `hidden` and not chosen, by their ids, unless that is every
    one.  All on a graph, whose edges need both ends.
    """
    n = len(frame.x)
    rest = set(frame.rows_of(tuple(i for i in hidden if i not in chosen)).values())
    if frame.edges is None and 0 < len(rest) < n:
        return np.array([k for k in range(n) if k not in rest])
    if max_tokens is None or n <= max_tokens or frame.edges is not None:
        return None
    even = np.linspace(0, n - 1, max_tokens).round().astype(int)
    known = list(frame.rows_of(chosen).values())
    return np.union1d(even, known).astype(int) if known else even


def subset(frame: Frame, drawn: Ints) -> Frame:
    """Return the frame of the rows `drawn` only, ascending; attention to others too."""
    speed, head = (
        None if a is None else np.asarray(a)[drawn] for a in (frame.speed, frame.head)
    )
    trace = frame.trace
    if trace is not None and frame.speed is not None:  # the scale is that of all
        top = float(np.nan_to_num(frame.speed).max(initial=0))
        state = replace(trace.state, peaks=trace.state.peaks | Peaks(top))
        trace = replace(trace, state=state)
    labels = frame.labels
    if labels is not None:  # renumbered: some clusters are not in the sample
        labels = np.unique(labels[drawn], return_inverse=True)[1]
    names, groups = (
        tuple(a[i] for i in drawn) if a else () for a in (frame.names, frame.groups)
    )
    return replace(
        frame,
        x=frame.x[drawn],
        ids=frame.ids[drawn],
        p=frame.p[drawn] if frame.carrier == "tokens" else frame.p,
        labels=labels,
        names=names,
        groups=groups,
        rows={token: row[:, drawn] for token, row in frame.rows.items()},
        speed=speed,
        head=head,
        trace=trace,
    )
