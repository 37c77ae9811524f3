"""Shapes and norms of matrices that are named are those of the matrices in force."""

import math

import numpy as np
import pytest

from sim.attention.layer_schedule import draw_layers
from sim.scenario import Scenario, edit
from sim.seed import Seed
from sim.weight_sizes import matrix_size

HEADS = "dynamics.heads"
DRAWN = {
    f"{HEADS}.count": 3,
    f"{HEADS}.query": "gaussian",
    f"{HEADS}.key": "low_rank",
    f"{HEADS}.value": "rotation",
    f"{HEADS}.mlp": "composed",
    f"{HEADS}.depth.layers": 2,
}


def largest(matrices):
    """Return the largest singular value by the eigenvalues of MᵀM."""
    return max(math.sqrt(np.linalg.eigvalsh(m.T @ m)[-1]) for m in matrices)


def test_sizes_are_those_of_the_matrices_in_force():
    run = edit(Scenario(tokens=5, dimension=4, precision="float64"), DRAWN)
    like = np.zeros((run.tokens, run.dimension))
    layers = draw_layers(run.dynamics.attention_heads, like, Seed(run.seed))
    found = {
        "query": [m for one in layers for m in one.query],
        "key": [m for one in layers for m in one.key],
        "value": [m for one in layers for m in one.value],
        "mlp.first": [m for one in layers for m in one.feed_forward.net.first],
        "mlp.second": [m for one in layers for m in one.feed_forward.net.second],
    }
    for name, matrices in found.items():
        size = matrix_size(run, f"{HEADS}.{name}", 4)
        assert (size.count, size.rows, size.columns) == (6, *matrices[0].shape)
        assert size.norm == pytest.approx(largest(matrices), rel=1e-12)


def test_what_is_no_matrix_or_too_large_has_no_size():
    run = edit(Scenario(), {f"{HEADS}.value": "gaussian", f"{HEADS}.count": 16})
    assert matrix_size(run, "dynamics.beta", 3) is None
    assert matrix_size(run, f"{HEADS}.mask", 3) is None
    assert matrix_size(run, f"{HEADS}.value", 4096) is None
    assert math.isnan(matrix_size(run, f"{HEADS}.value", 128).norm)
