"""Sums of many small runs at once: each run as if it were alone, to the last bit."""

import numpy as np
import pytest
from helpers.sampling import drawn
from hypothesis import given
from hypothesis import strategies as st

from sim.jit.llvm import missing
from sim.jit.machine import machine
from sim.jit.scratch import scratch
from sim.masks.causal import Causal
from sim.masks.others import Others
from sim.sums import Problem
from sim.sums.batched import reference
from sim.sums.batched.driver import spec_of
from sim.sums.batched.kernel import batch_kernel, held_vectors
from sim.sums.choose import best, choose
from sim.sums.methods.batched import MAX_KEYS
from sim.sums.row_tiles import tiled_sums as direct

pytestmark = pytest.mark.skipif(missing() is not None, reason="needs llvmlite")
SHAPES = ["uniform", "clusters", "antipodes", "equal", "duplicates"]


def tokens(runs, n, d, how, kind, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((runs, n, d))
    if how == "clusters":
        x = np.eye(d)[rng.integers(0, d, (runs, n))] + 0.02 * x
    if how == "antipodes":
        x = np.where(rng.random((runs, n, 1)) < 0.5, 1, -1) * np.eye(d)[0] + 0 * x
    if how == "equal":
        x = np.ones((runs, n, d))
    if how == "duplicates":
        x = x[:, rng.integers(0, n, n)]
    x /= np.linalg.norm(x, axis=-1, keepdims=True)
    return x.astype(kind)[:, None]


def agree(problem):
    method = best(problem)
    assert method.name == "batched"
    found = method.sums(problem)
    q, k, y = (a.astype(float) for a in (problem.queries, problem.keys, problem.values))
    wanted = direct(problem.scale * q, k, y, problem.mask)
    bound = method.error(problem)
    eps = float(np.finfo(problem.kind).eps)
    assert found.mean.dtype == problem.kind and found.mean.shape == wanted.mean.shape
    longest = np.linalg.norm(y, axis=-1).max()
    assert np.abs(found.mean - wanted.mean).max() <= bound * longest
    slack = 4 * bound + 8 * eps * (1 + problem.max_score)
    assert np.abs(found.log_z - wanted.log_z).max() <= slack


@given(
    kind=st.sampled_from(["float32", "float64"]),
    runs=st.sampled_from([1, 3, 8, 17, 40]),
    n=st.sampled_from([1, 2, 5, 32, 33]),
    d=st.sampled_from([2, 9]),
    beta=st.sampled_from([-64.0, -1.0, 0.0, 4.0, 81.0, 2000.0]),
    how=st.sampled_from(SHAPES),
    mask=st.sampled_from([None, Causal(), Others()]),
    heads=st.sampled_from([0, 1, 3]),
)
@drawn(24)
@pytest.mark.slow
def test_runs_agree_with_the_direct_sum(kind, runs, n, d, beta, how, mask, heads):
    x = tokens(runs, n, d, how, kind)
    q = x
    if heads:
        q = x @ np.random.default_rng(1).standard_normal((heads, d, d)).astype(kind)
    agree(Problem(q, x, x, beta, mask))
    agree(Problem(q, x, x[..., :1].copy(), beta, mask))


@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_a_run_has_the_same_bits_among_any_others(kind):
    x = tokens(21, 10, 3, "uniform", kind)
    whole = best(Problem(x, x, x, 9.0)).sums(Problem(x, x, x, 9.0))
    for some in (slice(0, 1), slice(3, 8), slice(20, 21)):
        part = np.ascontiguousarray(x[some])
        found = best(Problem(part, part, part, 9.0)).sums(
            Problem(part, part, part, 9.0)
        )
        for a, b in zip(
            (whole.top, whole.mass, whole.mean),
            (found.top, found.mass, found.mean),
            strict=True,
        ):
            assert a[some].tobytes() == b.tobytes()


def test_a_run_that_ran_away_leaves_the_others_alone():
    x = tokens(9, 6, 2, "uniform", "float64")
    wanted = best(Problem(x, x, x, 4.0)).sums(Problem(x, x, x, 4.0)).mean.copy()
    x[4] = np.nan
    x[5, 0, 2] = np.inf
    found = best(Problem(x, x, x, 4.0)).sums(Problem(x, x, x, 4.0)).mean
    rest = [0, 1, 2, 3, 6, 7, 8]
    assert found[rest].tobytes() == wanted[rest].tobytes()


def test_which_problems_are_batched_depends_on_their_shape_alone():
    x = tokens(2, 40, 3, "uniform", "float64")
    assert choose(Problem(x, x, x, 4.0)).method.name == "batched"
    assert best(Problem(x[0], x[0], x[0], 4.0)).name == "direct"
    many = tokens(2, MAX_KEYS + 1, 2, "uniform", "float64")
    assert best(Problem(many, many, many, 4.0)).name != "batched"


@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize("masked", [False, True])
def test_the_kernel_is_its_formula(kind, masked):
    x = tokens(7, 5, 3, "uniform", kind)
    y = x[..., :2].copy()
    problem = Problem(x, x, y, 3.0, Causal() if masked else None)
    kernel, spec = batch_kernel(spec_of(problem)), spec_of(problem)
    lanes = 64 * 8 // (32 if kind == "float32" else 64)
    pairs = np.tril(np.ones((5, 5))) if masked else None
    arrays = {"scale": np.array([3.0], kind), "queries": x[:, 0], "keys": x[:, 0]}
    arrays["values"] = y[:, 0]
    if masked:
        arrays["bias"] = np.where(pairs > 0, 0, -np.inf).astype(kind)
        arrays["allowed"] = pairs.astype(kind)
    shares = {"query_share": 1, "key_share": 1, "value_share": 1}
    found, wanted = (
        {
            "top": np.zeros((lanes, 5), kind),
            "mass": np.zeros((lanes, 5), kind),
            "mean": np.zeros((lanes, 5, 2), kind),
        }
        for _ in range(2)
    )
    wide = machine().vector_bytes // np.dtype(kind).itemsize
    held = scratch("batch", (held_vectors(spec, 5), wide), kind)
    places = {"start": 0, "stop": 7, "last": 6, "row_count": 5, "key_count": 5}
    kernel.bind(**arrays, **found, held=held)(**places, **shares)
    reference.batch(**arrays, **wanted, start=0, stop=7, **shares)
    for name, made in found.items():
        assert made[:7] == pytest.approx(wanted[name][:7], rel=1e-5, abs=1e-6)
        if kind == "float64":
            assert made[:7] == pytest.approx(wanted[name][:7], rel=1e-13, abs=1e-14)
