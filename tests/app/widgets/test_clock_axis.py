"""The axis of times: even for a steady clock, else by the clock's coordinate."""

import math

import numpy as np
import pytest

from app.widgets.clock_axis import LEAST_APART, ClockAxis
from sim.clocks.logarithmic import Logarithmic
from sim.clocks.steady import Steady


def test_a_steady_clock_has_an_even_axis():
    axis = ClockAxis.holding(Steady(), 9.0, 0.5)
    assert axis.end == axis.length == 16.0
    assert [axis.share(t) for t in (0.0, 4.0, 16.0)] == [0.0, 0.25, 1.0]
    assert axis.ticks() == [(4.0, "4"), (8.0, "8"), (12.0, "12")]


@pytest.mark.parametrize("t", [0.1, 3.0, 600.0, 1e6, 1e40])
def test_steps_of_a_logarithmic_clock_are_equally_long(t):
    clock = Logarithmic(turn=5.0)
    axis = ClockAxis.holding(clock, t, 0.5)
    assert t < axis.end < math.inf
    times = np.array([clock.time(axis.length * k / 8) for k in range(9)])
    assert axis.places(times) == pytest.approx(axis.length * np.arange(9) / 8)
    assert [axis.share(s) for s in times] == pytest.approx(np.arange(9) / 8)
    shares = [axis.share(t) for t, _ in axis.ticks()]
    assert np.diff([0.0, *shares, 1.0]).min() >= LEAST_APART - 1e-12
    assert all(math.log10(t).is_integer() for t, _ in axis.ticks())
    assert len(shares) >= 2 or axis.end < 20


def test_every_clock_places_many_times_as_one():
    t = np.geomspace(1e-6, 1e12, 40)
    for clock in (Steady(), Logarithmic(turn=0.3)):
        each = [clock.coordinate(one) for one in t.tolist()]
        assert clock.coordinates(t) == pytest.approx(each, rel=1e-14)
