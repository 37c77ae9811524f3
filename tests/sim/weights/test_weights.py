"""Matrices Q, K and V: their shapes, and what is said where they do not fit."""

import re

import numpy as np
import pytest

from sim import Scenario, Simulation, edit
from sim.seed import Seed
from sim.weights import Weights
from sim.weights.diagonal import Diagonal
from sim.weights.explicit import GivenMatrices
from sim.weights.file import MatrixFile
from sim.weights.rotation import Rotation


def rng():
    return Seed(7).rng("value")


@pytest.mark.parametrize("kind", sorted(Weights.kinds().keys() - {"file"}))
@pytest.mark.parametrize(("h", "d"), [(1, 2), (3, 5), (2, 16)])
def test_a_stack_of_matrices(kind, h, d):
    m = Weights.member(kind)().draw(h, d, rng())
    assert m.shape == (h, d, d)
    assert m.dtype == np.float64
    assert np.isfinite(m).all()
    assert (m == Weights.member(kind)().draw(h, d, rng())).all()


def test_rotation_turns_every_plane():
    r = Rotation(angle=90.0, scale=2.0).draw(1, 5, rng())[0]
    assert np.abs(r @ [1, 0, 0, 0, 0] - [0, 2, 0, 0, 0]).max() < 1e-15
    assert np.abs(r @ [0, 0, 0, 1, 0] - [0, 0, -2, 0, 0]).max() < 1e-15
    assert np.abs(r @ [0, 0, 0, 0, 1] - [0, 0, 0, 0, 2]).max() == 0
    assert np.abs(r @ r.T - 4 * np.eye(5)).max() < 1e-15
    assert (Rotation(angle=0.0).draw(1, 4, rng())[0] == np.eye(4)).all()


def test_diagonal():
    rows = ((1.0, 0.3, -0.1),)
    assert (Diagonal(rows).draw(2, 3, rng()) == np.diag(rows[0])).all()
    both = Diagonal((rows[0], (0.0, 1.0, 2.0))).draw(2, 3, rng())
    assert (both[1] == np.diag([0, 1, 2])).all()
    assert (Diagonal().draw(2, 3, rng()) == np.eye(3)).all()
    with pytest.raises(ValueError, match=re.escape("of d = 4 numbers, got 1 of 3. Gi")):
        Diagonal(rows).draw(2, 4, rng())
    with pytest.raises(ValueError, match=re.escape("1 row or 3 rows (heads)")):
        Diagonal((rows[0], rows[0])).draw(3, 3, rng())


def test_explicit():
    m = ((1.0, 2.0), (3.0, 4.0))
    assert (GivenMatrices(m).draw(3, 2, rng()) == m).all()
    stacked = GivenMatrices((*m, (5.0, 6.0), (7.0, 8.0))).draw(2, 2, rng())
    assert (stacked[0] == m).all()
    assert (stacked[1] == [[5, 6], [7, 8]]).all()
    assert (GivenMatrices().draw(1, 3, rng()) == np.eye(3)).all()
    words = "must be 3 × 3 (d = 3), got 2 × 2. Give d rows"
    with pytest.raises(ValueError, match=re.escape(words)):
        GivenMatrices(m).draw(1, 3, rng())
    words = "3 × 3 (d = 3), or 6 × 3 (2 heads, stacked), got 2 × 2"
    with pytest.raises(ValueError, match=re.escape(words)):
        GivenMatrices(m).draw(2, 3, rng())


