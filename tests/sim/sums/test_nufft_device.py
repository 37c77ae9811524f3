"""The fast transform on a graphics card: with stand-ins here, and on a real card."""

import sys

import numpy as np
import pytest
from helpers import cards

from sim.masks.causal import Causal
from sim.sums import Problem
from sim.sums.choose import choose
from sim.sums.gpu_self_test import self_test_failure
from sim.sums.methods.nufft import MEAN_ERROR, Nufft
from sim.sums.nonuniform import missing
from sim.sums.pairwise import pairwise_sums
from sim.sums.row_tiles import tiled_sums as direct

KINDS = ["float32", "float64"]


@pytest.fixture(autouse=True)
def _forget():
    """What was found of one card, or of a stand-in, says nothing of the next."""
    for known in (missing, self_test_failure):
        known.cache_clear()
    yield
    for known in (missing, self_test_failure):
        known.cache_clear()


@pytest.fixture
def card(monkeypatch):
    return cards.plug_in(monkeypatch)


def tokens(n, d, kind, seed=0):
    x = np.random.default_rng(seed).standard_normal((n, d))
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(kind)


def alike(n, d, kind, scale, put):
    x = put(tokens(n, d, kind))
    return Problem(x, x, x, scale)


def apart(n, m, d, kind, scale, put):
    q, k = (put(tokens(count, d, kind, count)) for count in (n, m))
    return Problem(q, k, put(tokens(m, 5, kind, 9)), scale)


def held(problem, found, here):
    """Compare with the direct sum in double precision, on the processor."""
    q, k, y = (here(a).astype(float) for a in _arrays(problem))
    wanted = direct(problem.scale * q, k, y)
    longest = np.linalg.norm(y, axis=-1).max()
    bound = MEAN_ERROR[problem.kind] * longest
    assert found.mean.dtype == problem.kind
    assert np.abs(here(found.mean) - wanted.mean).max() <= bound
    assert np.abs(here(found.log_z) - wanted.log_z).max() <= 1e-4


def _arrays(problem):
    return problem.queries, problem.keys, problem.values


CASES = [
    (kind, d, scale) for kind in KINDS for d in (1, 2, 3) for scale in (0.5, 9.0, -3.0)
]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "d", "scale"), CASES)
def test_with_arrays_of_a_card_it_is_the_direct_sum(kind, d, scale, card):
    cupy, _ = card
    for problem in (
        alike(700, d, kind, scale, cupy.asarray),
        apart(300, 500, d, kind, scale, cupy.asarray),
    ):
        assert Nufft().refusal(problem) is None
        found = Nufft().sums(problem)
        assert type(found.mean) is type(found.log_z) is cupy.ndarray
        held(problem, found, cupy.asnumpy)


@pytest.mark.parametrize("kind", KINDS)
def test_runs_and_heads_on_a_card_are_summed_one_by_one(kind, card):
    cupy, _ = card
    x = cupy.asarray(tokens(2 * 90, 3, kind).reshape(2, 1, 90, 3))
    turned = cupy.asarray(np.linalg.qr(np.ones((3, 2, 3, 3)) + np.eye(3))[0][0])
    problem = Problem(x @ turned.astype(kind), x, x, 3.0)
    found = Nufft().sums(problem)
    assert found.mean.shape == (2, 2, 90, 3)
    held(problem, found, cupy.asnumpy)


def test_tokens_far_from_the_others_are_done_again_by_pairs(card, monkeypatch):
    cupy, _ = card
    again = []

    def noted(problem):
        again.append(len(problem.queries))
        return pairwise_sums(problem)

    monkeypatch.setattr("sim.sums.fallback.pairwise_sums", noted)
    x = tokens(3000, 3, "float32")
    x[:, 2] = np.abs(x[:, 2])
    x[0] = [0, 0, -1]
    x = cupy.asarray(x)
    problem = Problem(x, x, x, 30.0)
    held(problem, Nufft().sums(problem), cupy.asnumpy)
    assert 0 < sum(again) < 30


def test_on_a_card_and_off_it_the_numbers_agree(card):
    cupy, _ = card
    there = Nufft().sums(alike(500, 3, "float64", 4.0, cupy.asarray))
    here = Nufft().sums(alike(500, 3, "float64", 4.0, np.asarray))
    assert np.abs(cupy.asnumpy(there.mean) - here.mean).max() < 1e-14


def test_it_computes_where_cupy_does(card):
    cupy, cufinufft = card
    Nufft().sums(alike(500, 3, "float64", 4.0, cupy.asarray))
    assert cufinufft.calls == [{"gpu_stream": 7, "gpu_device_id": 3}] * 2


def test_it_is_chosen_for_many_tokens_on_a_card(card):
    cupy, _ = card
    many = choose(alike(200_000, 3, "float32", 4.0, cupy.asarray))
    assert many.method.name == "nufft", many.reason
    few = choose(alike(1000, 3, "float32", 4.0, cupy.asarray))
    assert few.method.name != "nufft", few.reason


def test_without_cufinufft_the_others_serve(card, monkeypatch):
    cupy, _ = card
    monkeypatch.setitem(sys.modules, "cufinufft", None)
    choice = choose(alike(500, 3, "float32", 4.0, cupy.asarray))
    assert choice.method.name == "direct"
    assert "nufft needs cufinufft (" in choice.reason
    assert missing("numpy") is None


def test_a_card_that_computes_wrong_numbers_is_not_trusted(card, monkeypatch):
    cupy, cufinufft = card
    problem = alike(500, 3, "float64", 4.0, cupy.asarray)
    assert Nufft().refusal(problem) is None
    right = cufinufft.nufft3d2

    def wrong(*given, **settings):
        found = right(*given, **settings)
        return found + 1e-6 * cupy.max(cupy.abs(found))

    monkeypatch.setattr(cufinufft, "nufft3d2", wrong)
    why = Nufft().refusal(problem)
    assert why.startswith("computes wrong numbers here (by ")


def test_a_card_that_fails_is_reported(card, monkeypatch):
    cupy, cufinufft = card

    def fail(*_, **__):
        raise RuntimeError("Error creating plan.")

    monkeypatch.setattr(cufinufft, "nufft3d1", fail)
    why = Nufft().refusal(alike(500, 3, "float32", 4.0, cupy.asarray))
    assert why == "cannot be used here (RuntimeError: Error creating plan.)"


def test_masks_and_strangers_are_refused_as_on_the_processor(card):
    cupy, _ = card
    x = cupy.asarray(tokens(50, 3, "float32"))
    assert Nufft().refusal(Problem(x, x, x, 1.0, Causal())) == "does not support masks"
    strict = pytest.importorskip("array_api_strict")
    x = strict.asarray(tokens(50, 3, "float32"))
    why = Nufft().refusal(Problem(x, x, x))
    assert why == "works on floats of NumPy and CuPy, not on array_api_strict's"


@pytest.mark.gpu
@pytest.mark.parametrize(("kind", "d", "scale"), CASES)
def test_on_a_real_card_it_is_the_direct_sum(kind, d, scale):
    cupy = cards.real()
    if why := missing("cupy"):
        pytest.skip(why)
    for problem in (
        alike(5000, d, kind, scale, cupy.asarray),
        apart(3000, 5000, d, kind, scale, cupy.asarray),
    ):
        assert Nufft().refusal(problem) is None
        held(problem, Nufft().sums(problem), cupy.asnumpy)
