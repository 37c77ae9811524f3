"""A draw depends on the seed and its own name, never on the other draws."""

import subprocess
import sys

import numpy as np
import pytest
from helpers.paths import ROOT

from sim import Scenario, Simulation, edit
from sim.seed import Seed


def matrices(**changes):
    settings = {f"dynamics.heads.{k}": v for k, v in changes.items()}
    return edit(Scenario(), settings).dynamics.heads.draw(4, Seed(7))


def test_a_new_head_leaves_the_others_alone():
    parts = {"value": "gaussian", "query": "gaussian", "key": "gaussian"}
    one, two = (matrices(count=h, **parts) for h in (1, 2))
    for a, b in zip(one, two, strict=True):
        assert (a[0] == b[0]).all()


def test_queries_do_not_move_the_values():
    plain = matrices(value="gaussian")
    fancy = matrices(value="gaussian", query="gaussian", key="gaussian")
    assert (plain[2] == fancy[2]).all()


def test_queries_keys_and_values_are_independent():
    q, k, v = matrices(value="gaussian", query="gaussian", key="gaussian")
    assert not np.isclose(q, k).any()
    assert not np.isclose(k, v).any()


def test_names_and_seeds_make_streams_of_their_own():
    draws = {
        tuple(Seed(value).rng(name).integers(0, 2**60, 3))
        for value in range(20)
        for name in ("initial", "query", "key", "value", "")
    }
    assert len(draws) == 100
    assert Seed(3).rng("a").random() == Seed(3).rng("a").random()


def test_the_law_does_not_move_the_tokens():
    places = [
        Simulation(edit(Scenario(), {"dynamics": kind}), "numpy").x
        for kind in ("softmax", "unnormalised", "bracket")
    ]
    assert (places[0] == places[1]).all()
    assert (places[0] == places[2]).all()


def test_single_precision_starts_from_the_same_tokens():
    double, single = (
        Simulation(Scenario(precision=p), "numpy").x for p in ("float64", "float32")
    )
    assert (double.astype(np.float32) == single).all()


@pytest.mark.slow
def test_the_same_scenario_gives_the_same_run_in_another_process():
    script = (
        "import sim\n"
        "run = sim.Simulation(sim.Scenario(tokens=32), 'numpy')\n"
        "run.advance(2.0)\n"
        "print(run.x.tobytes().hex())\n"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for _ in range(2)
    }
    assert len(found) == 1
