"""The program that is copied of a formula runs alone, and gives the run's velocity."""

import ast
import contextlib
import io
from dataclasses import replace

import numpy as np
import pytest
from helpers import sampling
from helpers.formula_parts import N, cases, scenario

from sim.formula_script import script
from sim.loading import open_run
from sim.resources import presets
from sim.scenario import edit, fitted
from sim.simulation import Simulation

TOLERANCE = 1e-10
SMALL = 6  # tokens
ALONE = {"functools", "itertools", "math", "numpy"}
PACKAGED = {"apple", "bank", "sentence", "words"}  # too large to print


def run_alone(text):
    """Return what a program defines, run where nothing else is known."""
    names = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(text, "copied", "exec"), names)
    return names


def imported(text):
    """Return the names of the packages that a program imports."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {one.name.partition(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module.partition(".")[0])
    return found


def moved(sim):
    """Return the velocities of tokens and momenta, or both after the next layer."""
    if sim.scenario.integrator.discrete:
        sim.step()
        return sim.x, sim.p
    v = sim.flow(sim._bound.state)
    return v.x, v.p


def check(result, wanted):
    """Check what a program gives; it leaves out momenta where there are none."""
    parts = result if isinstance(result, tuple) else (result,)
    assert len(parts) == (2 if wanted[1].size else 1) or not wanted[1].size
    for found, exact in zip(parts, wanted, strict=False):
        assert found.shape == exact.shape
        scale = max(1.0, np.abs(exact).max(initial=0))
        assert np.abs(found - exact).max(initial=0) <= TOLERANCE * scale


def small(name):
    """Return a preset with few tokens, in float64."""
    start = edit(open_run(presets()[name]).start, {"precision": "float64"})
    return fitted(replace(start, tokens=SMALL, dimension=min(start.dimension, SMALL)))


@pytest.mark.parametrize("name", sorted(set(presets()) - {"apple", "bank"}))
def test_the_copied_program_of_a_preset_gives_its_velocity(name):
    chosen = small(name)
    text = script(chosen)
    packaged = {"sim"} if name in PACKAGED else set()
    assert imported(text) <= ALONE | packaged
    check(run_alone(text)["result"], moved(Simulation(chosen, "numpy")))


CASES = [
    pytest.param(
        *(kind, changes),
        id=f"{kind} {name}",
        marks=() if name == "plain" else pytest.mark.slow,
    )
    for kind, name, changes in cases()
][:: 1 if sampling.long else 4]


@pytest.mark.parametrize(("kind", "changes"), CASES)
def test_the_program_is_the_velocity_at_any_time(kind, changes, tmp_path):
    chosen = scenario(kind, changes, N, tmp_path)
    try:
        sim = Simulation(chosen, "numpy")
    except ValueError:  # what it must say is tested with formulas
        return
    text = script(chosen)
    assert ("sim" in imported(text)) == (kind == "trained")
    names = run_alone(text)
    sim.step()
    sim.step()
    function = names["next_layer" if chosen.integrator.discrete else "velocity"]
    known = {"x": sim.x, "p": sim.p, "t": sim.t, "noise": None}
    code = function.__code__
    parameters = code.co_varnames[: code.co_argcount]
    check(function(*(known[p] for p in parameters)), moved(sim))


class Counting:
    """NumPy that counts its exponentials."""

    def __init__(self):
        self.exponentials = 0

    def __getattr__(self, name):
        return getattr(np, name)

    def exp(self, x):
        self.exponentials += 1
        return np.exp(x)


def test_a_sum_of_weights_is_made_once_for_each_row():
    chosen = small("heads")
    names = run_alone(script(chosen))
    names["np"] = counting = Counting()
    names["velocity"](names["start"])
    heads = chosen.dynamics.heads.count
    assert counting.exponentials == 2 * heads * SMALL**2


@pytest.mark.slow
def test_an_array_too_large_to_print_is_made_by_the_package(tmp_path):
    changes = {"dynamics.heads.value": "gaussian", "tokens": 4, "dimension": 65}
    chosen = edit(scenario("softmax", {}, N, tmp_path), changes)
    text = script(chosen)
    names = run_alone(text)
    assert 'V = packaged["V"]' in text and "start = np.array(" in text
    check(names["result"], moved(Simulation(chosen, "numpy")))
