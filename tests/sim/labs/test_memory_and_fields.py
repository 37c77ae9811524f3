"""Labs of memory and of conditional fields against sums of another kind."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.labs.conditional import CONDITIONS, Conditional
from sim.labs.memory import Memory


def shown(lab, name):
    """Return the item of a lab's plate that has this name."""
    (item,) = (i for i in lab.compute().items if i.name == name)
    return item


def test_forgetting_by_time_is_a_recurrence():
    h = 0.0
    for v in Memory().values[0]:
        h = 0.7 * h + v
    assert shown(Memory(gamma=0.7), "memories").heights[1] == pytest.approx(h)


@pytest.mark.parametrize(("gamma", "left"), [(1.0, 15.0), (0.0, 5.0)])
def test_nothing_or_all_but_the_last_is_forgotten(gamma, left):
    memories = shown(Memory(gamma=gamma), "memories").heights
    assert memories[0] == 15.0
    assert memories[1] == left


def test_forgetting_by_input_is_logistic():
    found = shown(Memory(), "weights: input").heights
    expected = [1 / (1 + math.exp(-s)) for s in Memory().scores[0]]
    np.testing.assert_allclose(found, expected, rtol=1e-13)


def test_a_recurrent_net_forgets_by_input():
    h = 0.0
    for v, s in zip(Memory().values[0], Memory().scores[0], strict=True):
        h = h / (1 + math.exp(-s)) + v
    assert shown(Memory(), "memories").heights[5] == pytest.approx(h)


def test_normalised_weights_have_the_known_values():
    found = shown(Memory(), "weights: normalised").heights
    np.testing.assert_allclose(found, [0.70, 0.04, 0.03, 0.20, 0.03], atol=0.005)


def test_attention_depends_on_the_query():
    for k, query in enumerate([(20.0, 0.0), (0.0, 20.0), (-20.0, 0.0), (0.0, -20.0)]):
        found = shown(Memory(query=(query,)), "memories").heights[4]
        assert found == pytest.approx(Memory().values[0][k], abs=1e-6)
    products = [0.0, 2.0, 0.0, -2.0, 1.0]
    total = math.fsum(map(math.exp, products))
    expected = [math.exp(p) / total for p in products]
    found = shown(Memory(), "weights: attention").heights
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_tables_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="Give as many of each"):
        Memory(values=((1.0, 2.0),)).compute()


def test_cross_attention_is_a_mean_with_gaussian_weights():
    lab = Conditional(sensors=7, beta=40.0, phase=0.3, samples=9)
    field, weights = shown(lab, "field"), shown(lab, "weights").values
    s = [k / 6 for k in range(7)]
    u = [math.sin(2 * math.pi * a + 0.3) for a in s]
    for k, x in enumerate(field.x):
        g = [math.exp(-40.0 * (x - a) ** 2) for a in s]
        mean = math.fsum(a * b for a, b in zip(g, u, strict=True)) / math.fsum(g)
        assert field.y[k] == pytest.approx(mean, abs=1e-12)
    assert weights.min() >= 0
    np.testing.assert_allclose(weights.sum(1), 1.0, atol=1e-12)


def test_a_row_of_the_map_is_the_field_of_that_phase():
    rows = shown(Conditional(), "field by phase").values
    field = shown(Conditional(phase=2 * math.pi * 3 / CONDITIONS), "field").y
    np.testing.assert_allclose(rows[3], field, atol=1e-12)


def test_a_constant_measurement_gives_a_constant_field():
    field = shown(Conditional(frequency=0.0, phase=1.0), "field").y
    np.testing.assert_allclose(field, math.sin(1.0), atol=1e-12)
