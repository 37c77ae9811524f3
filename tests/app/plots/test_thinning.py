"""Thinning of curves, and the shaded area below them."""

from __future__ import annotations

import numpy as np

from app.plots.plot_area import closed_pieces
from app.plots.thinning import thinned


def test_extremes_survive_thinning():
    values = np.random.default_rng(1).normal(size=5000)
    t, y = thinned(np.arange(5000.0), values)
    assert len(t) == 2500
    assert (y.max(), y.min()) == (values.max(), values.min())
    assert (np.diff(t) > 0).all()


def test_breaks_survive_thinning():
    t, y = np.arange(40.0), np.arange(40.0)
    y[[7, 21]] = np.nan
    _, thin = thinned(t, y)
    assert np.isnan(thin).sum() == 2
    assert len(thin) == 20


def test_the_light_below_a_curve_stops_at_breaks():
    t, y = np.arange(5.0), np.array([1, 2, np.nan, 3, 4])
    x, z = closed_pieces(t, y, 0.0)
    assert x.tolist() == [0, 0, 1, 1, 2, 3, 3, 4, 4]
    assert z[[0, 3, 5, 8]].tolist() == [0, 0, 0, 0]
    assert np.isnan(z[4])
