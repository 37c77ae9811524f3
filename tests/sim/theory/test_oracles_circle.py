"""E to H: no temperature, polygons, uniform tokens and how they break."""

import json

import numpy as np
import pytest
from helpers.oracles import apart, held, missed
from helpers.runs import DATA, law, placed, reference, sphere, velocity
from scipy.special import eval_legendre, iv

from sim import Scenario, Simulation, edit
from sim.attention.interaction import interaction
from sim.integrators.adaptive import Adaptive
from sim.theory.growth import critical_noise, fastest, rate, tricritical
from sim.theory.uniform import energy

ATTENTION = ("softmax", "unnormalised")
KNOWN = json.loads((DATA / "theory_values.json").read_text())
TIGHT = Adaptive(rtol=1e-13, atol=1e-15)


def circle(angle):
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def turning(angle, v):
    """Return the angular velocities of tokens on the circle."""
    return (v * np.stack([-np.sin(angle), np.cos(angle)], axis=1)).sum(axis=1)


@pytest.mark.parametrize("kind", ATTENTION)
def test_kuramoto_velocity(kind):
    known = reference("kuramoto")
    theta = known["theta0"]
    x, key = circle(theta), "sa" if kind == "softmax" else "usa"
    found = turning(theta, velocity(law(kind, beta=0.0), x))
    error = apart(found, known["allones_w0_vel0"])
    held("kuramoto", "velocity at β = 0", error, 1e-13)
    others = velocity(law(beta=0.0, heads__mask="others"), x)
    error = apart(turning(theta, others), known["complete_w0_vel0"])
    held("kuramoto", "velocity at β = 0, mask others", error, 1e-13)
    for beta in ("1", "9", "81", "800"):
        found = turning(theta, velocity(law(kind, beta=float(beta)), x))
        error = apart(found, known[f"angle_{key}_b{beta}"])
        held("kuramoto", "velocity at β = 1, 9, 81, 800", error, 1e-13)
        f_hat = float(interaction(x, float(beta)))
        error = missed(f_hat, float(known[f"energy_b{beta}"]))
        held("kuramoto", "F̂ at β = 1, 9, 81, 800, relative", error, 1e-12)


def test_kuramoto_on_a_graph(tmp_path):
    """Attention at β = 0 counts a token among its neighbours, Kuramoto does not."""
    known = reference("kuramoto")
    theta, joined = known["theta0_kc"], known["karate_A"]
    path = tmp_path / "karate.npy"
    np.save(path, joined)
    some = law(beta=0.0, heads__mask="graph", heads__mask__path=str(path))
    found, degree = turning(theta, velocity(some, circle(theta))), joined.sum(axis=1)
    found *= (degree + 1) / degree
    error = apart(found, known["karate_w0_vel0"])
    held("kuramoto", "velocity on the karate club", error, 1e-13)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "mask"), [("allones", "full"), ("complete", "others")]
)
def test_kuramoto_trajectory(name, mask, tmp_path):
    known = reference("kuramoto")
    changes = {"dynamics": law(beta=0.0, heads__mask=mask), "integrator": TIGHT}
    run = Simulation(
        placed(circle(known["theta0"]), tmp_path, step=0.5, **changes), "numpy"
    )
    for k, t in enumerate(known[f"{name}_w0_t"]):
        run.advance(t - run.t)
        wanted = circle(known[f"{name}_w0_theta_ref"][k])
        error = apart(run.x, wanted)
        held("kuramoto", "runs at β = 0, all and others", error, 1e-11)
        error = abs(run.measures()["order"] - known[f"{name}_w0_R"][k])
        held("kuramoto", "order parameter of the library", error, 2e-6)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ATTENTION)
def test_consensus_rate_at_beta_zero(kind):
    changes = {"tokens": 8, "dimension": 4, "initial": "cap", "dynamics": kind}
    changes |= {"dynamics.beta": 0.0, "integrator": TIGHT, "step": 0.5}
    run = Simulation(edit(Scenario(), changes), "numpy")
    run.advance(12.0)
    before = np.linalg.norm(run.x[0] - run.x[1])
    run.advance(2.0)
    found = np.log(np.linalg.norm(run.x[0] - run.x[1]) / before) / 2
    held("E2", "distances ~ e^{−t} at β = 0", abs(found + 1), 5e-9)


