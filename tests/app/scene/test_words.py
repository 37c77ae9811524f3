"""Special tokens that are not drawn, and words of several pieces chosen as one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from helpers.checkpoints import TINY
from helpers.trained import scenario

import sim
from app.document.look import Look
from app.scene.builder import SceneBuilder
from app.scene.words import special_tokens, tokens_of_word
from app.theme.palette import DARK
from sim.models.language_model import open_model

TEXT = "the watermelon by the river"


def frame(**changes):
    made = scenario(initial__text=TEXT, **changes)
    return sim.Simulation(made, "numpy").frame()


def test_special_tokens_are_left_out_of_the_picture_and_not_of_the_run():
    f, builder, look = frame(), SceneBuilder(DARK), Look(special=False)
    n = len(f.x)
    assert special_tokens(f) == (0,)
    scene = builder.build(f, look)
    assert len(scene.points) == n - 1
    assert builder.info.sampled.tolist() == [*range(1, n)]
    assert builder.info.frame is f and len(builder.info.cluster_ids) == n
    assert len(builder.build(f, look, chosen=(0,)).points) == n  # asked for by hand
    assert len(builder.build(f, replace(look, special=True)).points) == n
    assert special_tokens(frame(initial__special=False)) == ()
    plain = sim.Simulation(sim.Scenario()).frame()
    assert len(builder.build(plain, look).points) == len(plain.x)


def test_the_pieces_of_a_word_are_one_choice():
    f, encoding = frame(), open_model(TINY).encode(TEXT)
    word = next(w for w in encoding.words if len(w.tokens) > 1)
    for token in word.tokens:
        found = tokens_of_word(f, token)
        assert sorted(found) == list(word.tokens) and found[-1] == token
    assert tokens_of_word(f, 0) == (0,)
    bare = frame(initial__special=False)
    assert sorted(tokens_of_word(bare, word.tokens[0] - 1)) == [
        k - 1 for k in word.tokens
    ]
    assert np.array_equal(bare.x, f.x[1:])
