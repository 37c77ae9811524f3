"""P, Q: plateaus, the staircase; what is shown and written is what was computed."""

import csv

import numpy as np
import pytest
from helpers.oracles import apart, held, missed
from helpers.paths import SCENARIOS
from helpers.runs import placed

from sim import Scenario, Simulation, edit, open_scenario
from sim.frame import FrameRequest
from sim.integrators.adaptive import Adaptive
from sim.projections import Projection
from sim.recording.run_folder import record_run
from sim.scenario import from_json, to_json

HOME = SCENARIOS
TIGHT = Adaptive(rtol=1e-12, atol=1e-14)


def f_hat(x, beta):
    """Return F̂ of the tokens x, (n, d), as its formula says."""
    return np.exp(beta * (x @ x.T - 1)).mean()


@pytest.mark.parametrize("beta", [16.0, 64.0, 144.0])
def test_plateaus_are_sums_of_squares(beta, tmp_path):
    angle = np.repeat([0.0, 1.3, 3.0, 4.4], [1, 2, 3, 4])
    x = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    run = Simulation(placed(x, tmp_path, **{"dynamics.beta": beta}), "numpy")
    share = np.array([1, 2, 3, 4]) / 10
    error = missed(run.measures()["f_hat"], (share**2).sum())
    held("P", "plateau Σ αₖ², β = 16, 64, 144, relative", error, 1e-3)


@pytest.mark.slow
def test_five_tokens_wait_on_their_steps():
    s = open_scenario(HOME / "five-tokens.json")
    run = Simulation(edit(s, {"integrator": TIGHT, "clock": "steady"}), "numpy")
    for t, level in ((6.0, 0.520183), (200.0, 0.520602)):
        run.advance(t - run.t)
        error = abs(run.measures()["f_hat"] - level)
        held("P", "five tokens: F̂ at t = 6 and 200", error, 5e-7)


@pytest.mark.slow
def test_six_tokens_climb_a_staircase():
    """36F̂ waits at the sums of squares of 2+2+1+1, 2+2+2 and 4+2 tokens."""
    run = Simulation(open_scenario(HOME / "staircase.json"), "numpy")
    for t, level in ((20, 10.002), (300, 12.001), (660, 20.000)):
        run.advance(t - run.t)
        error = abs(36 * run.measures()["f_hat"] - level)
        held("P", "six tokens: 36 F̂ = 10, 12, 20", error, 1.5e-3)


# Q. What is shown and written.


def read(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return [*csv.DictReader(line for line in lines if not line.startswith("#"))]


def test_exported_positions_give_the_plotted_energy(tmp_path):
    s = Scenario(tokens=20, dimension=5, duration=2.0)
    record_run(s, tmp_path, every=10, backend="numpy")
    told = {
        float(r["t"]): float(r["f_hat"]) for r in read(tmp_path / "observables.csv")
    }
    rows = read(tmp_path / "trajectory.csv")
    places = np.array([[float(r[f"x{k}"]) for k in range(5)] for r in rows])
    for k, (t, wanted) in enumerate(told.items()):
        assert float(rows[20 * k]["t"]) == t
        found = f_hat(places[20 * k : 20 * k + 20], 4.0)
        held("Q", "F̂ of exported positions", abs(found - wanted), 1e-12)


def test_an_exported_table_is_read_back(tmp_path):
    s = Scenario(tokens=20, dimension=5, duration=1.0)
    record_run(s, tmp_path / "out", backend="numpy")
    run = Simulation(s, "numpy")
    run.advance(1.0)
    last = read(tmp_path / "out" / "trajectory.csv")[-20:]
    table = tmp_path / "again.csv"
    rows = (",".join(row[f"x{k}"] for k in range(5)) for row in last)
    table.write_text("\n".join(("a,b,c,d,e", *rows)), encoding="utf-8")
    start = {"initial": "file", "initial.path": str(table), "initial.centre": False}
    again = Simulation(edit(Scenario(), start), "numpy")
    error = abs(again.measures()["f_hat"] - run.measures()["f_hat"])
    held("Q", "F̂ of an export read again", error, 1e-12)


def test_the_same_scenario_is_the_same_run():
    s = edit(Scenario(tokens=30, seed=5), {"dynamics.heads.query": "gaussian"})
    ends = []
    for some in (s, from_json(to_json(s))):
        run = Simulation(some, "numpy")
        run.advance(3.0)
        ends.append(run.x)
    held("Q", "the same scenario, the same run", apart(*ends), 0.0)


@pytest.mark.slow
def test_switches_turn_the_energy_as_the_theory_says():
    """SA and USA climb with V = I and descend with V = −I, from the same tokens."""
    for kind in ("softmax", "unnormalised"):
        for c in (1.0, -1.0):
            changes = {"dynamics": kind, "dynamics.heads.value.scale": c}
            run = Simulation(edit(Scenario(), changes), "numpy")
            rate = c * run.measures()["energy_rate"]
            held("Q", "dF̂/dt > 0 with V = I, < 0 with V = −I", max(0.0, -rate), 0.0)
            assert rate > 1e-6


@pytest.mark.parametrize("kind", Projection.kinds())
def test_looking_from_another_side_changes_no_energy(kind):
    run = Simulation(Scenario(tokens=24, dimension=7), "numpy")
    request = FrameRequest(observables=frozenset({"f_hat"}))
    before = run.frame(request=request)
    Projection.member(kind)().projector(before).points(before.x, before.t)
    after = run.frame(request=request)
    error = abs(after.measures["f_hat"] - f_hat(run.x, 4.0))
    held("Q", "F̂ whatever the projection, d = 7", error, 1e-13)
    assert before.measures == after.measures
