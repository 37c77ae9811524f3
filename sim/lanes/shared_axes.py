"""One basis for the pictures of all lanes in more than three dimensions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.trace import LazyAxes, Maps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.array_types import Floats
    from sim.frame import Frame

ROUNDS = 4  # towards the axes that all lanes have in common


def with_shared_axes(frames: Sequence[Frame]) -> tuple[Frame, ...]:
    """Return frames of one moment with the same principal axes in all of them.

    So that a token at the same place of R^d is drawn at the same place of every
    picture.  Frames without axes, or of another d than the first, are left alone; so
    are maps that follow the clusters of a run.
    """
    if len(frames) == 1 or (first := _shapes(frames[0])) is None:
        return tuple(frames)
    alike = [maps for f in frames if _shapes(f) == first and (maps := _maps(f))]
    shared = LazyAxes(
        first, lambda name: common_axes([maps.axes[name] for maps in alike])
    )
    return tuple(
        _with_axes(frame, shared) if _shapes(frame) == first else frame
        for frame in frames
    )


def common_axes(axes: Sequence[Floats]) -> Floats:
    """Return the basis nearest to all of these, in the order of the first: (d, 3).

    Rounds of A ← polar(Σₖ AₖAₖᵀ A) from the first one on: directions that lanes share
    are averaged, others stay those of the first lane.  Continuous in all of them.
    """
    out = axes[0]
    if all(each is out or np.array_equal(each, out) for each in axes[1:]):
        return out
    for _ in range(ROUNDS):
        u, _, v = np.linalg.svd(
            sum(each @ (each.T @ out) for each in axes), full_matrices=False
        )
        out = u @ v
    return out


def _maps(frame: Frame) -> Maps | None:
    return None if frame.trace is None else frame.trace.maps


def _shapes(frame: Frame) -> dict[str, tuple[int, ...]] | None:
    """Return the shapes of a frame's axes by name, None without any."""
    maps = None if frame.trace is None else frame.trace.state.maps
    return None if maps is None else {k: axes.shape for k, axes in maps.axes.items()}


def _with_axes(frame: Frame, shared: Mapping[str, Floats]) -> Frame:
    maps, trace = _maps(frame), frame.trace
    if trace is None or maps is None:
        return frame
    state = replace(trace.state, maps=Maps(shared, maps.guided), earlier=None)
    return replace(frame, trace=replace(trace, state=state))