def test_files(tmp_path):
    one = np.arange(9.0).reshape(3, 3)
    stack = np.stack([one, -one])
    np.save(tmp_path / "one.npy", one)
    np.save(tmp_path / "stack.npy", stack)
    np.savez(tmp_path / "both.npz", a=one, b=stack)
    np.savetxt(tmp_path / "one.csv", one, delimiter=",")
    np.savetxt(tmp_path / "stack.csv", stack.reshape(6, 3), delimiter=",")
    for name, array in (("one.npy", ""), ("both.npz", "a"), ("one.csv", "")):
        m = MatrixFile(str(tmp_path / name), array).draw(2, 3, rng())
        assert (m == one).all()
    for name, array in (("stack.npy", ""), ("both.npz", "b"), ("stack.csv", "")):
        m = MatrixFile(str(tmp_path / name), array).draw(2, 3, rng())
        assert (m == stack).all()
    assert (MatrixFile(str(tmp_path / "both.npz")).draw(1, 3, rng()) == one).all()


@pytest.mark.parametrize(
    ("array", "h", "d", "words"),
    [
        (np.eye(3), 1, 4, "must be 4 × 4, or 1 × 4 × 4 (heads × d × d), got 3 × 3."),
        (np.zeros((2, 3, 3)), 4, 3, "4 × 3 × 3 (heads × d × d), got 2 × 3 × 3. Choose"),
        (np.zeros(3), 1, 3, "got 3. Choose another file, or change d"),
        (
            np.full((3, 3), np.nan),
            1,
            3,
            "row, column 1, 1 is nan; numbers must be fini",
        ),
        (np.array([["a"]]), 1, 3, "must hold real numbers, got <U1"),
    ],
)
def test_a_file_that_does_not_fit(array, h, d, words, tmp_path):
    np.save(tmp_path / "m.npy", array)
    with pytest.raises(ValueError, match=re.escape(words)):
        MatrixFile(str(tmp_path / "m.npy")).draw(h, d, rng())


def test_other_bad_files(tmp_path):
    with pytest.raises(ValueError, match="no file is given"):
        MatrixFile().draw(1, 3, rng())
    np.savez(tmp_path / "m.npz", a=np.eye(3))
    with pytest.raises(ValueError, match="no array 'b'; there are a"):
        MatrixFile(str(tmp_path / "m.npz"), "b").draw(1, 3, rng())
    np.savez(tmp_path / "none.npz")
    with pytest.raises(ValueError, match="is empty"):
        MatrixFile(str(tmp_path / "none.npz")).draw(1, 3, rng())


def test_thin_queries_and_keys(tmp_path):
    thin = np.random.default_rng(1).normal(size=(2, 5))
    np.save(tmp_path / "thin.npy", thin)
    part = {"": "file", ".path": str(tmp_path / "thin.npy")}
    both = {
        f"dynamics.heads.{f}{k}": v for f in ("query", "key") for k, v in part.items()
    }
    base = Scenario(tokens=9, dimension=5)
    run = Simulation(edit(base, both), "numpy")
    x = run.x
    p = np.exp(4.0 * (x @ thin.T) @ (x @ thin.T).T)
    p /= p.sum(axis=1, keepdims=True)
    v = p @ x
    v -= (v * x).sum(axis=1, keepdims=True) * x
    assert np.abs(run.velocity() - v).max() < 1e-13
    one = {k: v for k, v in both.items() if "query" in k}
    with pytest.raises(ValueError, match="Q and K must map to one dimension: Q has"):
        Simulation(edit(base, one), "numpy")
    value = {f"dynamics.heads.value{k}": v for k, v in part.items()}
    with pytest.raises(ValueError, match=re.escape("V must be 5 × 5, got 2 × 5")):
        Simulation(edit(base, value), "numpy")


@pytest.mark.parametrize("law", ["convolution", "gat"])
def test_a_law_of_graphs_has_a_square_value_matrix(law, tmp_path):
    np.save(tmp_path / "v.npy", np.ones((12, 5)))
    changes = {
        "dynamics": law,
        "dynamics.value": "file",
        "dynamics.value.path": str(tmp_path / "v.npy"),
    }
    scenario = edit(Scenario(tokens=9, dimension=5), changes)
    with pytest.raises(ValueError, match=re.escape("V must be 5 × 5, got 12 × 5")):
        Simulation(scenario, "numpy")
