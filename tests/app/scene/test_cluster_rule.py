"""One rule of clusters: the number, matrix, rings, tables, labels and colours agree."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from app.canvas.hit_test import cluster_members
from app.document.look import Look
from app.plots.headings import heading
from app.scene.builder import SceneBuilder
from app.scene.matrix_order import attention_image
from app.theme.palette import DARK
from sim.frame import FrameRequest
from sim.measure.clusters import cluster_rule
from sim.recorders.trajectory import Trajectory
from sim.scenario import Scenario, edit
from sim.simulation import Simulation
from sim.spaces import Space

REQUEST = FrameRequest(observables=frozenset({"clusters"}), matrix=288)
SPACES = sorted(Space.kinds())


def placed(space: str, x: np.ndarray):
    """Return the frame of tokens at `x`, as the space projects them."""
    n, d = x.shape
    s = edit(Scenario(tokens=n, dimension=d), {"space": space, "dynamics.beta": 1.0})
    run = Simulation(s, "numpy")
    frame = run.frame(request=REQUEST)
    run.restore(dataclasses.replace(frame, x=s.space.project_point(x)))
    return run.frame(request=REQUEST)


def crowded(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    """Return tokens near some places, closer and farther than the threshold."""
    places = rng.normal(size=(rng.integers(1, n + 1), d))
    lengths = np.exp(rng.normal(size=(n, 1)))
    at = places[rng.integers(0, len(places), n)]
    near = at / np.linalg.norm(at, axis=1, keepdims=True)
    return lengths ** rng.integers(0, 2) * (near + 0.03 * rng.normal(size=(n, d)))


def linked(frame) -> np.ndarray:
    """Return which tokens the stated rule links: bool (n, n)."""
    rule = cluster_rule(frame.scenario.space)
    kind, bound = rule.split()[0], float(rule.split()[-1])
    x = frame.x
    if kind == "distance":
        return np.linalg.norm(x[:, None] - x, axis=-1) < bound
    y = x / np.linalg.norm(x, axis=1, keepdims=True)
    return y @ y.T > bound


def components(near: np.ndarray) -> int:
    """Return the number of components: by the rank of the graph's Laplacian."""
    degree = np.diag(near.sum(axis=1))
    return len(near) - np.linalg.matrix_rank(degree - near)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("d", [3, 8])
@pytest.mark.parametrize("space", SPACES)
def test_all_views_count_the_same_clusters(space, d, seed):
    rng = np.random.default_rng([seed, d, SPACES.index(space)])
    frame = placed(space, crowded(rng, int(rng.integers(2, 70)), d))
    builder = SceneBuilder(DARK)
    scene = builder.build(frame, Look())
    info = builder.info
    labels = frame.labels
    count = frame.measures["clusters"]
    assert count == components(linked(frame))
    assert count == len(np.unique(labels))
    assert count == np.count_nonzero(scene.mass)
    assert count == len({row[-1] for row in Trajectory().rows(frame)})
    assert len(attention_image(frame, info.cluster_ids).cuts) + 1 == count
    for k in range(len(labels)):
        members = cluster_members(info.labels, k)
        assert np.array_equal(members, np.flatnonzero(labels == labels[k]))
        assert len(np.unique(info.cluster_ids[members])) == 1  # of one colour


def test_a_longer_token_is_another_cluster_in_flat_space_alone():
    x = np.array([[1.0, 0, 0], [2.0, 0, 0]])
    found = {kind: placed(kind, x).measures["clusters"] for kind in SPACES}
    assert found.pop("flat") == 2
    assert set(found.values()) == {1}


def test_the_threshold_stands_beside_the_number():
    for kind in SPACES:
        scenario = edit(Scenario(), {"space": kind})
        bound = "distance < 0.0447" if kind == "flat" else "cos > 0.999"
        assert cluster_rule(scenario.space) == bound
        assert heading("clusters", scenario).tip == bound
        assert heading("clusters", scenario).formula == f"components of {bound}"


@pytest.mark.slow
@pytest.mark.parametrize(("n", "looser"), [(16, True), (96, True), (600, False)])
def test_the_legend_says_where_colours_join_more(n, looser):
    frame = Simulation(Scenario(tokens=n), "numpy").frame()
    builder = SceneBuilder(DARK)
    builder.build(frame, Look())
    legend = builder.info.legend
    note = "" if legend is None else legend.note
    assert note.endswith("one cluster: cos > 0.999") == looser
    assert note.startswith("one colour: cos > 0.9") == looser
    builder.build(frame, Look(colour="index"))
    assert builder.info.legend.note == ""
