"""The potentials of Sinkhorn attention: stored scores against sums by pairs."""

import numpy as np
import pytest

from sim.dynamics import sinkhorn
from sim.scenario import Scenario, edit
from sim.simulation import Simulation

TOLERANCE = 2e-13


@pytest.mark.parametrize("kind", ["identity", "gaussian"])
@pytest.mark.parametrize("beta", [-2.0, 9.0, 300.0])
def test_stored_scores_give_the_same_potentials(kind, beta, monkeypatch):
    s = edit(Scenario(tokens=40), {"dynamics": "sinkhorn", "dynamics.beta": beta})
    s = edit(s, {f"dynamics.heads.{name}": kind for name in ("query", "key")})
    few = Simulation(s, "numpy").probe()
    stored = few.attention.potentials(few.state.x)
    monkeypatch.setattr(sinkhorn, "FEW_PAIRS", 0)
    many = Simulation(s, "numpy").probe()
    for a, b in zip(stored, many.attention.potentials(many.state.x), strict=True):
        assert np.abs(a - b).max() <= TOLERANCE * max(1, np.abs(a).max())


def test_potentials_are_made_once_for_the_same_tokens(monkeypatch):
    run = Simulation(edit(Scenario(tokens=12), {"dynamics": "sinkhorn"}), "numpy")
    probe = run.probe()
    first = probe.attention.potentials(probe.state.x)
    assert probe.attention.potentials(probe.state.x)[0] is first[0]
    other = probe.attention.potentials(probe.state.x[::-1].copy())
    assert np.abs(other[0][..., ::-1, :] - first[0]).max() < TOLERANCE
