"""Arrangements of tokens are what their names say; see test_live for all of them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ive

from sim import Run, Scenario, Simulation, edit, open_scenario
from sim.initial import Initial
from sim.schedule_file import save_run
from sim.seed import Seed


def placed(kind, n, d, **settings):
    return Initial.member(kind)(**settings).place(n, d, Seed(1).rng("initial")).x


def test_the_fibonacci_lattice_is_nearly_uniform():
    x = placed("fibonacci", 1000, 3)
    assert np.allclose(np.linalg.norm(x, axis=1), 1)
    assert np.abs(x.mean(axis=0)).max() < 1e-3
    assert np.abs(x.T @ x / 1000 - np.eye(3) / 3).max() < 1e-3
    with pytest.raises(ValueError, match=r"needs d ≥ 3, got d = 2"):
        placed("fibonacci", 10, 2)


def test_orthonormal_tokens_are_at_right_angles():
    x = placed("orthonormal", 7, 9)
    assert np.abs(x @ x.T - np.eye(7)).max() < 1e-14
    with pytest.raises(ValueError, match="need n ≤ d, got n = 9 and d = 4"):
        placed("orthonormal", 9, 4)


def test_quantiles_have_the_moments_of_the_density():
    x = placed("quantile", 100, 2)
    z = x[:, 0] + 1j * x[:, 1]
    assert abs((z**1).mean() - 0.1) < 1e-12
    assert abs((z**2).mean() - 0.05j) < 1e-12
    assert abs((z**3).mean()) < 1e-12
    with pytest.raises(ValueError, match=r"above 0, got -0\.5"):
        placed("quantile", 10, 2, modes=((1.5, 0.0),))
    with pytest.raises(ValueError, match="rows of 2 numbers"):
        placed("quantile", 10, 2, modes=((0.1,),))


def test_tokens_are_at_the_places_that_are_given(tmp_path):
    rows = ((1.0, 0.0), (0.0, 2.0), (-1.0, 1.0))
    start = edit(Scenario(), {"initial": "places", "initial.at": rows})
    assert np.array_equal(Initial.member("places")(at=rows).place(9, 9, None).x, rows)
    x = Simulation(start, "numpy").x
    assert np.allclose(x, np.array(rows) / np.linalg.norm(rows, axis=1)[:, None])
    save_run(Run(start), tmp_path / "painted.json")
    assert open_scenario(tmp_path / "painted.json").initial.at == rows
    with pytest.raises(ValueError, match="1 to 5,000 rows, got 0"):
        edit(start, {"initial.at": ()})
    with pytest.raises(ValueError, match="rows of 2 coordinates or more, got 1"):
        edit(start, {"initial.at": ((1.0,),)})


@pytest.mark.parametrize("d", [2, 3, 8])
@pytest.mark.parametrize("kappa", [0.0, 2.0, 50.0])
def test_von_mises_fisher_tokens_have_the_right_mean(d, kappa):
    x = placed("vmf", 20_000, d, centres=1, concentration=kappa)
    assert np.allclose(np.linalg.norm(x, axis=1), 1)
    wanted = ive(d / 2, kappa) / ive(d / 2 - 1, kappa) if kappa else 0
    assert np.linalg.norm(x.mean(axis=0)) == pytest.approx(wanted, abs=0.02)


def test_centres_do_not_depend_on_the_number_of_tokens():
    few, many = (placed("vmf", n, 3, concentration=1e4) for n in (10, 100))
    assert np.abs(few[::2] - many[::20]).max() < 0.1
