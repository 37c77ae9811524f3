"""Arcs of a token: the fewest weights of its row, and the share that is stated."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from app.annotations.caption_text import scene_notes
from app.document.attention_look import AttentionLook
from app.document.document import Document
from app.document.look import Look
from app.scene.arcs import ARC_SHARE, MAX_ARCS, MIN_ARC_LENGTH, token_arcs
from app.scene.builder import SceneBuilder
from app.theme.palette import DARK
from sim import Scenario, Simulation, edit
from sim.frame import FrameRequest

BETA, TOKEN = 9.0, 5
START = edit(Scenario(tokens=40, seed=2), {"dynamics.beta": BETA})
HEADS = {"dynamics.heads.count": 3, "dynamics.heads.query": "gaussian"}
ASKED = FrameRequest(rows=(0, TOKEN), columns=(0, TOKEN))
NAMES = tuple(f"word{k}" for k in range(40))


def a_frame(t=0.4, changes=None):
    run = Simulation(edit(START, changes or {}), "numpy")
    run.advance(t)
    return run.frame(None, ASKED)


def looking(**attention):
    return dataclasses.replace(Look(), attention=AttentionLook(**attention))


def softmax_of(x):
    scores = BETA * np.asarray(x, np.float64) @ np.asarray(x, np.float64).T
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("incoming", [False, True])
def test_arcs_are_the_fewest_weights_that_make_90_per_cent(incoming):
    frame, look = a_frame(), looking(incoming=incoming)
    builder = SceneBuilder(DARK)
    scene = builder.build(frame, look, (TOKEN,))
    p = softmax_of(frame.x)
    part = p[:, TOKEN] if incoming else p[TOKEN]
    order = np.argsort(-part, kind="stable")
    count = 1 + np.searchsorted(np.cumsum(part[order]) / part.sum(), ARC_SHARE)
    large = order[: min(count, MAX_ARCS)]
    apart = np.linalg.norm(scene.points - scene.points[TOKEN], axis=1)
    drawn = [j for j in large if j != TOKEN and apart[j] > MIN_ARC_LENGTH]
    (arcs,) = builder.info.arcs
    assert len(drawn) > 2
    assert arcs.ends.tolist() == drawn
    assert np.abs(arcs.weights - part[drawn]).max() < 1e-12
    near = [j for j in large if j != TOKEN and j not in drawn]
    assert arcs.drawn == pytest.approx(part[drawn].sum() / part.sum(), abs=1e-12)
    assert arcs.beside == pytest.approx(part[near].sum() / part.sum(), abs=1e-12)
    own = part[TOKEN] / part.sum() if TOKEN in large else 0.0
    assert arcs.own == pytest.approx(own, abs=1e-12)
    here, there = scene.arcs.start, scene.arcs.end
    if incoming:
        here, there = there, here
    assert (here == scene.points[TOKEN]).all()
    assert (there == scene.points[drawn]).all()
    assert scene.arcs.weight == pytest.approx(part[drawn] / part[drawn].max(), abs=1e-6)


def test_the_picture_states_the_share():
    frame = dataclasses.replace(a_frame(), names=NAMES)
    builder = SceneBuilder(DARK)
    builder.build(frame, Look(), (TOKEN,))
    p = softmax_of(frame.x)[TOKEN]
    (arcs,) = builder.info.arcs
    share = round(100 * p[arcs.ends].sum())
    (said,) = [n for n in scene_notes(frame, Look(), builder.info) if "arcs" in n]
    assert not arcs.capped
    assert f"arcs: {share} % of the weight of word5, to {len(arcs.ends)} tokens" in said
    assert f"itself {round(100 * p[TOKEN])} %" in said


def test_no_more_arcs_than_can_be_told_apart():
    frame = a_frame(0.0, {"dynamics.beta": 0.1})
    (arcs,) = token_arcs(frame, (TOKEN,), AttentionLook())
    assert len(arcs.ends) <= MAX_ARCS
    assert arcs.drawn + arcs.own < ARC_SHARE  # and what is stated is what is drawn
    builder = SceneBuilder(DARK)
    builder.build(frame, Look(), (TOKEN,))
    said = [n for n in scene_notes(frame, Look(), builder.info) if "arcs" in n]
    assert len(said) == 1 and said[0].startswith("arcs, the 24 largest: ")


def test_a_difference_of_heads_has_both_signs():
    frame = a_frame(0.0, HEADS)
    look = AttentionLook(head=1, minus=3)
    rows = frame.rows[TOKEN]
    difference = rows[0] - rows[2]
    (arcs,) = token_arcs(frame, (TOKEN,), look)
    assert np.array_equal(arcs.weights, difference[arcs.ends])
    scene = SceneBuilder(DARK).build(frame, looking(head=1, minus=3), (TOKEN,))
    assert set(np.unique(scene.arcs.flux)) == {-1.0, 1.0}
    (mean,) = token_arcs(frame, (TOKEN,), AttentionLook())
    assert np.array_equal(mean.weights, rows.mean(axis=0)[mean.ends])


def test_the_other_tokens_are_dimmed_in_the_picture_alone():
    frame, builder = a_frame(), SceneBuilder(DARK)
    plain = builder.build(frame, Look()).colours.copy()
    scene = builder.build(frame, Look(), (TOKEN,))
    (arcs,) = builder.info.arcs
    lit = np.isin(np.arange(40), [TOKEN, *arcs.ends])
    assert np.array_equal(scene.colours[lit], plain[lit])
    assert (np.abs(scene.colours[~lit] - plain[~lit]).max(axis=1) > 0.05).all()
    assert np.array_equal(builder.info.colours, plain)


def test_pins_are_marked_and_have_no_arcs():
    frame, builder = a_frame(), SceneBuilder(DARK)
    scene = builder.build(frame, looking(pins=(3, 0)), (TOKEN,))
    assert np.flatnonzero(scene.chosen).tolist() == [0, 3, TOKEN]
    assert [a.token for a in builder.info.arcs] == [TOKEN]
    assert set(builder.info.chosen) == {0, 3, TOKEN}


def test_requests_hold_what_arcs_need():
    builder = SceneBuilder(DARK)
    asked = builder.request(looking(), None, (4,))
    assert (asked.rows, asked.columns) == ((4,), ())
    asked = builder.request(looking(incoming=True), None, (4,))
    assert (asked.rows, asked.columns) == ((), (4,))


@pytest.mark.parametrize(
    ("pins", "message"),
    [
        ((-1,), "must be a list of whole numbers in"),
        ((1.5,), "must be a list of whole numbers in"),
        ("3", "must be a list of whole numbers in"),
        ((True,), "must be a list of whole numbers in"),
        (None, "must be a list of whole numbers in"),
        (tuple(range(9)), "8 tokens at most, got 9. Unpin one first."),
    ],
)
def test_wrong_pins_are_refused(pins, message):
    with pytest.raises(ValueError, match=message):
        AttentionLook(pins=pins)


def test_pins_are_part_of_a_document():
    document = Document().edit({"look.attention.pins": "3, 17", "look.arcs": False})
    assert document.look.attention.pins == (3, 17)
    assert Document.from_json(document.to_json()) == document
