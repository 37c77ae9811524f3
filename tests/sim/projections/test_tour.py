"""A tour of subspaces: orthonormal, of a known speed, a function of time alone."""

from __future__ import annotations

import numpy as np
import pytest

from sim.frame import FrameRequest
from sim.projections.guided import Guided
from sim.projections.tour import LEG, Tour, grand_tour, towards
from sim.scenario import Scenario
from sim.simulation import Simulation

TIMES = np.linspace(0, 150 * LEG, 700)  # beyond two blocks of legs


def angles(a, b):
    return np.arccos(np.linalg.svd(a.T @ b)[1].clip(-1, 1))


@pytest.mark.parametrize("d", [4, 5, 9])
def test_frames_are_orthonormal_and_turn_no_faster_than_said(d):
    h = 1e-3
    for s in TIMES[::7]:
        f, later = grand_tour(d, s), grand_tour(d, s + h)
        assert np.allclose(f.T @ f, np.eye(3), atol=1e-9)
        assert angles(f, later).max() <= h * 1.001 + 1e-7
        assert np.linalg.norm(later - f, 2) <= 2 * h  # nor does it spin within itself


def test_it_stops_nowhere_and_comes_near_every_view():
    d = 4
    normals = np.array([np.linalg.svd(grand_tour(d, s))[0][:, 3] for s in TIMES])
    wanted = np.random.default_rng(1).standard_normal((40, d))
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    nearest = np.degrees(np.arccos(np.abs(wanted @ normals.T).max(axis=1)))
    assert nearest.max() < 30
    assert np.median(nearest) < 12


def test_the_view_is_that_of_the_time_whatever_was_seen_before():
    first = grand_tour(6, 40.0)
    for s in (0.0, 500.0, 3.0):
        grand_tour(6, s)
    assert np.array_equal(first, grand_tour(6, 40.0))


def test_a_guided_tour_shows_more_of_what_separates_clusters():
    frame = Simulation(Scenario(tokens=40, dimension=12, seed=2)).frame(
        request=FrameRequest(observables=frozenset())
    )
    guide = Guided().projector(frame).map_
    shares = [
        np.mean(
            [
                np.linalg.norm(np.linalg.qr(guide)[0].T @ towards(f, guide, w))
                for f in map(grand_tour, [12] * 40, TIMES[:40])
            ]
        )
        for w in (0.0, 0.3, 0.6, 0.9)
    ]
    assert shares == sorted(shares)
    assert shares[-1] > 0.95 * 3**0.5 > 1.2 * shares[0]


def test_the_share_is_that_of_the_frame_shown():
    frame = Simulation(Scenario(tokens=40, dimension=7, seed=2)).frame()
    shown = Tour(speed=0.7, onto_globe=False).projector(frame)
    x = np.asarray(frame.x, float)
    y = np.asarray(shown.points(frame.x, frame.t), float)
    want = y.var(axis=0).sum() / x.var(axis=0).sum()
    assert shown.share() == pytest.approx(want, rel=1e-4)
