"""L: many dimensions, long contexts, hemispheres."""

import numpy as np
import pytest
from helpers.oracles import held
from helpers.runs import sphere
from scipy.special import comb

import sim
from sim.attention.heads import Heads
from sim.attention.softmax import SoftmaxAttention
from sim.scenario import edit
from sim.seed import Seed
from sim.theory.hemisphere import pole


@pytest.mark.slow
def test_random_tokens_in_high_dimension_are_nearly_orthogonal():
    changes = {"tokens": 32, "dimension": 1024, "dynamics.beta": 3.0, "step": 0.1}
    run = sim.Simulation(edit(sim.Scenario(), changes), "numpy")
    for t, rho in ((2.0, 0.3232), (4.0, 0.9575)):
        run.reach(t)
        error = abs(run.measures()["mean_cosine"] - rho)
        held("L", "mean cosine of random tokens, d = 1024", error, 0.02)


def outputs(n, rho, beta):
    """Return the cosine of the outputs of one attention layer, and its formula."""
    x = np.linalg.cholesky((1 - rho) * np.eye(n) + rho)
    y = SoftmaxAttention.of(Heads(), beta, x, Seed(0)).row_sums(x)[0]
    return y[0] @ y[1] / np.linalg.norm(y[0]) / np.linalg.norm(y[1])


def formula(n, rho, beta):
    """Return the same by the exact formula for finite n."""
    a = 1 / (1 + (n - 1) * np.exp(-beta * (1 - rho)))
    b = a * np.exp(-beta * (1 - rho))
    size = a * a + 2 * a * b * (n - 1) * rho
    size += b * b * ((n - 1) + (n - 1) * (n - 2) * rho)
    inner = a * a * rho + 2 * a * b * (1 + (n - 2) * rho)
    return (inner + b * b * ((n - 2) * (1 + (n - 1) * rho) + rho)) / size


@pytest.mark.parametrize("n", [5, 40, 400])
@pytest.mark.parametrize("beta", [0.0, 2.0, 9.0])
def test_one_attention_layer_of_equiangular_tokens(n, beta):
    error = abs(outputs(n, 0.3, beta) - formula(n, 0.3, beta))
    held("L", "cosine of outputs of one layer, any n", error, 1e-14)


@pytest.mark.parametrize("rho", [0.1, 0.3, 0.6])
def test_long_contexts_have_a_critical_temperature(rho):
    """β = γ log n: the outputs meet, stay or do neither as γ passes 1/(1 − ρ)."""
    n, critical = 10**12, 1 / (1 - rho)
    limits = {0.6: 1.0, 1.0: 4 * rho / (1 + 3 * rho), 1.8: rho}
    for share, limit in limits.items():
        found = formula(n, rho, share * critical * np.log(n))
        held(
            "L", "limits 1, 4ρ/(1+3ρ), ρ at γ <, =, > 1/(1−ρ)", abs(found - limit), 1e-4
        )


@pytest.mark.parametrize(("n", "known"), [(1000, 0.63222)])
def test_long_contexts_of_a_thousand_tokens(n, known):
    error = abs(outputs(n, 0.3, np.log(n) / 0.7) - known)
    held("L", "10³ tokens at the critical γ: .63222", error, 5e-6)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "d"), [(4, 2), (6, 3), (9, 4)])
def test_wendel_on_hemispheres(n, d):
    """P(n tokens in an open hemisphere of R^d) = 2^{−(n−1)} Σ_{k<d} C(n−1, k)."""
    rng, draws = np.random.default_rng(3), 400
    inside = np.mean([pole(sphere(rng, n, d)) is not None for _ in range(draws)])
    wanted = sum(comb(n - 1, k) for k in range(d)) / 2 ** (n - 1)
    error = abs(inside - wanted) / (wanted * (1 - wanted) / draws) ** 0.5
    held("L", "Wendel, 400 draws, in standard errors", error, 3.5)


@pytest.mark.slow
def test_few_tokens_are_always_in_a_hemisphere():
    rng = np.random.default_rng(4)
    lost = sum(pole(sphere(rng, 5, 6)) is None for _ in range(100))
    held("L", "n ≤ d: tokens outside every hemisphere", lost, 0)


@pytest.mark.slow
def test_the_lowest_token_of_a_hemisphere_never_falls():
    changes = {"tokens": 12, "initial": "cap", "initial.spread": 2.0, "step": 0.05}
    changes["dynamics.beta"] = 1.0
    run = sim.Simulation(edit(sim.Scenario(), changes), "numpy")
    w, heights = pole(run.x), []
    assert w is not None
    for _ in range(200):
        heights.append((run.x @ w).min())
        run.step()
    falls = max(0.0, -np.diff(heights).min())
    held("L", "min ⟨xᵢ,w⟩ never falls", falls, 1e-12)
    gaps = [np.linalg.norm(run.x - run.x[0])]
    run.advance(2.0)
    gaps.append(np.linalg.norm(run.x - run.x[0]))
    error = abs(np.log(gaps[0] / gaps[1]) / 2 - 1)
    held("L", "tokens of a hemisphere meet at rate 1", error, 0.01)
