"""Compiled passes over pairs, beside the plain formula in float64."""

import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import cdist

from sim.attention.moment_kernel import compiled_moments
from sim.measure.clusters import components
from sim.measure.cosine_kernel import upper_summary
from sim.measure.cosines import Cosines
from sim.measure.flood_kernel import flooded

SHAPES = [(192, 1), (193, 2), (777, 3), (1001, 16), (300, 31)]
EPS = {"float32": 1.2e-7, "float64": 2.3e-16}


def unit_rows(n, d, kind, spread=None):
    """Rows on the sphere, at random or about seven centres, two of them equal."""
    rng = np.random.default_rng(n + d)
    x = rng.standard_normal((n, d))
    if spread is not None:
        x = rng.standard_normal((7, d))[rng.integers(0, 7, n)] + spread * x
    x[-1] = x[n // 2]
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(kind)


@pytest.mark.parametrize("kind", EPS)
@pytest.mark.parametrize(("n", "d"), SHAPES)
def test_cosines_are_those_of_the_whole_matrix(n, d, kind):
    y = Cosines.of(unit_rows(n, d, kind)).directions
    least, largest, same, sums = upper_summary(y, 0.999)
    gram = (y.astype(float) @ y.T.astype(float))[np.triu_indices(n, 1)]
    near = abs(gram - 0.999) < 4 * d * EPS[kind]  # of which rounding decides
    bound = 4 * d * EPS[kind]
    assert abs(least - gram.min()) <= bound
    assert abs(largest - gram.max()) <= bound
    assert abs(same - np.count_nonzero(gram > 0.999)) <= np.count_nonzero(near)
    wanted = [np.sum(gram**k) for k in (1, 2, 3, 4)]
    assert np.abs(sums - wanted).max() <= 40 * EPS[kind] * len(gram)


def test_the_summary_of_cosines_holds_all_powers_of_all_pairs():
    found = Cosines.of(unit_rows(400, 5, "float64"))
    gram = found.directions @ found.directions.T
    wanted = [np.mean(gram**k) for k in range(5)]
    assert found._summary.moments == pytest.approx(wanted, abs=1e-14)
    share = (np.count_nonzero(gram > 0.999) - 400) / (400 * 399)
    assert found.aligned_share == pytest.approx(share, rel=1e-14)


def test_cosines_that_are_no_numbers_are_left_to_numpy():
    y = unit_rows(200, 3, "float64")
    y[7] = np.nan
    assert upper_summary(y, 0.999) is None


@pytest.mark.parametrize("kind", EPS)
@pytest.mark.parametrize("spread", [None, 0.004, 0.02, 0.0])
@pytest.mark.parametrize(("n", "d"), SHAPES)
def test_flooded_clusters_are_the_components_of_all_distances(n, d, spread, kind):
    x = unit_rows(n, d, kind, spread)
    apart = cdist(x.astype(float), x.astype(float))
    reaches = np.linspace(0.04, 0.05, 60)  # of which one is farthest from all
    margins = [abs(apart - reach).min() for reach in reaches]
    reach = float(reaches[np.argmax(margins)])
    assert max(margins) > 20 * EPS[kind]
    count, wanted = connected_components(apart < reach)
    found = flooded(x, reach)
    pairs = np.unique(np.stack([found, wanted]), axis=1)
    assert found.max() + 1 == count == pairs.shape[1]
    labels = components(x, reach)
    assert [*dict.fromkeys(labels.tolist())] == [*range(count)]


def test_a_path_is_flooded_from_one_end_to_the_other():
    order = np.random.default_rng(1).permutation(1000)
    x = 0.04 * order[:, None] * np.array([[0.6, 0.8]])
    assert not flooded(x, 0.0401).any()
    assert len(set(flooded(x, 0.0399))) == 1000


@pytest.mark.parametrize("kind", EPS)
@pytest.mark.parametrize("beta", [9.0, -3.0, 0.0])
@pytest.mark.parametrize(("n", "d"), SHAPES)
def test_second_moments_are_those_of_the_softmax(n, d, beta, kind):
    rng = np.random.default_rng(n)
    x = (unit_rows(n, d, kind) * rng.uniform(0.5, 1.5, (n, 1))).astype(kind)
    y = x.astype(float)
    gram = y @ y.T
    weights = np.exp(beta * gram)
    log_z = np.log(weights.sum(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    length, score = compiled_moments(x, beta, (log_z + 0.3).astype(kind))
    assert length.dtype == score.dtype == np.dtype(kind)
    bound = 40 * EPS[kind] * (1 + abs(beta) * gram.max())
    squares = np.sum(y * y, axis=1, keepdims=True)
    assert np.abs(length - weights @ squares).max() <= bound * squares.max()
    wanted = np.sum(weights * gram**2, axis=1, keepdims=True)
    assert np.abs(score - wanted).max() <= bound * squares.max() ** 2
