"""Numbers that must hold do, for every law and space; and a broken one is seen."""

from __future__ import annotations

import math

import numpy as np
import pytest
from helpers.paths import SCENARIOS

import sim
from sim.__main__ import main
from sim.checks.state import check_state
from sim.dynamics import Dynamics
from sim.scenario import edit
from sim.spaces import Space

PRESETS = [
    p for p in sorted(SCENARIOS.glob("*.json")) if p.stem != "million"
]  # too many


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("space", Space.kinds())
@pytest.mark.parametrize("law", Dynamics.kinds())
def test_checks_pass(law, space, precision):
    s = sim.Scenario(tokens=16, precision=precision, step=0.01)
    changes = {"dynamics": law, "space": space}
    if law == "sinkhorn":
        changes["dynamics.rounds"] = 100
    run = sim.Simulation(edit(s, changes), "numpy")
    for _ in range(3):
        run.step()
    broken = [c for c in check_state(run) if not c.holds and c.name != "integrator"]
    assert not broken


@pytest.mark.slow
@pytest.mark.parametrize("path", PRESETS, ids=lambda p: p.stem)
def test_checks_of_presets_pass(path):
    run = sim.Simulation(sim.open_comparison(path).first, "numpy")
    assert not [c for c in check_state(run) if not c.holds]


def named(run):
    return {c.name: c for c in check_state(run)}


def test_what_is_broken_is_seen():
    run = sim.Simulation(sim.Scenario(tokens=8, step=2.0), "numpy")
    assert not named(run)["step"].holds
    frame = run.frame()
    run.restore(frame)
    run._bound.state.x[0] *= 1.5  # pyright: ignore[reportPrivateUsage]
    assert not named(run)["length"].holds
    few = {"dynamics": "sinkhorn", "dynamics.rounds": 1, "dynamics.beta": 16.0}
    rows = named(sim.Simulation(edit(sim.Scenario(tokens=8), few), "numpy"))["row sums"]
    assert not rows.holds
    assert "raise rounds" in rows.note


def test_layers_and_noise_have_no_error_of_a_step():
    for kind in ("layer", "maruyama"):
        run = sim.Simulation(edit(sim.Scenario(), {"integrator": kind}), "numpy")
        step = named(run)["step"]
        assert step.holds
        assert math.isnan(step.value)


def test_the_command_prints_them(capsys):
    assert main(["check", "--set", "tokens=12", "--at", "0.2"]) == 0
    printed = capsys.readouterr().out
    assert "ok   length" in printed
    assert "the law ascends its energy here" in printed
    assert main(["check", "--set", "step=2"]) == 1
    assert "BAD  step" in capsys.readouterr().out


def test_theory_is_a_column_or_a_reason(capsys, tmp_path):
    changes = ("tokens=6", "dimension=6", "initial=equiangular", "duration=1")
    flags = [part for change in changes for part in ("--set", change)]
    assert main(["run", *flags, "--theory", "-o", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr().out
    assert "theory:kuramoto does not apply: it needs β = 0, got 9." in printed
    lines = (tmp_path / "out" / "observables.csv").read_text("utf-8").splitlines()
    names = next(line for line in lines if line.startswith("t,")).split(",")
    values = dict(zip(names, map(float, lines[-1].split(",")), strict=True))
    assert values["theory:equiangular"] == pytest.approx(
        values["mean_cosine"], abs=1e-7
    )
    assert np.isfinite(values["theory:uniform"])
