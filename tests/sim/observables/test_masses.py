"""Masses in measures: k equal tokens are one token of mass k/n."""

import numpy as np
import pytest
from helpers.runs import sphere

import sim

COUNTS = np.array([1, 3, 2, 5])
KINDS = ("order", "divergence", "f_hat")
CASES = [
    (law, space, matrix)
    for law in ("softmax", "unnormalised")
    for space, matrix in (("sphere", "identity"), ("flat", "identity"))
] + [("softmax", "sphere", "gaussian")]


@pytest.mark.parametrize(("law", "space", "matrix"), CASES)
def test_equal_tokens_measure_as_one_of_their_mass(law, space, matrix):
    x = sphere(np.random.default_rng(5), len(COUNTS), 3)
    settings = {
        "dynamics": law,
        "space": space,
        "dynamics.beta": 3.0,
        "dynamics.heads.query": matrix,
    }
    merged = sim.Scenario.from_arrays(x, masses=COUNTS, settings=settings)
    apart = sim.Scenario.from_arrays(np.repeat(x, COUNTS, axis=0), settings=settings)
    one, many = (sim.Simulation(s, "numpy").measure(*KINDS) for s in (merged, apart))
    assert one == pytest.approx(many, abs=1e-12, nan_ok=True)
    plain = sim.Scenario.from_arrays(x, settings=settings)
    equal = sim.Simulation(plain, "numpy").measure("order")
    assert abs(equal["order"] - one["order"]) > 0.01


def test_measures_with_masses_are_the_sums_that_they_print():
    x = sphere(np.random.default_rng(6), len(COUNTS), 3)
    m = COUNTS / COUNTS.sum()
    given = sim.Scenario.from_arrays(
        x, masses=COUNTS, settings={"dynamics.beta": 2.0, "space": "flat"}
    )
    run = sim.Simulation(given, "numpy")
    assert run.measure("order")["order"] == pytest.approx(np.linalg.norm(m @ x))
    p = run.attention()[0]
    rows = -(p * np.log(p)).sum(axis=1)
    assert run.measure("entropy")["entropy"] == pytest.approx(m @ rows, abs=1e-13)
    spread = [2 * (p[i] @ (x**2).sum(1) - (p[i] @ x) @ (p[i] @ x)) for i in range(4)]
    found = run.measure("divergence")["divergence"]
    assert found == pytest.approx(m @ np.array(spread), abs=1e-12)  # β(E|y|² − |Ey|²)


def test_a_lone_token_attends_to_itself_as_the_formula_of_others_says():
    from helpers.formula_values import environment

    from sim.masks.others import Others

    for n in (1, 2, 4):
        run = sim.Simulation(sim.Scenario(tokens=n), "numpy")
        allowed = Others().allow(np.arange(n), np.arange(n))
        allowed = np.ones((n, n), bool) if allowed is None else allowed
        condition, env = Others().formula("i", "j", ""), environment(run)
        said = [
            [
                condition.value(env.with_index("i", i).with_index("j", j))
                for j in range(n)
            ]
            for i in range(n)
        ]
        assert np.array_equal(said, allowed)
