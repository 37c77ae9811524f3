"""The formula of every law with every part, evaluated from its tree, is the code's."""

import re

import numpy as np
import pytest
from helpers.formula_parts import N, attention_parts, cases, scenario
from helpers.formula_values import environment

from sim.dynamics import AttentionLaw, Dynamics
from sim.expressions.formula import evaluate, to_latex
from sim.formula import formula
from sim.integrators import Integrator
from sim.scenario import Scenario, edit
from sim.seed import Seed
from sim.simulation import Simulation

TOLERANCE = 1e-12  # of the largest entry
REMEDY = re.compile("Choose|Set")  # what a refusal must say
NEUTRAL = {"full", "equal", "none"}  # kinds that add nothing
CASES = [
    pytest.param(kind, changes, id=f"{kind} {name}") for kind, name, changes in cases()
]


def started(chosen):
    """Return the simulation after two steps, so that the start is past.

    None if its parts do not fit together, which it must say with what to do.
    """
    try:
        sim = Simulation(chosen, "numpy")
    except ValueError as error:
        assert REMEDY.search(str(error))
        return None
    sim.step()
    sim.step()
    return sim


def near(found, wanted):
    """Whether two arrays agree to `TOLERANCE`."""
    scale = max(np.abs(wanted).max(initial=0), 1e-3)
    return np.abs(found - wanted).max(initial=0) <= TOLERANCE * scale


@pytest.mark.parametrize("d", [pytest.param(2, marks=pytest.mark.slow), 3])
@pytest.mark.parametrize(("kind", "changes"), CASES)
def test_the_tree_is_the_velocity(kind, changes, d, tmp_path):
    chosen = scenario(kind, changes, d, tmp_path)
    if (sim := started(chosen)) is None:
        return
    tokens, momenta = evaluate(formula(chosen), environment(sim))
    if chosen.integrator.discrete:
        sim.step()
        wanted = sim.x, sim.p
    else:
        v = sim.flow(sim._bound.state)
        wanted = v.x, v.p
    assert near(tokens, wanted[0])
    assert momenta is None or near(momenta, wanted[1])
    assert (momenta is None) == (sim._bound.field.carrier == "")


PARTS = [
    pytest.param(name, changes, id=name)
    for name, changes in dict(attention_parts()).items()
    if name.partition("=")[2] not in NEUTRAL and name != "everything"
]
IDENTITY = {"value=identity"}
WITHOUT_POSITION = {"linear", "hardmax"}


@pytest.mark.slow
@pytest.mark.parametrize("name, changes", PARTS)
@pytest.mark.parametrize(
    "kind", [k for k, law in Dynamics.kinds().items() if issubclass(law, AttentionLaw)]
)
def test_no_part_in_force_is_left_out(kind, name, changes, tmp_path):
    plain = formula(scenario(kind, {}, N, tmp_path))
    try:
        changed = formula(scenario(kind, changes, N, tmp_path))
    except ValueError as error:
        assert REMEDY.search(str(error))
        return
    if name in IDENTITY or (name.startswith("ramp") and kind in WITHOUT_POSITION):
        assert to_latex(changed) == to_latex(plain)
        return
    assert to_latex(changed) != to_latex(plain)
    settings = {symbol.path for symbol in changed.symbols()}
    assert settings >= {symbol.path for symbol in plain.symbols()} - {"tokens"}


def test_every_random_integrator_states_its_noise():
    for kind in Integrator.kinds():
        run = edit(Scenario(tokens=N, dimension=3), {"integrator": kind})
        letters = {getattr(node, "name", "") for node in formula(run).nodes()}
        assert ("noise" in letters) == run.integrator.random


@pytest.mark.parametrize("space", ["sphere", "flat", "centred", "pre_ln"])
def test_the_term_of_noise_is_the_kick_of_a_step(space):
    changes = {"integrator": "maruyama", "integrator.temperature": 0.3, "space": space}
    run = edit(Scenario(tokens=N, dimension=3, precision="float64"), changes)
    sim = Simulation(run, "numpy")
    xi = Seed(run.seed).rng_at("noise", 0.0).normal(size=(N, 3))
    env = environment(sim)
    drift, _ = evaluate(formula(run), env)
    whole, _ = evaluate(formula(run), env.with_values(noise=xi))
    h, x = run.step, sim.x
    moved = x + h * drift + h**0.5 * (whole - drift)
    sim.step()
    assert np.abs(sim.x - run.space.project_point(moved)).max() < TOLERANCE


def test_symbols_know_their_settings():
    run = edit(Scenario(), {"dynamics.beta": 2.5, "dynamics.heads.mask": "window"})
    found = {symbol.path: symbol.setting for symbol in formula(run).symbols()}
    assert found == {"dynamics.beta": 2.5, "dynamics.heads.mask.reach": 8}


def test_an_unmasked_sum_is_not_a_masked_one():
    plain, masked = (
        formula(edit(Scenario(), {"dynamics.heads.mask": kind})).main()
        for kind in ("full", "causal")
    )
    assert r"\sum_{j}" in plain
    assert r"\sum_{j \le i}" in masked
