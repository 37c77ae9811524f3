"""Sums over nodes keep sums that are tiny beside the largest, at any sign of β."""

import numpy as np
import pytest

from sim.jit.llvm import missing
from sim.sums import Problem
from sim.sums.choose import named
from sim.sums.harmonic import node_sums
from sim.sums.row_tiles import tiled_sums as direct

pytestmark = pytest.mark.skipif(missing() is not None, reason="needs llvmlite")
N = 3000


def tokens(d, how):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((N, d))
    if how == "clusters":
        x = np.eye(d)[rng.integers(0, 2, N)] + 0.003 * x
    if how == "equal":
        x = np.ones((N, d))
    if how == "antipodes":
        x = np.where(rng.random((N, 1)) < 0.01, 1, -1) * np.eye(d)[0] + 0 * x
    return x / np.linalg.norm(x, axis=1, keepdims=True)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize("d", [2, 3])
@pytest.mark.parametrize("how", ["clusters", "equal", "antipodes"])
def test_repelling_clusters_are_summed_without_all_pairs(kind, d, how, monkeypatch):
    monkeypatch.setattr(node_sums, "FEWEST_PAIRS", 0)
    monkeypatch.setattr(node_sums, "SAVING", 1)
    beta, seen, pairs = -9.0, [], node_sums.pairwise_sums

    def counted(problem):
        seen.append(problem.shape[1])
        return pairs(problem)

    monkeypatch.setattr(node_sums, "pairwise_sums", counted)
    x = tokens(d, how).astype(kind)
    problem, wide = Problem(x, x, x, beta), x.astype(float)
    found = node_sums.sums_over_nodes(problem)
    wanted = direct(beta * wide, wide, wide)
    bound = named("sphere" if d > 2 else "circle", problem).error(problem)
    assert np.abs(found.mean - wanted.mean).max() <= bound
    eps = np.finfo(kind).eps
    assert np.abs(found.log_z - wanted.log_z).max() <= 4 * bound + 4 * eps * abs(beta)
    assert max(seen) < N


@pytest.mark.slow
def test_a_repelling_cluster_on_the_sphere_is_summed_over_nodes(monkeypatch):
    used, nodes = [], node_sums.sums_over_nodes

    def counted(problem):
        used.append(problem.shape)
        return nodes(problem)

    monkeypatch.setattr("sim.sums.harmonic.expansion.sums_over_nodes", counted)
    x = tokens(3, "clusters")
    problem = Problem(x, x, x, -30.0)
    method = named("sphere", problem)
    wanted = direct(-30.0 * x, x, x)
    assert np.abs(method.sums(problem).mean - wanted.mean).max() <= method.error(
        problem
    )
    assert used
    spread = tokens(3, "uniform")
    wide = Problem(spread, spread, spread, -30.0)
    assert nodes(wide).mean == pytest.approx(
        direct(-30.0 * spread, spread, spread).mean, abs=1e-12
    )
