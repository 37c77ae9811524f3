"""Causal sums by blocks agree with those over all pairs, and are chosen when many."""

import numpy as np
import pytest

from sim.jit.llvm import missing
from sim.masks.causal import Causal
from sim.sums import Problem
from sim.sums.choose import choose, named
from sim.sums.methods import blocks
from sim.sums.row_tiles import tiled_sums as direct

pytestmark = pytest.mark.skipif(missing() is not None, reason="needs llvmlite")


def tokens(n, d, how, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, d))
    if how == "clusters":
        x = np.eye(d)[rng.integers(0, d, n)] + 0.02 * x
    if how == "antipodes":
        x = np.where(rng.random((n, 1)) < 0.5, 1, -1) * np.eye(d)[0] + 0 * x
    if how == "lone":
        x = np.ones((n, d))
        x[n // 2] = -1
    return x / np.linalg.norm(x, axis=1, keepdims=True)


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(blocks, "ROWS", 192)
    monkeypatch.setattr(blocks, "FEWEST", 400)


@pytest.mark.slow
@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize("d", [2, 3])
@pytest.mark.parametrize("beta", [-4.0, 9.0])
@pytest.mark.parametrize("how", ["uniform", "clusters", "antipodes", "lone"])
def test_sums_are_the_direct_ones(kind, d, beta, how):
    x = tokens(700, d, how).astype(kind)
    problem = Problem(x, x, x, beta, Causal())
    method = named("blocks", problem)
    found, wide = method.sums(problem), x.astype(float)
    wanted = direct(beta * wide, wide, wide, Causal())
    bound = method.error(problem)
    assert np.abs(found.mean - wanted.mean).max() <= bound
    slack = 4 * bound + 8 * np.finfo(kind).eps * (1 + abs(beta))
    assert np.abs(found.log_z - wanted.log_z).max() <= slack


@pytest.mark.slow
@pytest.mark.usefixtures("small")
def test_queries_and_values_may_be_others_and_there_may_be_heads():
    q, k = tokens(1000, 3, "uniform", 1), tokens(500, 3, "uniform", 2)
    y = np.random.default_rng(0).standard_normal((500, 2))
    problem = Problem(q.reshape(2, 500, 3), k, y, 6.0, Causal())
    found = named("blocks", problem).sums(problem)
    for head in range(2):
        wanted = direct(6 * q.reshape(2, 500, 3)[head], k, y, Causal())
        assert np.abs(found.mean[head] - wanted.mean).max() < 1e-12


def test_blocks_are_chosen_for_many_tokens_alone():
    x = tokens(20_000, 3, "uniform").astype(np.float32)
    assert choose(Problem(x, x, x, 9.0, Causal())).method.name == "blocks"
    few = x[:1000]
    assert choose(Problem(few, few, few, 9.0, Causal())).method.name == "fused"
    with pytest.raises(ValueError, match="needs 6144 tokens, got 1000"):
        named("blocks", Problem(few, few, few, 9.0, Causal()))
    with pytest.raises(ValueError, match="is made for the causal mask alone"):
        named("blocks", Problem(x, x, x, 9.0))
