"""Pictures of lanes in more than three dimensions share their axes."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from app.document.look import Look
from app.scene.projector import Projector
from sim.followed_frames import followed_frames
from sim.lanes import with_shared_axes
from sim.lanes.shared_axes import common_axes


def basis(d, seed):
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(d, 3)))[0]


def last(scenario, t=2.0):
    run = sim.Simulation(scenario, "numpy")
    [frame] = followed_frames(run, [t], sim.FrameRequest(frozenset(), clusters=False))
    return frame


def test_common_axes_average_what_lanes_share_and_move_evenly():
    a, b = basis(30, 0), basis(30, 1)
    found = common_axes([a, b])
    assert np.abs(found.T @ found - np.eye(3)).max() < 1e-12
    assert np.array_equal(common_axes([a, a.copy()]), a)
    # Both planes share two directions and differ in the third by a right angle.
    e = np.eye(30)
    one, two = e[:, :3], np.stack([e[:, 0], e[:, 1], e[:, 5]], axis=1)
    assert np.allclose(common_axes([one, two]), one)
    tilted = np.stack([e[:, 0], (e[:, 1] + e[:, 7]) / 2**0.5, e[:, 5]], axis=1)
    middle = common_axes([one, tilted])[:, 1]
    assert middle @ e[:, 1] == pytest.approx(np.cos(np.pi / 8), abs=0.01)
    for step in (1e-3, 1e-5):  # as continuous as the axes are
        near = np.linalg.qr(b + step * basis(30, 2))[0]
        near *= np.sign((near * b).sum(0))
        assert np.abs(common_axes([a, near]) - found).max() < 100 * step


def test_a_point_is_drawn_at_one_place_in_all_lanes():
    start = sim.edit(sim.Scenario(), {"dimension": 7, "tokens": 12, "seed": 4})
    frames = [last(start), last(sim.edit(start, {"seed": 9}))]
    look = Look()
    before, after = (
        [Projector(f, look).past([frames[0].x], [0.0])[0] for f in each]
        for each in (frames, with_shared_axes(frames))
    )
    assert np.abs(before[0] - before[1]).max() > 0.1
    assert np.array_equal(after[0], after[1])
    low = [last(sim.edit(start, {"dimension": 3})), frames[1]]
    assert with_shared_axes(low) == tuple(low)
    assert with_shared_axes(frames[:1])[0] is frames[0]


def test_axes_that_no_picture_needs_are_not_made(monkeypatch):
    made = []

    def counted(axes):
        made.append(len(axes))
        return common_axes(axes)

    monkeypatch.setattr("sim.lanes.shared_axes.common_axes", counted)
    start = sim.edit(sim.Scenario(), {"dimension": 7, "tokens": 12, "seed": 4})
    frames = [last(start), last(sim.edit(start, {"seed": 9}))]
    shown = with_shared_axes(frames)
    assert not made
    axes = [frame.trace.maps.axes for frame in shown]
    assert set(axes[0]) == {"plain", "directions", "centred directions"}
    assert axes[0]["plain"] is axes[1]["plain"]
    assert made == [2]
    with pytest.raises(KeyError, match="others"):
        axes[0]["others"]
