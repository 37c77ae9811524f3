"""Rows and columns of the attention matrix, against a softmax written out here."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim import Scenario, Simulation, edit
from sim.frame import FrameRequest
from sim.measure import token_place, token_weights

N, BETA = 40, 6.0
START = edit(Scenario(tokens=N, seed=5, step=0.05), {"dynamics.beta": BETA})
TOLERANCE = 1e-12  # of float64 weights of at most 1
ASKED = FrameRequest(frozenset(), clusters=True, rows=(3, 7), columns=(3, 7))
LAWS = {
    "softmax": {},
    "heads": {"dynamics.heads.count": 3, "dynamics.heads.query": "gaussian"},
    "causal": {"dynamics.heads.mask": "causal"},
    "usa": {"dynamics": "unnormalised"},
    "sinkhorn": {"dynamics": "sinkhorn"},
    "linear": {"dynamics": "linear"},
    "hardmax": {"dynamics": "hardmax"},
    "dropout": {"dynamics.heads.depth.dropout": 0.3},
}


def frame_of(changes, request=ASKED, steps=4):
    run = Simulation(edit(START, changes), "numpy")
    for _ in range(steps):
        run.step()
    return run.frame(None, request)


def softmax_of(x):
    """Return e^{β⟨xᵢ,xⱼ⟩}/Σⱼ… in float64."""
    scores = BETA * np.asarray(x, np.float64) @ np.asarray(x, np.float64).T
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def test_rows_and_columns_are_those_of_the_softmax():
    frame = frame_of({})
    p = softmax_of(frame.x)
    for token in (3, 7):
        assert np.abs(frame.rows[token][0] - p[token]).max() < TOLERANCE
        assert np.abs(frame.columns[token][0] - p[:, token]).max() < TOLERANCE


@pytest.mark.parametrize("law", LAWS)
def test_columns_are_those_of_the_matrix(law):
    frame = frame_of(LAWS[law], FrameRequest(matrix=N, columns=(3, 7)))
    for token in (3, 7):
        column = frame.columns[token]
        assert column.shape == frame.matrix.shape[:2]
        assert np.abs(column - frame.matrix[..., token]).max() < TOLERANCE


def test_tokens_that_came_and_went_keep_their_columns():
    from sim import AddedToken, TokenEdits

    run = Simulation(START, "numpy")
    run.edit_tokens(TokenEdits(add=(AddedToken((0.0, 0.6, 0.8)),), remove=(0, 7)))
    frame = run.frame(None, FrameRequest(matrix=N, columns=(3, 7, N)))
    assert frame.columns.keys() == {3, N}
    assert np.abs(frame.columns[3][0] - softmax_of(frame.x)[:, 2]).max() < TOLERANCE


def test_a_column_that_takes_the_whole_matrix_is_left_out_of_many_tokens():
    many = edit(START, {"tokens": 5000, "dynamics": "hardmax"})
    asked = FrameRequest(frozenset(), columns=(3,))
    assert Simulation(many, "numpy").frame(None, asked).columns == {}


@pytest.mark.parametrize(
    ("head", "minus", "want"),
    [
        (0, 0, lambda h: h.mean(axis=0)),
        (2, 0, lambda h: h[1]),
        (1, 3, lambda h: h[0] - h[2]),
        (0, 2, lambda h: h.mean(axis=0) - h[1]),
        (9, 9, lambda h: h.mean(axis=0)),
    ],
)
def test_heads_their_mean_and_differences(head, minus, want):
    heads = frame_of(LAWS["heads"]).rows[3]
    found = token_weights.of_heads(heads, head, minus)
    assert np.array_equal(found, want(heads))


@pytest.mark.parametrize("count", [1, 7, N])
def test_the_largest_weights_are_those_of_a_sort(count):
    rng = np.random.default_rng(1)
    for digits in (0, 3):
        w = rng.normal(size=N).round(digits) if digits else rng.integers(-2, 3, N) / 1.0
        want = np.argsort(-np.abs(w), kind="stable")[:count]
        assert token_weights.largest(w, count).tolist() == want.tolist()


def test_the_fewest_weights_with_a_share():
    w = np.array([0.1, 0.5, 0.05, 0.3, 0.05])
    assert token_weights.fewest(w, 0.9, 5).tolist() == [1, 3, 0]
    assert token_weights.fewest(w, 0.91, 5).tolist() == [1, 3, 0, 2]
    assert token_weights.fewest(w, 0.9, 2).tolist() == [1, 3]
    assert token_weights.fewest(-w, 0.5, 5).tolist() == [1]
    assert len(token_weights.fewest(np.zeros(4), 0.9, 3)) == 0
    row = frame_of({}).rows[3][0]
    few = token_weights.fewest(row, 0.9, N)
    assert row[few].sum() >= 0.9 > row[few[:-1]].sum()


def test_the_entropy_of_a_row():
    p = softmax_of(frame_of({}).x)[3]
    want = -sum(v * math.log(v) for v in p)
    found = token_weights.entropy(frame_of({}).rows[3][0])
    assert found == pytest.approx(want, abs=1e-12)
    assert token_weights.entropy(np.full(8, 0.3)) == pytest.approx(math.log(8))
    assert token_weights.entropy(np.array([0.0, 2.0])) == 0.0
    assert math.isnan(token_weights.entropy(np.array([0.5, -0.1])))


def test_angles_at_both_ends_of_the_range():
    for degrees in (0.0, 1e-7, 37.0, 90.0, 180 - 1e-7, 180.0):
        turn = math.radians(degrees)
        found = token_place.angle(
            np.array([2.0, 0, 0]), np.array([math.cos(turn), math.sin(turn), 0])
        )
        assert found == pytest.approx(degrees, abs=1e-12, rel=1e-12)
    assert math.isnan(token_place.angle(np.zeros(3), np.zeros(3)))


def test_cosines_to_the_centre_of_a_cluster():
    frame = frame_of({}, steps=60)
    sizes = np.bincount(frame.labels)
    row = int(np.flatnonzero(frame.labels == sizes.argmax())[0])
    members = frame.x[frame.labels == frame.labels[row]]
    assert len(members) > 2
    centre = members.mean(axis=0)
    cosines = [
        float(a @ centre / np.linalg.norm(a) / np.linalg.norm(centre)) for a in members
    ]
    own, least, count = token_place.centre_cosines(frame.x, frame.labels, row)
    assert count == len(members)
    assert own == pytest.approx(cosines[0], abs=1e-12)
    assert least == pytest.approx(min(cosines), abs=1e-12)


def test_the_nearest_other_token():
    x = frame_of({}).x
    apart = np.linalg.norm(x - x[5], axis=1)
    assert token_place.nearest(x, 5) == int(np.argsort(apart)[1])
    assert token_place.nearest(x[:1], 0) is None
