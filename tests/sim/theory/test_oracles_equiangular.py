"""B, C: tokens at equal angles, two tokens, two clusters."""

import json

import numpy as np
import pytest
from helpers.oracles import apart, held
from helpers.runs import DATA, law, placed, reference, velocity
from scipy.integrate import quad, solve_ivp

from sim import Scenario, Simulation, edit
from sim.integrators.adaptive import Adaptive
from sim.theory.equiangular import EquiangularSolution

KNOWN = json.loads((DATA / "theory_values.json").read_text())
ATTENTION = ("softmax", "unnormalised")
TIGHT = Adaptive(rtol=1e-13, atol=1e-15)


def cosines(x):
    """Return the cosines of all pairs i ≠ j: (n, d) -> (n(n-1),)."""
    return (x @ x.T)[~np.eye(len(x), dtype=bool)]


def rho_of(run):
    found = cosines(run.x)
    held("B", "tokens stay equiangular", np.ptp(found), 3e-14)
    return found.mean()


def equiangular(n, beta, kind="softmax", rho=0.0, d=None, **changes):
    changes = {
        "tokens": n,
        "dimension": d or n,
        "initial": "equiangular",
        "initial.cosine": rho,
        "dynamics": kind,
        "dynamics.beta": beta,
        "integrator": TIGHT,
        "step": 0.5,
        **changes,
    }
    return Simulation(edit(Scenario(), changes), "numpy")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "beta", "t", "rho"), [tuple(r) for r in KNOWN["equiangular_SA_rho"]]
)
def test_equiangular_softmax(n, beta, t, rho):
    run = equiangular(n, beta)
    run.advance(t)
    held("B", "ρ(t) under SA", abs(rho_of(run) - rho), 1e-12)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "beta", "t", "rho"), [tuple(r) for r in KNOWN["equiangular_USA_rho"]]
)
def test_equiangular_unnormalised(n, beta, t, rho):
    run = equiangular(n, beta, "unnormalised", d=n + 3)
    run.advance(t * np.exp(beta))  # our clock is the paper's times e^β
    held("B", "ρ(t) under USA", abs(rho_of(run) - rho), 1e-12)
    run = equiangular(n, beta, "unnormalised", **{"dynamics.shifted": False})
    run.advance(t)
    held("B", "ρ(t) under USA, the paper's clock", abs(rho_of(run) - rho), 1e-12)
    told = EquiangularSolution().curve(run.scenario, np.eye(n))(t, run.x)
    assert told == pytest.approx(rho, abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("beta", [1, 9])
@pytest.mark.parametrize("kind", ["sa", "usa"])
def test_equiangular_curve(kind, beta):
    _curve(f"{kind}_n32_b{beta}", 32, beta)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sa", "usa"])
def test_equiangular_curve_of_64(kind):
    _curve(f"{kind}_n64_b4", 64, 4)


def _curve(key, n, beta):
    known = reference("equiangular_rho")
    kind = "unnormalised" if key.startswith("usa") else "softmax"
    run = equiangular(n, float(beta), kind)
    for t, rho in zip(known[f"{key}_t"], known[f"{key}_rho"], strict=True):
        run.advance(t - run.t)
        held("equiangular_rho", "ρ(t), every time", abs(rho_of(run) - rho), 1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ATTENTION)
def test_equiangular_logistic_at_beta_zero(kind):
    n, rho, t = 8, -0.1, 1.5
    run = equiangular(n, 0.0, kind, rho=rho)
    run.advance(t)
    c = (1 + (n - 1) * rho) / (1 - rho) * np.exp(2 * t)
    error = abs(rho_of(run) - (c - 1) / (c + n - 1))
    held("B", "ρ(t) is logistic at β = 0", error, 1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ATTENTION)
@pytest.mark.parametrize("beta", [0.0, 1.0, 4.0])
def test_equiangular_tokens_meet_at_rate_two(kind, beta):
    """In the paper's time USA has the rate 2e^β; ours is that time × e^β."""
    run = equiangular(4, beta, kind, rho=0.9)
    run.advance(8.0)
    before = 1 - cosines(run.x).mean()
    run.advance(1.0)
    rate = np.log(before / (1 - cosines(run.x).mean()))
    held("B", "1 − ρ ~ e^{−2t}, SA and USA", abs(rate - 2), 2e-5)


def test_one_layer_of_equiangular_tokens():
    """B3: ρ after one step of the discrete layer."""
    n, beta, h, rho = 6, 3.0, 0.7, 0.2
    run = equiangular(n, beta, rho=rho, integrator="layer", step=h)
    run.step()
    a = 1 / (1 + (n - 1) * np.exp(-beta * (1 - rho)))
    b = a * np.exp(-beta * (1 - rho))
    q, c1, c2 = 1 + (n - 1) * rho, 1 + h * (a - b), h * b
    wanted = c1**2 * rho + 2 * c1 * c2 * q + c2**2 * n * q
    wanted /= c1**2 + 2 * c1 * c2 * q + c2**2 * n * q
    held("B3", "ρ after one discrete layer", abs(rho_of(run) - wanted), 1e-14)


# C. Two tokens.


def angle_of(x):
    """Return the angle between two tokens, exact also when it is small: (2, d)."""
    a, b = x
    return 2 * np.arctan2(np.linalg.norm(a - b), np.linalg.norm(a + b))


def pair(angle, tmp_path, **changes):
    x = np.array([[1.0, 0.0, 0.0], [np.cos(angle), np.sin(angle), 0.0]])
    changes = {"integrator": TIGHT, "step": 0.25, **changes}
    return Simulation(placed(x, tmp_path, **changes), "numpy")


@pytest.mark.parametrize(
    ("beta", "start", "t", "end"), [tuple(r) for r in KNOWN["two_token_angle_SA"]]
)
def test_two_tokens(beta, start, t, end, tmp_path):
    run = pair(start, tmp_path, **{"dynamics.beta": beta})
    run.advance(t)
    held("C", "θ(t) of two tokens under SA", abs(angle_of(run.x) - end), 1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("beta", [0, 1, 9])
@pytest.mark.parametrize("key", ["sa", "usa"])
def test_two_tokens_curve(key, beta, tmp_path):
    known = reference("pair_angle")
    kind = "unnormalised" if key == "usa" else "softmax"
    changes = {"dynamics": kind, "dynamics.beta": float(beta)}
    run = pair(float(known["g0"]), tmp_path, **changes)
    found = []
    for t in known["t"]:
        run.advance(t - run.t)
        found.append(angle_of(run.x))
    error = apart(found, known[f"{key}_b{beta}"])
    held("pair_angle", "θ(t), every time", error, 5e-13)
    if beta == 0:
        error = apart(found, known["closed_form_b0"])
        held("C", "tan(θ/2) = tan(θ₀/2) e^{−t} at β = 0", error, 5e-13)


@pytest.mark.parametrize("angle", [0.3, 1.3, 2.9])
def test_two_causal_tokens_approach_at_half_the_rate(angle):
    x = np.array([[1.0, 0.0], [np.cos(angle), np.sin(angle)]])
    full, causal = (
        velocity(law(beta=3.0, heads__mask=m), x) for m in ("full", "causal")
    )
    closing = np.linalg.norm(full[0]) + np.linalg.norm(full[1])
    error = abs(np.linalg.norm(causal[1]) - closing / 2)
    held("C", "causal SA at half the rate", error, 1e-14)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ATTENTION)
def test_two_clusters_of_any_mass(kind, tmp_path):
    beta, start, t, m1, m2 = 3.0, 1.4, 2.0, 0.75, 0.25

    def rate(_, angle):
        fall = np.exp(beta * (1 - np.cos(angle)))
        if kind == "unnormalised":  # in our time, the paper's × e^β
            return -np.sin(angle) / fall
        return -np.sin(angle) * (m2 / (m1 * fall + m2) + m1 / (m2 * fall + m1))

    masses = {"heads__masses": "explicit", "heads__masses__masses": ((3.0, 1.0),)}
    run = pair(start, tmp_path, dynamics=law(kind, beta=beta, **masses))
    run.advance(t)
    solved = solve_ivp(rate, (0, t), [start], method="DOP853", rtol=1e-13, atol=1e-15)
    error = abs(angle_of(run.x) - solved.y[0, -1])
    held("C", "two clusters of masses ¾ and ¼", error, 1e-12)


def life(beta, start, end):
    """Return how long two clusters take from one angle to another."""

    def rate(angle):
        return (1 + np.exp(beta * (1 - np.cos(angle)))) / np.sin(angle) / 2

    return quad(rate, end, start, epsabs=1e-12, epsrel=1e-12)[0]


@pytest.mark.slow
def test_life_time_of_two_clusters(tmp_path):
    beta, start, end = 6.0, 1.2, 0.1
    found = life(beta, start, end)
    held("C", "life time ½∫(1 + e^{β(1−cos θ)})/sin θ", abs(found - 7.625851809), 1e-9)
    run = pair(start, tmp_path, **{"dynamics.beta": beta})
    run.advance(found)
    held("C", "θ after the life time", abs(angle_of(run.x) - end), 1e-12)
