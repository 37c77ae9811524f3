"""Projections never flicker, never flip, and say how much they show."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from helpers.traces import following

from sim.frame import Frame
from sim.projections import Projection, onto_globe, share
from sim.projections.axes import Axes
from sim.projections.guided import FRONT_DIRECTION, Guided, apart, facing, next_map
from sim.projections.pca import Pca, followed, principal
from sim.scenario import Scenario, edit
from sim.trace import Maps, Trace

SPHERE = edit(Scenario(), {"tokens": 60, "dimension": 12})
FLAT = edit(SPHERE, {"space": "flat"})


def frame(x, scenario=SPHERE, t=0.0, labels=None, groups=()):
    p = np.zeros((0, x.shape[1]))
    parts = {"scenario": scenario, "t": t, "x": x, "p": p, "epoch": 0}
    return Frame(**parts, measures={}, labels=labels, groups=groups)


def seen(projection, shown):
    """Return what a projection shows of a frame, and the share of its variance."""
    projector = projection.projector(shown)
    return projector.points(shown.x, shown.t), projector.share()


def cloud(n=60, d=12, seed=0):
    x = np.random.default_rng(seed).standard_normal((n, d))
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def crossing(s):
    """Tokens whose third and fourth variances cross as s goes from 0 to 1."""
    scale = np.ones(12) * 0.1
    scale[:4] = 3.0, 2.0, 1.5 - s, 0.5 + s
    return np.random.default_rng(1).standard_normal((60, 12)) * scale


@pytest.mark.parametrize("kind", sorted(Projection.kinds()))
@pytest.mark.parametrize("scenario", [SPHERE, FLAT])
def test_every_projection_sees_every_token(kind, scenario):
    projection = Projection.member(kind)()
    points, part = seen(projection, frame(cloud(), scenario))
    assert points.shape == (60, 3)
    assert np.isfinite(points).all()
    assert 0 < part < 1
    assert projection.caption()


@pytest.mark.parametrize("make", [Pca, Guided])
def test_on_bounded_spaces_tokens_are_on_the_globe_if_wanted(make):
    on, _ = seen(make(), frame(cloud()))
    assert np.linalg.norm(on, axis=1) == pytest.approx(1)
    inside, _ = seen(make(onto_globe=False), frame(cloud()))
    assert np.linalg.norm(inside, axis=1).max() <= 1 + 1e-12
    assert make().surface()
    assert not make(onto_globe=False).surface()
    assert not Axes().surface()


def test_pca_finds_the_principal_axes():
    x = crossing(0.0)
    points, part = seen(Pca(onto_globe=False), frame(x, FLAT))
    y = x - x.mean(axis=0)
    s = np.linalg.svd(y, compute_uv=False)
    assert part == pytest.approx((s[:3] ** 2).sum() / (s**2).sum())
    spread = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    assert spread == pytest.approx(s[:3], rel=1e-3)


def test_pca_turns_smoothly_where_axes_cross_and_arrives():
    steps = 240
    axes = [principal(crossing(0.0))]
    for k in range(1, steps + 1):
        axes.append(followed(crossing(k / steps), axes[-1]))
    last = axes[-1]
    moves = [np.linalg.norm(b - a, 2) for a, b in itertools.pairwise(axes)]
    assert max(moves) < 0.1  # radians a frame: six a second
    for _ in range(60):
        last = followed(crossing(1.0), last)
    assert last.T @ last == pytest.approx(np.eye(3), abs=1e-9)
    x = crossing(1.0) - crossing(1.0).mean(axis=0)
    best = np.linalg.svd(x, full_matrices=False)[2][:3].T
    assert share(x, last) > 0.99 * share(x, best)


def test_pca_stands_still_where_tokens_do():
    x = cloud()
    old = principal(x)
    for _ in range(600):
        old = followed(x, old)
    assert np.abs(followed(x, old) - old).max() < 1e-3


def test_pca_keeps_its_axes_when_all_tokens_meet():
    x = cloud()
    old = principal(x)
    place = cloud(1)
    for s in np.linspace(0, 1, 200):
        new = followed((1 - s) * x + s * place, old)
        assert np.linalg.norm(new - old, 2) < 0.2
        old = new
    one, part = seen(Pca(), frame(np.repeat(place, 60, axis=0)))
    assert np.ptp(one, axis=0).max() < 1e-9
    assert part == 1.0


def test_groups_are_seen_apart_and_the_map_rests():
    rng = np.random.default_rng(3)
    home = np.linalg.qr(rng.standard_normal((12, 12)))[0][:8]
    number = np.repeat(np.arange(8), 10)
    x = home[number] + 0.1 * rng.standard_normal((80, 12))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    groups = tuple(f"group {k}" for k in number)
    first = frame(x, groups=groups)
    points, part = seen(Guided(), first)
    middles = onto_globe(np.stack([points[number == k].mean(axis=0) for k in range(8)]))
    cos = middles @ middles.T - 2 * np.eye(8)
    assert cos.max() < 0.5  # eight directions can be 74.9 degrees apart
    assert 0 < part < 1
    again, _ = seen(Guided(), following(frame(x[::-1], groups=groups), first))
    assert np.array_equal(again, points[::-1])


def test_clusters_are_sent_apart_little_by_little():
    rng = np.random.default_rng(5)
    home = cloud(5, 12, seed=4)
    x = np.repeat(home, 12, axis=0) + 1e-3 * rng.standard_normal((60, 12))
    labels = np.repeat(np.arange(5), 12)
    axes, map_ = principal(x), None
    shown = [onto_globe(x @ axes)]
    for _ in range(200):
        map_ = next_map(x, labels, axes, map_, bounded=True)
        shown.append(onto_globe(x @ map_))
    moves = [np.abs(b - a).max() for a, b in itertools.pairwise(shown)]
    assert max(moves) < 0.12
    last = shown[-1][::12]
    assert (last @ last.T - 2 * np.eye(5)).max() < 0.25  # five at best: 90 degrees


def test_without_groups_or_clusters_guided_shows_principal_axes():
    a, _ = seen(Guided(), frame(cloud(), labels=np.arange(60)))
    b, _ = seen(Pca(), frame(cloud()))
    assert np.array_equal(a, b)


def test_repelling_directions_come_to_rest_even_from_one_place():
    y = apart(np.repeat([[0.0, 0.0, 1.0]], 4, axis=0), 400)
    cos = (y @ y.T)[np.triu_indices(4, 1)]
    assert cos == pytest.approx(np.full(6, -1 / 3), abs=0.02)  # a tetrahedron


def test_the_best_side_faces_the_front():
    y = apart(cloud(8, 3), 400)
    turned = facing(y)
    assert turned @ turned.T == pytest.approx(y @ y.T)
    assert np.linalg.det(np.linalg.lstsq(y, turned, rcond=None)[0]) == pytest.approx(1)
    assert (turned @ FRONT_DIRECTION > 0.3).sum() >= 4
    assert facing(np.array([-FRONT_DIRECTION])) @ FRONT_DIRECTION > 0.7


def test_maps_move_evenly_from_one_place_of_the_clock_to_the_next():
    first = frame(cloud())
    axes = [principal(crossing(0.0))]
    for k in (0.2, 0.4):
        axes.append(followed(crossing(k), axes[-1]))
    state = following(first, first).trace.state
    maps, earlier = (
        Maps({"plain": axes[2]}, 4 * axes[2]),
        Maps({"plain": axes[1]}, 2 * axes[1]),
    )
    state = replace(state, maps=maps, earlier=earlier)
    at = [Trace(state, 0.0, share, (), 1.0).maps for share in (0.0, 0.5, 1.0)]
    assert at[0].axes["plain"] == pytest.approx(axes[1])
    assert at[2].axes["plain"] == pytest.approx(axes[2])
    assert at[1].axes["plain"].T @ at[1].axes["plain"] == pytest.approx(
        np.eye(3), abs=1e-12
    )
    assert at[1].guided == pytest.approx((maps.guided + earlier.guided) / 2)


def test_the_share_of_a_map_ignores_lengths_and_angles():
    x = crossing(0.0)
    axes = np.eye(12)[:, :3]
    skew = axes @ np.array([[3.0, 1.0, 0.0], [0.0, 1.0, 2.0], [0.0, 0.0, 0.1]])
    assert share(x, skew) == pytest.approx(share(x, axes))
    assert share(np.ones((5, 12)), axes) == 1.0
    assert share(x, np.eye(12)) == pytest.approx(1.0)


def test_a_token_that_is_seen_nowhere_goes_to_the_pole():
    assert onto_globe(np.zeros((1, 3))).tolist() == [[0.0, 0.0, 1.0]]