# F, G. Stability.


def circle_rate(n, beta, mode, kind):
    """Return the growth rate of a mode of the regular n-gon, exact for finite n."""
    a = 2 * np.pi * np.arange(n) / n
    h = np.exp(beta * np.cos(a)) * (np.cos(a) - beta * np.sin(a) ** 2)
    found = -(h * (1 - np.cos(mode * a))).sum() / n
    if kind == "softmax":
        return found * n / np.exp(beta * np.cos(a)).sum()
    return found * np.exp(-beta)


@pytest.mark.parametrize("c", [1.0, -1.0])
@pytest.mark.parametrize("kind", ATTENTION)
@pytest.mark.parametrize("mode", [1, 2, 3, 5])
@pytest.mark.parametrize(("n", "beta"), [(24, 5.0), (48, 9.0)])
def test_growth_of_the_modes_of_a_polygon(n, beta, mode, kind, c):
    a, eps = 2 * np.pi * np.arange(n) / n, 1e-5
    some = law(kind, beta=beta, heads__value__scale=c)
    wave, found = np.cos(mode * a), 0.0
    for side in (eps, -eps):
        angle = a + side * wave
        v = turning(angle, velocity(some, circle(angle)))
        found += (v * wave).sum() / (2 * side * (wave**2).sum())
    error = missed(found, c * circle_rate(n, beta, mode, kind))
    held("F2", "growth of modes of the n-gon, relative", error, 8e-8)


@pytest.mark.parametrize(
    ("beta", "k", "known"), [tuple(r) for r in KNOWN["growth_SA_circle_k"]]
)
def test_growth_on_the_circle(beta, k, known):
    error = abs(rate(int(k), beta, 2) - known)
    held("G2", "σ_k = k²I_k(β)/βI₀(β)", error, 1e-14)
    error = abs(circle_rate(400, beta, int(k), "softmax") - known)
    held("G2", "σ_k is that of the 400-gon", error, 1e-9)


@pytest.mark.parametrize(
    ("beta", "degree", "known"), [tuple(r) for r in KNOWN["growth_SA_sphere_l"]]
)
def test_growth_on_the_globe(beta, degree, known):
    error = abs(rate(int(degree), beta, 3) - known)
    held("G2", "σ_ℓ on S²", error, 1e-14)


@pytest.mark.parametrize("kind", ATTENTION)
@pytest.mark.parametrize("degree", [1, 2, 3, 4])
def test_growth_of_a_lattice_on_the_globe(degree, kind):
    """The Rayleigh quotient of the displacement ∇P_ℓ of 3000 even tokens."""
    changes = {"tokens": 3000, "initial": "fibonacci"}
    x = Simulation(edit(Scenario(), changes), "numpy").x
    eps, axis, z = 1e-5, np.array([0.0, 0.0, 1.0]), x[:, 2]
    bend = degree * (eval_legendre(degree - 1, z) - z * eval_legendre(degree, z))
    wave = (bend / (1 - z * z))[:, None] * (axis - z[:, None] * x)
    some, found = law(kind, beta=4.0), 0.0
    for side in (eps, -eps):
        y = x + side * wave
        y /= np.linalg.norm(y, axis=1, keepdims=True)
        found += (velocity(some, y) * wave).sum() / (2 * side * (wave**2).sum())
    wanted = rate(degree, 4.0, 3, softmax=kind == "softmax")
    if kind == "unnormalised":
        wanted *= np.exp(-4.0)  # our time
    held("G2", "σ_ℓ of 3000 tokens on S²", abs(found - wanted), 1e-6)


def test_limits_of_the_growth():
    held("G2", "σ₁ → (d − 1)/d as β → 0", abs(rate(1, 1e-9, 3) - 2 / 3), 1e-9)
    top = max(rate(k, 256.0, 2) for k in range(60))
    held("G2", "largest σ_k at β = 256 is .7344", abs(top - 0.7344), 5e-5)
    assert abs(fastest(256.0, 3) - 512**0.5) < 1.5


SWITCHES = (1.044457, 3.165434, 6.211298, 10.228483, 15.236277, 21.240452)


