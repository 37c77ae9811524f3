"""Moments of keys serve the velocity and the divergence, and no other keys."""

import numpy as np
import pytest

from sim.sums import Problem
from sim.sums.harmonic import expansion
from sim.sums.methods import members

HARMONIC = {m.name: m for m in members() if isinstance(m, expansion.HarmonicExpansion)}


def problem(width, seed=0):
    x = np.random.default_rng(seed).standard_normal((900, width))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    return Problem(x, x, x, 9.0)


def ratio(x, beta):
    """ΔZ/Z on the unit sphere, by all pairs."""
    gram = x @ x.T
    weights = np.exp(beta * gram)
    turned = beta**2 * (1 - gram**2) - beta * (x.shape[1] - 1) * gram
    return np.sum(weights * turned, axis=1) / np.sum(weights, axis=1)


@pytest.mark.parametrize("name", ["circle", "sphere", "cells"])
def test_a_laplacian_after_sums_needs_no_moments(monkeypatch, name):
    method, calls = HARMONIC[name], []
    made = method.moments

    def counted(*given):
        calls.append(given)
        return made(*given)

    monkeypatch.setattr(method, "moments", counted)
    first, other = problem(method.width), problem(method.width, 1)
    method.sums(first)
    found = method.laplacian_ratio(first)
    assert len(calls) == 1
    again = method.laplacian_ratio(other)
    assert len(calls) == 2
    for p, one in ((first, found), (other, again)):
        assert one[:, 0] == pytest.approx(ratio(p.keys, 9.0), rel=1e-9, abs=1e-9)
    monkeypatch.setattr(method, "_recent", None)
    assert np.array_equal(method.laplacian_ratio(first), found)
