"""Trails: where each token has been lately, at even places of the run's clock."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from app.scene.projector import CIRCLE
from app.scene.scene import TrailLines
from sim.trail_points import MAX_TRAILS, trail_stride

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.document.look import Look
    from app.scene.projector import Projector
    from sim.array_types import Bools, Floats, Ints
    from sim.frame import Frame
    from sim.trace import Trace, TrailPoint

ROUNDING = 1e-6  # of a place: points this near are at the same one


def trails(frame: Frame, look: Look, projector: Projector) -> TrailLines | None:
    """Return the trails of a frame of a run; None where none are drawn."""
    n, d = frame.x.shape
    trace, run = frame.trace, frame.run
    shown = 0 < n <= MAX_TRAILS and d != CIRCLE and look.trail > 0
    if trace is None or run is None or not shown:
        return None
    stride = trail_stride(look.trail, run.start.tokens, run.start.step)
    past = _points(trace, look.trail, stride)
    rows, there = _rows(frame, past)
    whole = [bool(on_its_way.all()) for on_its_way in there]
    places = zip(past, rows, strict=True)
    x = [point.x if row is None else point.x[row] for point, row in places]
    x = [
        then if all_ else np.where(here[:, None], then, frame.x)
        for then, here, all_ in zip(x, there, whole, strict=True)
    ]
    seen = projector.past(x, [point.t for point in past])
    room = math.ceil(look.trail / trace.unit / stride) + 2  # always as many
    points = np.empty((room, n, 3), np.float32)
    ages = np.zeros(room, np.float32)
    points[-1] = projector.projected.points
    for k in range(room - 1):  # backwards from the present, then where it began
        at, known = room - 2 - k, len(past) - 1 - k
        points[at], ages[at] = points[at + 1], ages[at + 1]
        if known >= 0:
            here = slice(None) if whole[known] else there[known]
            points[at][here] = seen[known][here]
            ages[at] = trace.coordinate - past[known].coordinate
    newest = past[-1].place // stride if past else 0
    return TrailLines(points, ages, look.trail, newest - (room - 2))


def _points(trace: Trace, length: float, stride: int) -> list[TrailPoint]:
    """Return the points of a trail, oldest first: the first one is beyond its end."""
    now = trace.coordinate / trace.unit
    first = math.floor((now - length / trace.unit) / stride) * stride
    return [
        p
        for p in trace.points
        if p.place % stride == 0 and first <= p.place < now - ROUNDING
    ]


def _rows(
    frame: Frame, past: Sequence[TrailPoint]
) -> tuple[list[Ints | None], list[Bools]]:
    """Return the row of each token at each point, and whether it was on its way then.

    None for rows that are the same as now.  A token that was put somewhere by hand
    begins there.
    """
    ids, begun = frame.ids, _begun(frame) - ROUNDING * frame.scenario.step
    rows: list[Ints | None] = []
    there: list[Bools] = []
    for point in past:
        if np.array_equal(point.tokens, ids):  # as in most runs
            rows.append(None)
            there.append(point.t >= begun)
            continue
        row = np.minimum(np.searchsorted(point.tokens, ids), len(point.tokens) - 1)
        rows.append(row)
        there.append((point.tokens[row] == ids) & (point.t >= begun))
    return rows, there


def _begun(frame: Frame) -> Floats:
    """Return since when each token has moved by itself: (n,)."""
    out = np.full(len(frame.ids), -np.inf)
    for t, moved in frame.run.moves if frame.run is not None else ():
        if t > frame.t + ROUNDING * frame.scenario.step:
            break
        out[list(frame.rows_of(moved).values())] = t
    return out
