"""Colours, labels and choices belong to tokens, whichever others come and go."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from app.annotations.label_selection import token_labels
from app.document.look import Look
from app.scene.builder import SceneBuilder
from app.theme.palette import DARK
from sim import AddedToken, Scenario, Simulation, TokenEdits, edit
from sim.frame import FrameRequest
from sim.playback import Playback

POINT = (0.0, 0.6, 0.8)
EDITS = TokenEdits({2: POINT}, (AddedToken((1.0, 0, 0), "bank", "river"),), (0, 3))
COLOURS = ("cluster", "index", "group", "head", "speed", "centre")
STARTS = {
    "few": Scenario(tokens=12, seed=3),
    "several": Scenario(tokens=60, seed=3),
    "groups": edit(Scenario(tokens=24, seed=3), {"initial": "clusters"}),
}


def scenes(start, look, edits=EDITS, most=None):
    """Return the scenes and infos just before and just after an edit."""
    run, builder = Playback(Simulation(start, "numpy")), SceneBuilder(DARK)
    builder.max_tokens = most
    found = []
    run.seek(0.5, lambda _share: True)
    for change in (TokenEdits(), edits):
        run.edit_tokens(change)
        frame = run.frame(None, builder.request(look))
        found.append((builder.build(frame, look, (2, 3, 5)), builder.info))
    return found


def by_id(info, values):
    return dict(zip(info.frame.ids.tolist(), np.asarray(values).tolist(), strict=True))


@pytest.mark.parametrize("name", sorted(STARTS))
@pytest.mark.parametrize("colour", ["cluster", "index", "group"])
def test_the_tokens_that_stay_keep_their_colours(name, colour):
    """The moved token and those near it may join or leave a cluster."""
    look = dataclasses.replace(Look(), colour=colour, speed=0.01)
    edits = TokenEdits(add=(AddedToken((1.0, 0, 0)),), remove=(0, 3))
    (_, before), (_, after) = scenes(STARTS[name], look, edits)
    old, new = by_id(before, before.colours), by_id(after, after.colours)
    assert len(new) == len(old) - 1
    kept = [k for k in new if k in old]
    same = sum(old[k] == new[k] for k in kept)
    assert same >= len(kept) - (2 if colour == "cluster" else 0)


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("name", sorted(STARTS))
def test_every_colouring_takes_another_number_of_tokens(name, colour):
    look = dataclasses.replace(Look(), colour=colour, arcs=True, edges=True)
    for scene, info in scenes(STARTS[name], look):
        n = len(info.frame.x)
        assert scene.colours.shape == (n, 4)
        assert len(scene.points) == len(info.numbers) == len(info.cluster_ids) == n


def test_the_chosen_tokens_stay_chosen():
    (first, before), (second, after) = scenes(STARTS["few"], Look())
    assert before.chosen == (2, 3, 5)
    assert after.chosen == (2, 5)
    for scene, info in ((first, before), (second, after)):
        assert info.frame.ids[scene.chosen].tolist() == list(info.chosen)


def test_a_sample_follows_the_ids_too():
    (first, before), (second, after) = scenes(STARTS["several"], Look(), most=20)
    for scene, info in ((first, before), (second, after)):
        ids = info.frame.ids[info.sampled]
        assert ids[scene.chosen].tolist() == list(info.chosen)
        assert {2, 5} <= set(ids.tolist())
        assert len(info.colours) == len(info.frame.x)


def test_a_token_without_a_group_is_no_group():
    look = dataclasses.replace(Look(), colour="group")
    edits = TokenEdits(add=(AddedToken(POINT),))
    _, (_, info) = scenes(STARTS["groups"], look, edits)
    assert "" not in info.legend.names
    assert info.numbers[-1] == -1


def test_a_group_whose_tokens_are_gone_keeps_its_colour():
    start = edit(Scenario(tokens=9), {"initial": "clusters", "initial.centres": 3})
    run = Simulation(start, "numpy")
    look, builder = dataclasses.replace(Look(), colour="group"), SceneBuilder(DARK)
    builder.build(run.frame(), look)
    old = by_id(builder.info, builder.info.numbers)
    gone = run.groups[0]
    ids = [k for k, g in zip(run.ids.tolist(), run.groups, strict=True) if g == gone]
    run.edit_tokens(TokenEdits(remove=tuple(ids)))
    builder.build(run.frame(), look)
    new = by_id(builder.info, builder.info.numbers)
    assert all(old[k] == number for k, number in new.items())


def test_labels_name_tokens_by_their_ids():
    xy, ids = np.array([[0.0, 0], [50, 0], [90, 0]]), np.array([4, 7, 9])
    parts = (xy, np.ones(3), np.array([-1, -1, -1]))
    made = token_labels((), *parts, close=5.0, chosen=(7, 8), ids=ids)
    assert [(one.token, one.text) for one in made] == [(7, "token 8")]
    named = token_labels(("a", "", "c"), *parts, close=5.0, ids=ids)
    assert {one.text for one in named} == {"a", "c"}
    assert {one.token for one in named} == {4, 9}


def test_a_trail_begins_where_a_token_is_put_by_hand():
    start = Scenario(tokens=12, duration=4)
    edits = TokenEdits({2: POINT}, remove=(5,), add=(AddedToken(POINT),))
    run = Playback(Simulation(start, "numpy"))
    look, builder = Look(), SceneBuilder(DARK)
    request = builder.request(look, run.frame(None, FrameRequest()))
    run.seek(1.0, lambda _share: True)
    run.edit_tokens(edits)
    run.seek(1.5, lambda _share: True)
    scene = builder.build(run.frame(1.5, request), look)
    ids = builder.info.frame.ids.tolist()
    assert scene.trails.points[-1] == pytest.approx(scene.points)
    before = scene.trails.ages > 0.5 + 1e-6
    assert 3 < before.sum() < len(before)
    paths = scene.trails.points[before]
    moved = {k: np.ptp(paths[:, row], axis=0).max() for row, k in enumerate(ids)}
    assert {k for k, size in moved.items() if not size} == {2, 12}
    assert min(size for k, size in moved.items() if k not in {2, 12}) > 1e-3
    assert paths[-1, ids.index(2)] == pytest.approx(POINT, abs=0.02)


def test_arcs_start_at_the_chosen_tokens():
    look = dataclasses.replace(Look(), arcs=True)
    run, builder = Simulation(STARTS["few"], "numpy"), SceneBuilder(DARK)
    run.edit_tokens(TokenEdits(remove=(0, 3)))
    frame = run.frame(request=builder.request(look, None, (5,)))
    scene = builder.build(frame, look, (5,))
    row = frame.ids.tolist().index(5)
    assert frame.rows.keys() == {5}
    assert (scene.arcs.start == scene.points[row]).all()
