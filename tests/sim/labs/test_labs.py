"""Labs against sums of another kind than theirs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from app.__main__ import main
from sim.labs import Lab
from sim.labs.basis import Basis
from sim.labs.look_up import LookUp
from sim.labs.temperature import Temperature
from sim.plate import Bars, Curve


def shown(lab, name):
    """Return the heights of bars, or the y of a curve."""
    (item,) = (i for i in lab.compute().items if i.name == name)
    assert isinstance(item, Bars | Curve)
    return item.heights if isinstance(item, Bars) else item.y


def test_five_keys_have_the_known_weights():
    found = shown(LookUp(), "weights")
    np.testing.assert_allclose(found, [0.01, 0.10, 0.02, 0.03, 0.84], atol=0.005)
    exact = [math.exp(s) for s in (-1.71, 0.60, -1.01, -0.61, 2.73)]
    answer = math.fsum(e * v for e, v in zip(exact, range(1, 6), strict=True))
    assert shown(LookUp(), "answer")[0] == pytest.approx(answer / math.fsum(exact))


def test_look_up_has_the_limits_of_sharpness():
    assert shown(LookUp(beta=0.0), "answer")[0] == pytest.approx(3.0)
    assert shown(LookUp(beta=1e3), "answer")[0] == pytest.approx(5.0)


def test_both_bases_are_partitions_of_unity():
    x = np.linspace(0, 1, 301)
    for basis in (Basis().weights(x), Basis().hats(x)):
        assert basis.min() >= 0
        np.testing.assert_allclose(basis.sum(1), 1.0, atol=1e-12)


def test_hats_interpolate_linearly():
    lab, keys = Basis(nodes=8), np.linspace(0, 1, 8)
    x, y = np.linspace(0, 1, 301), keys**3
    np.testing.assert_allclose(lab.hats(x) @ y, np.interp(x, keys, y), atol=1e-12)


def test_two_keys_weigh_by_a_logistic_function():
    lab, x = Basis(nodes=2, beta=3.0), np.linspace(0, 1, 11)
    expected = 1 / (1 + np.exp(-3.0 * (2 * x - 1)))
    np.testing.assert_allclose(lab.weights(x)[:, 1], expected, atol=1e-12)


def test_hats_with_a_node_at_every_datum_meet_the_data():
    lab = Basis(nodes=21, data=21, samples=21)
    expected = np.sin(2 * np.pi * np.linspace(0, 1, 21))
    np.testing.assert_allclose(shown(lab, "hat fit"), expected, atol=1e-10)


def test_the_mean_score_is_a_derivative_of_the_free_energy():
    """d(log Σ exp βs)/dβ = Σ α s, and H = log Σ exp βs − β Σ α s."""
    lab = Temperature(samples=5)
    s = np.array(lab.scores[0])
    for k, beta in enumerate(1 / np.geomspace(0.01, 100, 5)):
        h = 1e-5 * beta
        up, low, mid = (np.logaddexp.reduce(b * s) for b in (beta + h, beta - h, beta))
        mean = shown(lab, "mean score")[k]
        assert mean == pytest.approx((up - low) / (2 * h), abs=1e-6)
        assert shown(lab, "entropy")[k] == pytest.approx(mid - beta * mean, abs=1e-9)


@pytest.mark.parametrize("kind", Lab.kinds())
def test_every_lab_is_written_as_a_table(kind, tmp_path):
    out = tmp_path / "out.csv"
    assert main(["lab", kind, "-o", str(out)]) == 0
    lines = out.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "shape,name,index,x,y,value,text"
    assert len(lines) == 1 + len(list(Lab.member(kind)().compute().rows()))


def test_the_command_lists_labs_and_takes_settings(capsys):
    assert main(["lab"]) == 0
    said = capsys.readouterr().out
    assert all(kind in said for kind in Lab.kinds())
    assert main(["lab", "look-up", "--set", "beta=0", "-o", "-"]) == 0
    assert "bar,weights,4,4.0,0.2,," in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["look-upp"], "Did you mean 'look-up'"),
        (["basis", "--set", "nodes=1"], "2"),
        (["look-up", "--set", "scores=1,2"], "same length"),
        (["basis", "-o", "out.txt"], ".csv"),
    ],
)
def test_bad_input_gets_one_message(words, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["lab", *words]) == 2
    message = capsys.readouterr().err
    assert said in message
    assert message.count("\n") == 1
