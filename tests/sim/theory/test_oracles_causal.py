"""J3, K: consensus, and causal attention: the first token, peaks, centres."""

import numpy as np
import pytest
from helpers.oracles import apart, held, missed
from helpers.runs import law, placed, sphere, velocity

from sim import Scenario, Simulation, edit
from sim.integrators.adaptive import Adaptive
from sim.theory import applicable
from sim.theory.centres import centres, expected_strong, peak, strong_centres

TIGHT = Adaptive(rtol=1e-13, atol=1e-15)


def near_consensus(tmp_path, **changes):
    """Return a run of 4 tokens about 10⁻³ apart."""
    x = np.array([0.0, 0.0, 1.0]) + 1e-3 * np.random.default_rng(5).normal(size=(4, 3))
    changes = {"integrator": TIGHT, "step": 0.25, **changes}
    return Simulation(placed(x, tmp_path, **changes), "numpy")


@pytest.mark.slow
@pytest.mark.parametrize("beta", [0.0, 4.0, 16.0])
@pytest.mark.parametrize("kind", ["softmax", "unnormalised"])
def test_consensus_is_reached_at_rate_one(kind, beta, tmp_path):
    """J3: SA at rate 1 for every β; USA at e^β in the paper's time, 1 in ours."""
    run = near_consensus(tmp_path, dynamics=law(kind, beta=beta))
    run.advance(4.0)
    before = np.linalg.norm(run.x[1] - run.x[0])
    run.advance(2.0)
    rate = np.log(before / np.linalg.norm(run.x[1] - run.x[0])) / 2
    held("J3", "rate of consensus, SA and USA, all β", abs(rate - 1), 1e-6)


def test_causal_tokens_reach_consensus_one_by_one():
    """J3: token k at the rate (k − 1)/k; the slowest, ½, is the second's."""
    eps, top = 1e-5, np.array([0.0, 0.0, 1.0])
    x = np.tile(top, (5, 1))
    for k in range(2, 6):
        moved = x.copy()
        moved[k - 1] += eps * np.array([1.0, 0.0, 0.0])
        moved /= np.linalg.norm(moved, axis=1, keepdims=True)
        v = velocity(law(beta=3.0, heads__mask="causal"), moved)
        error = abs(v[k - 1, 0] / eps + (k - 1) / k)
        held("J3", "causal token k: (k − 1)/k", error, 1e-8)


@pytest.mark.slow
def test_two_causal_tokens_meet_at_rate_one_half(tmp_path):
    run = near_consensus(tmp_path, **{"dynamics.heads.mask": "causal"})
    run.advance(4.0)
    before = np.linalg.norm(run.x[1] - run.x[0])
    run.advance(2.0)
    rate = np.log(before / np.linalg.norm(run.x[1] - run.x[0])) / 2
    held("J3", "the second causal token: ½", abs(rate - 0.5), 1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("beta", [1.0, 9.0])
@pytest.mark.parametrize("query", ["identity", "gaussian"])
def test_causal_tokens_follow_the_first(beta, query):
    changes = {"tokens": 8, "dynamics.beta": beta, "dynamics.heads.mask": "causal"}
    changes |= {"dynamics.heads.query": query, "initial": "cap", "step": 0.2}
    run = Simulation(edit(Scenario(), changes), "numpy")
    first = run.x[0]
    run.advance(200.0)
    held("K", "the first causal token never moves", apart(run.x[0], first), 1e-13)
    held("K", "1 − ⟨x_k, x₁⟩ at t = 200, any D", 1 - (run.x @ first).min(), 1e-6)


@pytest.mark.parametrize("beta", [1.0, 4.0, 64.0])
def test_two_tokens_attract_most_at_the_peak(beta):
    """h(x) = e^{β(cos x − 1)} sin x, which is the speed of the pair under USA."""
    tau = peak(beta)
    cosine = (np.sqrt(4 * beta**2 + 1) - 1) / (2 * beta)
    held("K", "peak: cos τ = (√(4β²+1) − 1)/2β", abs(np.cos(tau) - cosine), 1e-14)
    assert (beta + 0.5) ** -0.5 < tau < beta**-0.5

    def speed(angle):
        x = np.array([[1.0, 0.0], [np.cos(angle), np.sin(angle)]])
        return np.linalg.norm(velocity(law("unnormalised", beta=beta), x)[0])

    eps = 1e-4
    slope = (speed(tau + eps) - speed(tau - eps)) / (2 * eps)
    held("K", "the speed of a pair is level at τ", abs(slope), 1e-6)
    assert speed(tau) > max(speed(0.9 * tau), speed(1.1 * tau))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "d", "angle", "known", "error"),
    [(200, 2, 0.5, 6.268, 0.022), (1000, 3, 0.4, 25.39, 0.10)],
)
def test_strong_centres(n, d, angle, known, error):
    """[1 − (1 − p)ⁿ]/p tokens are farther than δ from all before them."""
    wanted, draws = expected_strong(n, angle, d), 200
    assert abs(known - wanted) < 3 * error
    p = angle / np.pi if d == 2 else np.sin(angle / 2) ** 2
    held("K", "E strong centres, d = 2, 3", missed(wanted * p, 1 - (1 - p) ** n), 1e-12)
    rng = np.random.default_rng(0)
    found = [len(strong_centres(sphere(rng, n, d), angle)) for _ in range(draws)]
    spread = np.std(found) / draws**0.5
    error = abs(np.mean(found) - wanted) / spread
    held("K", "strong centres of 200 draws, in standard errors", error, 3.5)


def test_renyi_centres_fill_the_circle():
    """Farther than δ from earlier centres: 0.7475979 · 2π/δ as n → ∞."""
    rng, angle, draws = np.random.default_rng(0), 0.1, 40
    found = [len(centres(sphere(rng, 4000, 2), angle)) for _ in range(draws)]
    error = missed(np.mean(found), 0.7475979 * 2 * np.pi / angle)
    held("K", "Rényi centres on S¹, relative", error, 0.02)
    few = [len(centres(sphere(rng, 200, 2), 0.5)) for _ in range(400)]
    held("K", "Rényi centres, n = 200, δ = ½: 9.16", abs(np.mean(few) - 9.16), 0.15)


def test_strong_centres_are_those_that_no_earlier_token_is_near():
    x, angle = sphere(np.random.default_rng(1), 300, 3), 0.3
    near = np.tril(x @ x.T >= np.cos(angle), -1).any(axis=1)
    np.testing.assert_array_equal(strong_centres(x, angle), np.flatnonzero(~near))
    assert len(strong_centres(x, angle)) < len(centres(x, angle)) < 300


@pytest.mark.slow
def test_clusters_park_at_about_the_centres():
    changes = {"tokens": 200, "dimension": 2, "dynamics.beta": 64.0, "step": 0.1}
    s = edit(Scenario(), {**changes, "dynamics.heads.mask": "causal"})
    run = Simulation(s, "numpy")
    curve = applicable(s, run.x)["centres"]
    run.advance(75.0)
    error = abs(curve(run.t, run.x) - run.measures()["clusters"])
    held("K", "clusters at t = 75 less Rényi centres", error, 3)
