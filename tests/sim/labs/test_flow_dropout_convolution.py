"""Flow maps, dropout and convolutions against exact solutions and other formulas."""

from __future__ import annotations

import numpy as np
import pytest

from sim.labs.convolution import TwoConvolutions
from sim.labs.dropout import DropoutMean
from sim.labs.flow_map import FlowMap


def shown(lab, name):
    """Return the item of a lab's plate that has this name."""
    return next(i for i in lab.compute().items if i.name == name)


def test_a_scalar_flow_is_known():
    """For W = −c I and b = 0, sinh(c x(T)) = e^{−cT} sinh(c x(0))."""
    lab = FlowMap(rotation=0.0, contraction=0.7, offset=0.0, duration=2.0)
    x = np.array([[1.0, -0.5], [0.2, 2.0]])
    expected = np.arcsinh(np.exp(-1.4) * np.sinh(0.7 * x)) / 0.7
    np.testing.assert_allclose(lab.flow(x), expected, atol=1e-8)


def test_the_error_of_the_net_falls_as_one_over_its_layers():
    error = 10 ** shown(FlowMap(), "error").y
    assert error[-2] / error[-1] == pytest.approx(2, abs=0.05)
    mine = np.abs(FlowMap().net(np.zeros((1, 2)), 1)[1] - 1.5 * np.tanh(0.5))
    assert mine.max() < 1e-12


def test_the_flow_goes_back():
    lab = FlowMap()
    x = np.array([[0.3, -0.8], [1.0, 1.0]])
    back = FlowMap(duration=lab.duration)
    object.__setattr__(back, "field", lambda y: -lab.field(y))
    np.testing.assert_allclose(back.flow(lab.flow(x)), x, atol=1e-7)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_dropout_is_unbiased_over_all_masks(p):
    """The mean and the variance over all 2⁸ masks, each with its probability."""
    lab = DropoutMean(probability=p, width=8)
    masks = np.array([[k >> j & 1 for j in range(8)] for k in range(256)])
    chance = np.prod(np.where(masks, 1 - p, p), axis=1)
    y = masks @ lab.terms() / (1 - p)
    assert chance @ y == pytest.approx(lab.terms().sum(), abs=1e-12)
    variance = chance @ (y - lab.terms().sum()) ** 2
    assert variance == pytest.approx(p / (1 - p) * (lab.terms() ** 2).sum())
    drawn = lab.outputs()
    assert abs(drawn.mean() - lab.terms().sum()) < 5 * np.sqrt(variance / len(drawn))
    assert drawn.var() == pytest.approx(variance, rel=0.2)


def test_without_the_division_the_mean_is_too_small():
    lab = DropoutMean(scaled=False, probability=0.5)
    expected = shown(lab, "expected").y[-1]
    assert expected == pytest.approx(0.5 * lab.terms().sum())
    assert lab.outputs().mean() == pytest.approx(expected, abs=0.05)


def test_convolution_is_that_of_numpy():
    lab = TwoConvolutions(weights=((0.2, -1.0, 0.5, 2.0),))
    x, theta = lab.signal[0], lab.weights[0]
    found = shown(lab, "convolution").heights
    np.testing.assert_allclose(found, np.correlate(x, theta, "valid"), atol=1e-13)
    assert len(found) == len(x) - 3


def test_on_a_ring_both_are_the_same_but_for_the_ends():
    lab = TwoConvolutions(weights=((1 / 3, 1 / 3, 1 / 3),))
    over = shown(lab, "graph convolution").heights
    np.testing.assert_allclose(over[1:-1], shown(lab, "convolution").heights)
    x = np.array(lab.signal[0])
    np.testing.assert_allclose(over, (np.roll(x, 1) + x + np.roll(x, -1)) / 3)


def test_a_complete_graph_gives_every_node_the_mean():
    over = shown(TwoConvolutions(graph="complete"), "graph convolution").heights
    np.testing.assert_allclose(over, np.mean(TwoConvolutions().signal))


def test_a_filter_longer_than_the_signal_is_refused():
    with pytest.raises(ValueError, match="no longer"):
        TwoConvolutions(signal=((1.0, 2.0),)).compute()
