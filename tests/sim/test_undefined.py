"""Where an observable has no value, it says why, for every law and space."""

import math

import numpy as np
import pytest
from helpers.formula_parts import needs

from sim.dynamics import Dynamics
from sim.frame import FrameRequest
from sim.observables import Observable
from sim.scenario import Scenario, edit
from sim.simulation import Simulation

SPACES = ("sphere", "flat", "pre_ln")
EVERYWHERE = frozenset({"max_speed", "order", "radius", "clusters", "energy"})


def undefined(scenario):
    """Return the observables that are NaN at the start."""
    with np.errstate(all="ignore"):
        measures = Simulation(scenario, "numpy").frame(None, FrameRequest()).measures
    return [kind for kind, value in measures.items() if math.isnan(value)]


def why(kind, scenario):
    shape = scenario.tokens, scenario.dimension
    member = Observable.member(kind)
    return member.why_undefined(scenario.dynamics, scenario.space, shape)


@pytest.mark.parametrize("kind", list(Dynamics.kinds()))
def test_what_is_undefined_under_a_law_says_why(kind):
    for space in SPACES:
        scenario = edit(Scenario(tokens=3), {**needs(kind), "space": space})
        found = undefined(scenario)
        assert not EVERYWHERE & set(found)
        assert found  # groups are given to no token here
        for one in found:
            assert why(one, scenario), f"{one} under {kind} in {space}"


def test_what_depends_on_numbers_says_which():
    flat = edit(Scenario(tokens=1), {"dynamics.beta": 0})
    for kind, words in (
        ("e_beta", "β, which is 0"),
        ("mean_cosine", "only one token"),
        ("output_cosine", "only one token"),
    ):
        assert kind in undefined(flat)
        assert words in why(kind, flat)
    assert why("f_hat", flat) == ""


def test_laws_without_attention_or_without_beta_differ():
    texts = {
        law: why("f_hat", edit(Scenario(tokens=3), {"dynamics": law}))
        for law in ("hardmax", "bracket")
    }
    assert texts["hardmax"] == "the law has no β"
    assert texts["bracket"] == "the law has no attention among tokens"
