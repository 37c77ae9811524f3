"""Spectra of attention, histograms of cosines, and what is said to follow."""

from __future__ import annotations

import dataclasses
import math
import time

import numpy as np
import pytest
from helpers.runs import table
from helpers.waiting import frame_where

from sim import Scenario, Simulation, edit
from sim.checks.spectral import consequences
from sim.engine import Engine
from sim.engine.frame_maker import CHECK_INTERVAL_S, FrameMaker
from sim.frame import FrameRequest
from sim.measure.cosines import BINS, Cosines
from sim.measure.operators import Operators, spectrum
from sim.playback import Playback

BARE = FrameRequest(frozenset(), clusters=False)
ASK = dataclasses.replace(
    BARE, quantities=frozenset({"operators", "cosines", "entropy"})
)
VALUE, KEY = "dynamics.heads.value", "dynamics.heads.key"


def explicit(part, matrix):
    return {part: "explicit", f"{part}.matrix": table(np.asarray(matrix, float))}


def looked(changes=None, **kwargs):
    run = Simulation(edit(Scenario(**kwargs), changes or {}), "numpy")
    return run, run.frame(None, ASK)


def said(changes=None, **kwargs):
    run, frame = looked(changes, tokens=6, **kwargs)
    return consequences(run.scenario, frame.operators)


def test_eigenvalues_are_those_of_the_matrices_in_force():
    changes = {f"dynamics.heads.{part}": "gaussian" for part in ("query", "key")}
    changes |= {VALUE: "gaussian", "dynamics.heads.count": 2}
    run, frame = looked(changes, tokens=8, dimension=5)
    a = run.probe().attention
    for h in range(2):
        d = a.query[h].T @ a.key[h]
        assert sum(frame.operators.score[h]) == pytest.approx(np.trace(d))
        assert np.prod(frame.operators.score[h]) == pytest.approx(np.linalg.det(d))
        v = frame.operators.value[h]
        assert sum(v) == pytest.approx(np.trace(a.value[h]))
        assert (np.diff(v.real) < 1e-9).all()
    assert frame.operators.mean[0].real == pytest.approx(
        np.linalg.eigvals(a.value.mean(axis=0)).real.max()
    )
    assert not frame.operators.alike


def test_the_upper_one_of_a_pair_comes_first():
    turn = np.array([[0.5, -2, 0], [2, 0.5, 0], [0, 0, 0.1]])
    np.testing.assert_allclose(spectrum(turn), [0.5 + 2j, 0.5 - 2j, 0.1], atol=1e-14)


def test_operators_are_made_once_for_a_scenario(monkeypatch):
    made = []
    whole = Operators.of
    monkeypatch.setattr(Operators, "of", lambda a: made.append(a) or whole(a))
    run, _ = looked({VALUE: "gaussian"}, tokens=6)
    run.step()
    run.frame(None, ASK)
    run.retune(edit(run.scenario, {"dynamics.beta": 5.0}))
    run.frame(None, ASK)
    assert len(made) == 1
    run.retune(edit(run.scenario, {VALUE: "identity", f"{VALUE}.scale": -1.0}))
    assert run.frame(None, ASK).operators.scalar == -1
    assert len(made) == 2
    assert run.frame(None, BARE).operators is None


@pytest.mark.parametrize(("d", "heads"), [(513, 1), (300, 4)])
def test_too_large_operators_are_left_alone(d, heads):
    changes = {"dynamics.heads.count": heads}
    assert looked(changes, tokens=4, dimension=d)[1].operators is None


def test_what_v_a_multiple_of_the_identity_says():
    assert said() == (
        "V = c·I, c > 0: attraction (F̂ increases).",
        "Consensus is an equilibrium.",
    )
    falls = said({f"{VALUE}.scale": -2.0})
    assert falls[0] == "V = c·I, c < 0: repulsion (F̂ decreases)."
    cold = said({"dynamics.beta": -1.0})
    assert cold[0] == "V = c·I, c > 0: F̂ decreases."
    assert said({f"{VALUE}.scale": 0.0}) == ("Consensus is an equilibrium.",)
    assert said({f"{VALUE}.scale": -2.0, "space": "pre_ln"}) == ()
    causal = said({"dynamics.heads.mask": "causal"})
    assert causal == ("Consensus is an equilibrium.",)


@pytest.mark.slow
def test_a_complex_pair_turns_consensus_with_its_period():
    v = [[0.2, -1, 0], [1, 0.2, 0], [0, 0, -0.5]]
    found = said(explicit(VALUE, v))
    assert any("rotates with period 2π/Im λ = 6.283." in s for s in found)
    run = Simulation(edit(Scenario(tokens=1, step=0.01), explicit(VALUE, v)), "numpy")
    run.advance(20.0)  # until the third coordinate is gone
    start = run.x
    run.advance(2 * math.pi)
    np.testing.assert_allclose(run.x, start, atol=1e-6)


def test_a_real_leading_eigenvalue_turns_consensus_to_its_vector():
    v = np.diag([1.0, 0.3, -2.0])
    found = said(explicit(VALUE, v))
    assert "consensus converges to its eigenvector" in found[-1]
    assert said(explicit(VALUE, np.diag([1.0, 1.0, -2.0]))) == (
        "No Lyapunov energy is known: it needs D symmetric and V = ±c·D.",
    )


