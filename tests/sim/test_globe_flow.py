"""The painted density and flow of the globe against formulas written out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.dynamics.hardmax import Hardmax
from sim.dynamics.softmax import Softmax
from sim.dynamics.unnormalised import Unnormalised
from sim.frame import FrameRequest
from sim.masks.causal import Causal
from sim.measure.globe_flow import KAPPA, REACH, velocity_at
from sim.measure.potential import globe
from sim.scenario import Scenario
from sim.simulation import Simulation

REQUEST = FrameRequest(
    quantities=frozenset({"token_density", "flow_divergence", "streaks"})
)
BETA = 3.0


def run(dynamics=None, n=12, d=3) -> Simulation:
    law = dynamics or Softmax(BETA)
    return Simulation(Scenario(tokens=n, dimension=d, dynamics=law, seed=3))


def tangent(y, x, *, normalised):
    """The velocity at y, (m, 3), among x by its formula: Q = K = V = I."""
    s = BETA * y @ x.T
    w = np.exp(s - BETA) / len(x)
    if normalised:
        w = np.exp(s) / np.exp(s).sum(1, keepdims=True)
    v = w @ x
    return v - (v * y).sum(1, keepdims=True) * y


def divergence_by_differences(y, x, *, normalised, h=1e-4):
    """Σ over two orthonormal tangents e of ⟨e, X(y + he) − X(y − he)⟩/2h."""
    total = np.zeros(len(y))
    helper = np.where(np.abs(y[:, :1]) < 0.9, [[1.0, 0, 0]], [[0, 1.0, 0]])
    e1 = np.cross(y, helper)
    e1 /= np.linalg.norm(e1, axis=1, keepdims=True)
    for e in (e1, np.cross(y, e1)):
        ends = [(y + k * h * e) / np.sqrt(1 + h * h) for k in (1, -1)]
        a, b = (tangent(end, x, normalised=normalised) for end in ends)
        total += (e * (a - b)).sum(1) / (2 * h)
    return total


def test_the_density_is_its_kernel_sum_of_mean_one():
    frame = run().frame(request=REQUEST)
    at, x = globe(), np.asarray(frame.x, float)
    kernel = KAPPA / np.sinh(KAPPA) * np.exp(KAPPA * (at @ x.T))
    assert frame.token_density == pytest.approx(kernel.mean(-1), rel=1e-5, abs=1e-6)
    area = np.sqrt(1 - at[..., 2] ** 2)
    assert np.average(frame.token_density, weights=area) == pytest.approx(1, abs=2e-3)


@pytest.mark.parametrize("law", [Softmax(BETA), Unnormalised(BETA)])
def test_the_divergence_is_that_of_differences(law):
    frame = run(law).frame(request=REQUEST)
    y, x = globe()[::7, ::11].reshape(-1, 3), np.asarray(frame.x, float)
    want = divergence_by_differences(y, x, normalised=isinstance(law, Softmax))
    found = frame.flow_divergence[::7, ::11].reshape(-1)
    assert np.ptp(want) > 0.3
    assert found == pytest.approx(want, abs=2e-4)


@pytest.mark.parametrize("law", [Softmax(BETA), Unnormalised(BETA)])
def test_a_token_without_mass_moves_as_a_token_at_its_place(law):
    probe = run(law).probe()
    v = velocity_at(probe.attention, probe.state.x, probe.state.x)[0]
    assert np.allclose(v, probe.field.velocity(probe.state).x, atol=2e-6)


def test_streaks_follow_the_velocity_for_one_span_of_time():
    frame = run().frame(request=REQUEST)
    paths, x = frame.streaks.paths, np.asarray(frame.x, float)
    v = tangent(paths[:, 0], x, normalised=True)
    fastest = np.linalg.norm(v, axis=1).max()
    assert frame.streaks.speed == pytest.approx(fastest, rel=1e-5)
    y, steps = paths[:, 0], 400
    h = REACH / fastest / steps
    for _ in range(steps):
        y = y + h * tangent(y, x, normalised=True)
        y /= np.linalg.norm(y, axis=1, keepdims=True)
    assert np.linalg.norm(y - paths[:, -1], axis=1).max() < 2e-3
    assert np.linalg.norm(paths[:, -1] - paths[:, 0], axis=1).max() > 0.15


def masked() -> Softmax:
    law = Softmax(BETA)
    return replace(law, heads=replace(law.heads, mask=Causal()))


@pytest.mark.parametrize("law", [Hardmax(), masked()])
def test_laws_without_a_common_flow_have_a_density_alone(law):
    frame = run(law).frame(request=REQUEST)
    assert frame.token_density is not None
    assert frame.flow_divergence is None
    assert frame.streaks is None


def test_other_dimensions_have_nothing_to_paint():
    frame = run(d=4).frame(request=REQUEST)
    assert frame.token_density is None
    assert frame.streaks is None
