"""Neurons against exact periods and a solver of another kind; ring attention."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from sim.labs.neurons import START, Neurons, rates, spike_count, velocity
from sim.labs.ring import RingAttention


def test_a_leaky_neuron_fires_with_the_known_period():
    lab = Neurons(current=15.0, time_constant=8.0, start=5.0)
    t = np.linspace(0, 80, 8001)
    u, spikes = lab.leaky(t)
    period = 8.0 * math.log(30 / (30 - 20))
    np.testing.assert_allclose(np.diff(spikes), period)
    assert spikes[0] == pytest.approx(5.0 + period)
    assert 19.9 < u.max() <= 20 and (u[t <= 5] == 0).all()
    inside = (t > 5.5) & (t < 5 + period - 0.5)  # τ u′ = −u + R I
    slope = np.gradient(u, t)[inside]
    np.testing.assert_allclose(8.0 * slope, 30 - u[inside], atol=1e-3)


def test_a_weak_current_gives_no_spike():
    lab = Neurons(current=9.99)
    u, spikes = lab.leaky(np.linspace(0, 1000, 100))
    assert not len(spikes)
    assert u[-1] == pytest.approx(19.98)


def test_the_start_is_at_rest_and_stays_there():
    assert np.abs(velocity(np.array(START), 0.0)).max() < 2e-3
    v = Neurons(current=0.0).hodgkin_huxley(np.linspace(0, 50, 20))[0]
    assert np.abs(v + 65).max() < 0.05


def test_rates_have_their_limits_at_the_removable_points():
    for v, which, value in ((-55.0, 0, 0.1), (-40.0, 1, 1.0)):
        assert rates(v)[which][0] == pytest.approx(value)
        assert rates(v + 1e-7)[which][0] == pytest.approx(value, abs=1e-6)
    n, m, h = rates(-65.0)
    assert n[0] == pytest.approx(0.1 * 1.0 / math.expm1(1.0))
    assert m[1] == 4.0 and h[0] == 0.07


def test_spikes_are_those_of_another_solver():
    lab = Neurons(duration=40.0)
    t = np.linspace(0, 40, 401)
    found = lab.hodgkin_huxley(t)

    def flow(s, y):
        return velocity(y, 12.0 if s >= 10 else 0.0)

    solved = solve_ivp(
        flow, (0, 40), START, "RK45", t, rtol=1e-6, atol=1e-8, max_step=0.5
    )
    assert np.abs(found[0] - solved.y[0]).max() < 1.0
    assert spike_count(found[0]) == spike_count(solved.y[0]) == 3
    assert 35 < found[0].max() < 50


@pytest.mark.parametrize(("hosts", "block"), [(1, 5), (4, 4), (6, 1)])
def test_all_blocks_give_the_same_sum(hosts, block):
    lab = RingAttention(hosts=hosts, block=block, rounds=1, beta=3.0)
    outputs, masses = lab.passed()
    np.testing.assert_allclose(outputs[-1].reshape(-1, 4), lab.whole()[1], atol=1e-13)
    np.testing.assert_allclose(masses[-1], 1.0)


def test_a_host_has_attention_over_the_blocks_it_has_seen():
    lab = RingAttention(hosts=4, block=3)
    q, k, v = lab.tokens()
    found = lab.passed()[0][1]
    for host in range(4):
        keys = np.vstack([k[host], k[host - 1]])
        values = np.vstack([v[host], v[host - 1]])
        e = np.exp(q[host] @ keys.T)
        expected = e @ values / e.sum(1, keepdims=True)
        np.testing.assert_allclose(found[host], expected, rtol=1e-12)


def test_large_scores_do_not_overflow():
    outputs, _ = RingAttention(beta=100.0).passed()
    assert np.isfinite(outputs[-1]).all()


def test_more_rounds_than_hosts_are_refused():
    with pytest.raises(ValueError, match="at most 2"):
        RingAttention(hosts=2, rounds=3).compute()
