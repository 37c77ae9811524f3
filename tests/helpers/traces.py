"""Frames that follow others of a run, without the run."""

from dataclasses import replace

from sim.measure.cluster_ids import followed, linked
from sim.trace import Peaks, TokensAtStart, Trace, TraceState


def following(frame, before, *, peaks=None, maps=None, points=(), unit=1.0):
    """Return `frame` as it is where `before` is the state followed last."""
    labels = linked(before.x, before.scenario.space, before.labels)
    clusters = followed(None, before.ids, labels, len(before.x))
    start = TokensAtStart(before.x, before.groups)
    state = TraceState(0, before.t, start, clusters, peaks or Peaks(), maps)
    return replace(frame, trace=Trace(state, frame.t, 0.0, points, unit))
