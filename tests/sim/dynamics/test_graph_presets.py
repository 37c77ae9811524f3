"""The shipped scenarios of graph laws: where they go, and what each must show."""

import numpy as np
import pytest
from helpers.paths import SCENARIOS

from sim import Scenario, Simulation, edit
from sim.checks.integrator import warning
from sim.cli.list_settings import listing
from sim.settings.knobs import used, walk

GOLDEN = {  # time, first token, energy
    "wave-k6": (3.0, [0.299607694, 0.569727599, 0.122999436], 3.0),
    "ring-toggle": (10.0, [0.387086642, 0.067609155, 0.136678061], 6.0),
    "karate-diffusion": (5.0, [0.042356282, -0.099070112, -0.107581723], 0.218607853),
    "karate-waves": (10.0, [0.323466648, 0.019670033, 0.146544795], 87.274890389),
    "metriplectic": (2.0, [0.749951545, -0.285343967, 0.06199693], 18.654424105),
    "spin-bridge": (10.0, [0.412585441, -0.877085476, 0.245955934], 0.133430582),
    "inertial": (10.0, [0.781782446, 0.022623517, 0.623140742], 8.881914446),
    "layers": (6.0, [-0.331443436, -0.799796406, 0.500470737], 0.26298254),
}


def opened(name):
    return Simulation(Scenario.load(SCENARIOS / f"{name}.json"), "numpy")


@pytest.mark.slow
@pytest.mark.parametrize("name", GOLDEN)
def test_golden(name):
    t, token, energy = GOLDEN[name]
    run = opened(name)
    assert not warning(run.scenario)
    run.advance(t)
    np.testing.assert_allclose(run.x[0], token, atol=2e-8)
    assert run.measures()["energy"] == pytest.approx(energy, rel=1e-8)


def test_the_wave_on_k6_comes_back():
    run = opened("wave-k6")
    x = run.x
    run.advance(4 * np.pi / np.sqrt(6))
    np.testing.assert_allclose(run.x, x, atol=1e-12)


def test_the_slope_of_the_energy_breaks_where_the_ring_is_toggled():
    run = opened("ring-toggle")
    run.advance(5.0)
    before = run.measures()
    run.retune(edit(run.scenario, {"dynamics.gamma": 0.5}))
    after = run.measures()
    assert before["energy"] == after["energy"] == pytest.approx(6.0, abs=1e-13)
    assert before["energy_law"] == 0.0
    assert after["energy_law"] < -1.0
    assert after["energy_rate"] == pytest.approx(after["energy_law"], rel=1e-8)
    run.advance(5.0)
    run.retune(edit(run.scenario, {"dynamics.gamma": 0.0}))
    left = run.measures()["energy"]
    run.advance(5.0)
    assert run.measures()["energy"] == pytest.approx(left, rel=1e-13)
    assert left < 3.0


def spread(run):
    """Return how far members are from their mean, as a root mean square."""
    return np.sqrt(np.mean(np.var(run.x, axis=0)))


def test_diffusion_smooths_and_waves_do_not():
    heat, wave = opened("karate-diffusion"), opened("karate-waves")
    np.testing.assert_array_equal(heat.x, wave.x)
    first = spread(heat)
    heat.advance(40.0)
    assert spread(heat) < 0.01 * first
    spreads = []
    for _ in range(20):
        wave.advance(2.0)
        spreads.append(spread(wave) / first)
    assert np.mean(spreads) > 0.5
    assert min(spreads) > 0.2


@pytest.mark.slow
def test_metriplectic_dynamics_keep_e_and_raise_s():
    run = opened("metriplectic")
    first = run.measures()
    run.advance(20.0)
    last = run.measures()
    assert abs(last["energy"] - first["energy"]) < 1e-10
    assert first["disorder"] < -6
    assert -1e-3 < last["disorder"] <= 0


@pytest.mark.slow
def test_spin_turns_into_attention():
    run = opened("spin-bridge")
    first = run.measures()
    run.advance(20.0)
    same = run.measures()
    assert same["energy"] == pytest.approx(first["energy"], abs=1e-6)
    assert same["spin"] == pytest.approx(first["spin"], abs=1e-12)
    run.retune(edit(run.scenario, {"dynamics.phi": 90.0}))
    run.advance(100.0)
    assert run.measures()["energy"] > 3 * first["energy"]


@pytest.mark.slow
def test_friction_stops_tokens_with_momentum():
    run = opened("inertial")
    first = run.measures()["energy"]
    run.advance(60.0)
    assert run.measures()["energy"] == pytest.approx(first, rel=1e-3)
    run.retune(edit(run.scenario, {"dynamics.gamma": 1.0}))
    run.advance(60.0)
    assert np.linalg.norm(run.p) < 1e-3
    assert run.measures()["order"] > 0.999


IDLE = [
    (kind, topology, weights)
    for kind in ("bracket", "mix", "gradient", "metriplectic")
    for topology in ("complete", "attention")
    for weights in ("graph", "frozen")
]


@pytest.mark.filterwarnings("ignore::sim.settings.effect.UnusedSettingWarning")
@pytest.mark.parametrize(("kind", "topology", "weights"), IDLE)
def test_idle_settings_change_nothing_and_have_no_row(kind, topology, weights):
    changes = {"dynamics": kind, "dynamics.graph": topology, "space": "flat"}
    changes |= {"dynamics.metric.weights": weights, "dynamics.stir": 0.3}
    s = edit(Scenario(tokens=6), changes)
    inactive = s.dynamics.inactive()
    own = (topology, weights) == ("complete", "graph")
    assert ("metric.beta" in inactive) is own
    rows = {path for path, _, _ in used(s)}
    assert {path for path, _, _ in walk(s)} - rows >= {
        f"dynamics.{i}" for i in inactive
    }
    found = Simulation(s, "numpy").velocity()
    for path in inactive:
        value = "rotation" if path.split(".")[-1] in ("query", "key", "value") else 3
        turned = edit(s, {f"dynamics.{path}": value})
        np.testing.assert_array_equal(Simulation(turned, "numpy").velocity(), found)
    shown = {"metric.beta", "metric.query", "metric.count"} - inactive
    for path in shown - {"metric.count"}:  # equal heads agree
        value = "rotation" if path == "metric.query" else 3
        turned = Simulation(edit(s, {f"dynamics.{path}": value}), "numpy")
        assert np.abs(turned.velocity() - found).max() > 1e-3


def test_the_list_leaves_out_what_changes_nothing():
    plain = edit(Scenario(), {"dynamics": "bracket", "space": "flat"})
    frozen = edit(plain, {"dynamics.metric.weights": "frozen"})
    listings = ["\n".join(listing(s)) for s in (plain, frozen)]
    assert "dynamics.metric.beta" not in listings[0]
    assert "dynamics.metric.beta" in listings[1]
