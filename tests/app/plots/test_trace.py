"""Values against time in bounded memory."""

from __future__ import annotations

import math

import numpy as np

from app.plots.plot_area import closed_pieces
from app.plots.trace import CAPACITY, Trace, thinned


def test_a_trace_is_bounded_and_keeps_extremes_and_the_last_point():
    trace = Trace(64)
    values = np.random.default_rng(1).normal(size=5000)
    for k, y in enumerate(values):
        trace.push(float(k), float(y))
    t, y = trace.points()
    assert len(t) <= 64 + 3
    assert (y.max(), y.min()) == (values.max(), values.min())
    assert (t[-1], y[-1]) == trace.last == (4999.0, values[-1])
    assert (np.diff(t) > 0).all()


def test_a_trace_is_thinned_evenly():
    trace = Trace(256)
    for k in range(100_000):
        trace.push(k, math.sin(k / 500))
    gaps = np.diff(trace.points()[0])
    assert gaps.max() < 8 * np.median(gaps)


def test_breaks_survive_thinning():
    t, y = np.arange(40.0), np.arange(40.0)
    y[[7, 21]] = np.nan
    _, thin = thinned(t, y)
    assert np.isnan(thin).sum() == 2
    assert len(thin) == 20


def test_a_trace_is_truncated_and_goes_on():
    trace = Trace()
    for k in range(10):
        trace.push(k, k)
    trace.truncate(4.0)
    assert trace.last == (3.0, 3.0)
    trace.break_at(4.0)
    trace.push(4.5, 1.0)
    t, y = trace.points()
    assert t.tolist() == [0, 1, 2, 3, 4, 4.5]
    assert np.isnan(y[4])


def test_points_are_thinned_to_what_is_asked_for():
    trace = Trace()
    for k in range(CAPACITY):
        trace.push(k, k)
    assert len(trace.points(1000)[0]) <= 1000


def test_the_light_below_a_curve_stops_at_breaks():
    t, y = np.arange(5.0), np.array([1, 2, np.nan, 3, 4])
    x, z = closed_pieces(t, y, 0.0)
    assert x.tolist() == [0, 0, 1, 1, 2, 3, 3, 4, 4]
    assert z[[0, 3, 5, 8]].tolist() == [0, 0, 0, 0]
    assert np.isnan(z[4])