@pytest.mark.parametrize(("k", "beta"), [*enumerate(SWITCHES, 1)])
def test_the_fastest_mode_switches(k, beta):
    """G3: the roots of k²I_k = (k + 1)²I_{k+1}."""
    error = missed(rate(k, beta, 2), rate(k + 1, beta, 2))
    held("G3", "σ_k = σ_{k+1} at the known β, relative", error, 1e-6)
    assert (fastest(beta - 1e-5, 2), fastest(beta + 1e-5, 2)) == (k, k + 1)


def test_critical_noise():
    held("G4", "κ_c = 2 at β = 0, d = 2", abs(critical_noise(1e-9, 2) - 2), 1e-8)
    held("G4", "κ_c = e at β = 1, d = 3", abs(critical_noise(1.0, 3) - np.e), 1e-13)


@pytest.mark.parametrize(
    ("d", "known"), [(2, 2.446918), (3, 1.816155), (4, 1.575257), (8, 1.266553)]
)
def test_the_transition_is_continuous_up_to_a_temperature(d, known):
    held("G4", "β_*, d = 2, 3, 4, 8", abs(tricritical(d) - known), 5e-7)


def test_rates_are_numbers_in_any_dimension():
    """Where Bessel functions of order d/2 are too small: the leading terms in 1/d."""
    d = 4096
    assert rate(1, 4.0, d) == pytest.approx(1 - 1 / d, abs=2e-6)
    assert tricritical(d) == pytest.approx(1 + 2 / d, abs=1e-7)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("d", "beta", "mean"), [tuple(r) for r in KNOWN["uniform_mean_exp"]]
)
def test_energy_of_the_uniform_measure(d, beta, mean):
    error = missed(energy(beta, int(d)), np.exp(-beta) * mean)
    held("G", "F̂[σ] = e^{−β}M_d(β), relative", error, 1e-14)
    x = sphere(np.random.default_rng(2), 3000, int(d))
    found, diagonal = float(interaction(x, beta)), 1 / len(x)
    wanted = energy(beta, int(d)) * (1 - diagonal) + diagonal
    held("G", "F̂ of 3000 random tokens, relative", missed(found, wanted), 0.02)


# H. The mean field.


def continuity(kind, beta, end, modes=64, h=0.005):
    """Return the Fourier modes at `end` of ∂f + ∂(fu) = 0 on the circle."""
    k = np.arange(-modes, modes + 1)
    bessel = 2 * np.pi * iv(np.abs(k), beta)
    f = np.zeros(2 * modes + 1, complex)
    f[modes], f[modes + 1], f[modes + 2] = 1, 0.1, 0.05 / 1j
    f[modes - 1], f[modes - 2] = 0.1, -0.05 / 1j
    f /= 2 * np.pi
    grid = 4 * modes
    waves = np.exp(2j * np.pi / grid * np.outer(np.arange(grid), k))

    def slope(f):
        height, rise = (waves @ (bessel * f)).real, (waves @ (1j * k * bessel * f)).real
        u = rise / beta / (height if kind == "softmax" else np.exp(beta))
        flux = waves.conj().T @ ((waves @ f).real * u) / grid
        return -1j * k * flux

    for _ in range(round(end / h)):
        a = slope(f)
        b = slope(f + h / 2 * a)
        c = slope(f + h / 2 * b)
        f = f + h / 6 * (a + 2 * b + 2 * c + slope(f + h * c))
    return f[modes:].conj()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ATTENTION)
def test_quantile_tokens_solve_the_continuity_equation(kind):
    beta, end = 2.0, 1.5
    f = continuity(kind, beta, end)
    changes = {"tokens": 100, "dimension": 2, "initial": "quantile", "step": 0.5}
    changes |= {"dynamics": kind, "dynamics.beta": beta, "integrator": TIGHT}
    run = Simulation(edit(Scenario(), changes), "numpy")
    run.advance(end)
    z = run.x[:, 0] + 1j * run.x[:, 1]
    for m in (1, 2, 3):
        error = abs((z**m).mean() - 2 * np.pi * f[m])
        held("H", "moments 1 to 3 of 100 tokens and of the PDE", error, 1e-9)
    if kind == "softmax":
        error = abs(z.mean() - (0.16784299 - 0.00308283j))
        held("H", "first moment of SA, β = 2, t = 1.5", error, 1e-8)
