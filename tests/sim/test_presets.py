"""What the notes of shipped scenarios promise can be seen; see also test_long."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.paths import SCENARIOS, TESTS

import sim
from sim.measure.clusters import components
from sim.models.measures import unit
from sim.models.senses import BANK, word_states
from sim.projections.rescaled import rescaled
from sim.scenario import edit
from sim.theory import applicable


def preset(name, **changes):
    s = sim.open_scenario(SCENARIOS / f"{name}.json")
    changes = {k.replace("__", "."): v for k, v in changes.items()}
    return sim.Simulation(edit(s, changes), "numpy")


def measure(run, kind):
    return run.frame(
        request=sim.FrameRequest(frozenset({kind}), clusters=False)
    ).measures[kind]


@pytest.mark.slow
def test_the_staircase_waits_on_three_steps():
    run = preset("staircase")
    for t, level in ((20, 10), (300, 12), (660, 20), (1000, 20)):
        run.reach(t)
        assert 36 * measure(run, "f_hat") == pytest.approx(level, abs=0.01)
        assert run.t < t * 1.03
    plateau = applicable(run.scenario, run.x)["plateau"]
    assert 36 * plateau(run.t, run.x) == pytest.approx(20)


@pytest.mark.slow
def test_causal_tokens_park_in_about_eight_places():
    run = preset("parking")
    run.reach(75.0)
    assert 5 <= measure(run, "clusters") <= 11


@pytest.mark.slow
def test_a_value_matrix_picks_a_circle():
    run = preset("causal-circle")
    first = run.x[0, :2] / np.linalg.norm(run.x[0, :2])
    run.reach(30.0)
    assert np.abs(run.x[:, 2]).max() < 1e-6
    assert np.allclose(run.x[0, :2], first, atol=1e-6)


@pytest.mark.slow
def test_leaders_stand_at_the_corners_of_a_polygon():
    run = preset("polytope")
    run.reach(run.scenario.duration)
    z = rescaled(run.scenario, run.t, run.x)
    assert len(np.unique(np.round(z, 2), axis=0)) < 12
    matrix = run.frame(request=sim.FrameRequest(frozenset(), matrix=40)).matrix
    assert np.minimum(matrix, 1 - matrix).max() < 0.05


@pytest.mark.slow
def test_tokens_lie_on_three_planes_at_most():
    run = preset("three-planes")
    run.reach(10.0)
    first = np.sort(rescaled(run.scenario, run.t, run.x)[:, 0])
    assert (np.diff(first) > 0.05).sum() <= 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("space", "least", "most"),
    [("pre_ln", 1e-4, 1e-2), ("sphere", 0, 1e-7), ("ln_scaling", 1e-9, 1e-4)],
)
def test_norms_race(space, least, most):
    run = preset("ln-race", space=space, integrator__rtol=1e-9)
    run.reach(20.0)
    assert least <= 1 - measure(run, "mean_cosine") <= most


def test_long_contexts_meet_at_once_or_wait():
    ends = {}
    for beta in (4.0, 12.0):
        run = preset("long-context", dynamics__beta=beta, tokens=128)
        run.reach(1.0)
        ends[beta] = measure(run, "mean_cosine")
    assert ends[4.0] > 0.7
    assert ends[12.0] < 0.4


@pytest.mark.slow
@pytest.mark.parametrize(("beta", "clusters"), [(-1.0, 3), (-0.5, 1)])
def test_a_triangle_holds_below_a_negative_temperature(beta, clusters):
    run = preset("negative-temperature", dynamics__beta=beta, initial__noise=0.2)
    run.reach(60.0)
    assert measure(run, "clusters") == clusters


@pytest.mark.slow
def test_heads_at_war_gather_late_and_freeze_at_equal_terms():
    run = preset("tug-of-war")
    run.reach(30.0)
    assert measure(run, "order") > 0.95
    same = ((1.0,) * 3,)
    frozen = preset("tug-of-war", dynamics__heads__query__entries=same)
    assert np.abs(frozen.velocity()).max() < 1e-15


@pytest.mark.slow
def test_fair_attention_climbs_the_transport_energy():
    run = preset("sinkhorn")
    energies = []
    for _ in range(20):
        energies.append(measure(run, "energy"))
        run.step()
    assert np.diff(energies).min() > 0
    matrix = run.frame(request=sim.FrameRequest(frozenset(), matrix=64)).matrix[0]
    assert np.abs(matrix.sum(axis=0) - 1).max() < 0.02


@pytest.mark.slow
def test_tokens_that_follow_one_come_to_rest_in_clusters():
    run = preset("hardmax")
    run.reach(12.0)
    assert np.bincount(components(run.x)).min() >= 2
    assert measure(run, "max_speed") < 0.01


def test_tokens_find_the_keys():
    run = preset("dictionary")
    before = measure(run, "energy")
    run.reach(10.0)
    assert measure(run, "energy") > before
    assert measure(run, "clusters") <= 8


@pytest.mark.slow
@pytest.mark.parametrize(("heat", "least", "most"), [(0.05, 0.2, 0.7), (0.5, 0, 0.18)])
def test_heat_keeps_clusters_away(heat, least, most):
    run = preset("noise", integrator__temperature=heat)
    run.reach(20.0)
    assert least < measure(run, "f_hat") < most


@pytest.mark.slow
def test_topics_meet():
    run = preset("von-mises")
    assert len(set(run.groups)) == 5
    run.reach(10.0)
    assert measure(run, "clusters") == 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tokens", "least"), [(4, 2.028967700), (6, 3.220794055), (12, 9.381108763)]
)
def test_repulsion_builds_the_platonic_solid_of_its_number(tokens, least):
    run = preset("repulsion-platonic", tokens=tokens, step=0.2)
    run.reach(150.0)
    assert measure(run, "f") == pytest.approx(least, abs=1e-6)


@pytest.mark.slow
def test_a_multitude_gathers_out_of_noise():
    run = preset("million", tokens=4000)
    before = measure(run, "f_hat")
    run.reach(run.scenario.duration / 2)
    assert measure(run, "f_hat") > 1.5 * before


@pytest.mark.slow
def test_eleven_tokens_pass_all_half_layers_of_the_encoder():
    run = preset("sentence")
    assert run.x.shape == (11, 384)
    run.reach(12.0)
    want = sim.open_model().states(run.scenario.initial.text, float)[-1]
    assert np.array_equal(run.x, want)


def senses(name, word):
    """Return the cosine of a word in both lanes, at the start and after the pass."""
    lanes = sim.open_comparison(SCENARIOS / f"{name}.json").runs
    texts = [run.start.initial.text for run in lanes]
    one, two = (unit(word_states(sim.open_model(), text, word)) for text in texts)
    return (one * two).sum(-1)[[0, -1]]


@pytest.mark.slow
def test_senses_of_apple_part_as_the_note_says():
    assert senses("apple", "apple") == pytest.approx([0.96, 0.62], abs=0.01)


@pytest.mark.slow
def test_senses_of_bank_hardly_part_as_the_note_says():
    assert senses("bank", "bank") == pytest.approx([0.97, 0.82], abs=0.01)
    for texts, end in zip(BANK, (0.91, 0.85), strict=True):
        one, two = (unit(word_states(sim.open_model(), t, "bank"))[-1] for t in texts)
        assert one @ two == pytest.approx(end, abs=0.01)


def test_every_preset_is_held_to_its_note():
    """Each file is named in a test of its own, so that none is shipped unseen."""
    tests = "".join(p.read_text("utf-8") for p in TESTS.rglob("test_*.py"))
    names = {file.stem for file in SCENARIOS.glob("*.json")}
    assert {n for n in names if f'"{n}"' not in tests} == set()


def test_every_preset_has_a_title_a_note_and_a_source():
    for file in SCENARIOS.glob("*.json"):
        s = sim.open_comparison(file).first.start
        assert s.title
        assert s.note.endswith(".")
        assert s.reference


@pytest.mark.slow
def test_a_perceptron_keeps_the_one_token_going_round():
    still = preset("mlp", dynamics__heads__value__scale=0.0, step=0.1)
    run = preset("mlp", step=0.1)
    run.reach(20.0)
    assert measure(run, "clusters") == 1
    first = run.x[0]
    away = []
    for t in np.arange(20.4, 34.0, 0.4):
        run.reach(t)
        away.append(run.x[0] @ first)
        assert measure(run, "max_speed") > 0.09
    assert min(away) < -0.8
    run.reach(20.0 + 14.78)
    assert run.x[0] @ first > 0.9999
    still.reach(40.0)
    assert measure(still, "clusters") > 20


@pytest.mark.slow
def test_clusters_merge_one_after_another_as_beta_falls():
    cold = preset("ramp", dynamics__heads__depth__ramp="none", step=0.2)
    run = preset("ramp", step=0.2)
    counts = []
    for t in (5.0, 10.0, 15.0, 20.0, 25.0, 40.0, 50.0):
        run.reach(t)
        counts.append(measure(run, "clusters"))
    assert counts == sorted(counts, reverse=True)
    assert counts[1] > 20
    assert 3 <= counts[4] <= 8
    assert counts[-1] == 1
    cold.reach(50.0)
    assert measure(cold, "clusters") > 20