def test_heads_move_a_consensus_by_the_mean_of_their_matrices():
    spin = np.array([[0, -1.0, 0], [1.0, 0, 0], [0, 0, -1.0]])
    stacked = np.concatenate([3 * spin, np.diag([0.5, 0.5, 0.2]), spin])
    found = said(explicit(VALUE, stacked) | {"dynamics.heads.count": 3})
    period = 2 * math.pi / (4 / 3)
    assert found == (
        "Leading eigenvalue of the mean of V complex: consensus rotates with period "
        f"2π/Im λ = {period:.4g}.",
    )


@pytest.mark.parametrize(("c", "does"), [(2.0, "increases"), (-0.5, "decreases")])
def test_the_energy_of_a_symmetric_d_is_said_where_it_moves_one_way(c, does):
    d = np.array([[1.0, 0.4, 0], [0.4, -0.3, 0.2], [0, 0.2, 0.7]])
    changes = explicit(KEY, d) | explicit(VALUE, c * d)
    found = said(changes)
    sign = "" if c > 0 else "−"
    assert found[0] == f"D symmetric and V = {sign}c·D: the energy E_D {does}."
    run, energies = Simulation(edit(Scenario(tokens=12), changes), "numpy"), []
    for _ in range(40):
        x = run.x
        energies.append(np.exp(4.0 * x @ d @ x.T).mean() / 8)
        run.step()
    assert (np.sign(c) * np.diff(energies) > 0).all()


def test_an_asymmetric_d_has_no_energy():
    assert said({KEY: "gaussian"})[0].startswith("No Lyapunov energy")


def test_the_flat_space_knows_polytopes_and_planes():
    flat = {"space": "flat"}
    assert "shrinks to a polytope" in said(flat)[-1]
    assert "converge to 0" in said({**flat, f"{VALUE}.scale": -1.0})[-1]
    planes = said({**flat, **explicit(VALUE, np.diag([1, -0.5, 0.2]))})
    assert "at most three parallel hyperplanes" in planes[-1]
    away = {**flat, **explicit(VALUE, np.diag([1, -0.5, 0.2])), f"{KEY}.scale": -1.0}
    assert not any("hyperplanes" in s for s in said(away))


@pytest.mark.parametrize("law", ["linear", "sinkhorn", "hardmax", "bracket"])
def test_other_laws_have_no_operators(law):
    run = Simulation(edit(Scenario(tokens=6), {"dynamics": law}), "numpy")
    known = Operators.of(Simulation(Scenario(tokens=6), "numpy").probe().attention)
    assert consequences(run.scenario, known) == ()


def test_a_histogram_counts_every_pair_once():
    _, frame = looked(tokens=40)
    x, found = frame.x, frame.cosines
    pairs = (x @ x.T)[np.triu_indices(40, 1)]
    assert found.counts.sum() == 780
    expected, _ = np.histogram(pairs, BINS, (-1, 1))
    assert np.abs(found.counts - expected).sum() <= 2  # rounding at a bin's border
    assert found.mean == pytest.approx(pairs.mean(), abs=1e-12)
    assert (found.least, found.largest) == (pairs.min(), pairs.max())
    assert (found.tokens, found.same) == (40, 0)


def test_equal_tokens_stand_in_the_last_bin_and_one_token_in_none():
    same = Cosines.of(np.ones((5, 2))).histogram()
    assert (same.counts[-1], same.counts.sum(), same.same) == (10, 10, 10)
    alone = Cosines.of(np.ones((1, 2))).histogram()
    assert alone.counts.sum() == 0
    assert math.isnan(alone.mean)
    assert looked(tokens=600)[1].cosines.tokens == 512


def test_entropy_is_given_head_by_head():
    changes = {"dynamics.heads.count": 3, "dynamics.heads.query": "gaussian"}
    run, frame = looked(changes, tokens=20)
    p = run.frame(None, dataclasses.replace(BARE, matrix=20)).matrix
    expected = -(p * np.log(p)).sum(-1).mean(-1)
    np.testing.assert_allclose(frame.entropy, expected, rtol=1e-10)
    assert run.measures()["entropy"] == pytest.approx(expected.mean(), rel=1e-10)
    assert looked({"dynamics": "bracket"}, tokens=6)[1].entropy is None


def test_the_engine_checks_only_when_asked():
    engine = Engine(Simulation(Scenario(tokens=8), "numpy"))
    engine.start(playing=False)
    try:
        engine.request(BARE)
        assert frame_where(engine).checks == ()
        engine.request(dataclasses.replace(BARE, checks=True))
        checks = frame_where(engine, lambda f: f.checks).checks
        assert [c.name for c in checks][:2] == ["finite", "length"]
        assert all(c.holds for c in checks)
    finally:
        engine.close()


def test_a_playing_engine_checks_seldom(monkeypatch):
    times = []
    maker = FrameMaker(Playback(Simulation(Scenario(tokens=8), "numpy")))
    monkeypatch.setattr(
        "sim.engine.frame_maker.check_state",
        lambda run: times.append(time.perf_counter()) or [],
    )
    for _ in range(50):
        maker.current_checks(playing=True)
    assert len(times) == 1
    maker._checked_at -= CHECK_INTERVAL_S
    maker.current_checks(playing=True)
    assert len(times) == 2
