"""Cosines of the words that two sentences share, in frames of two runs."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.checkpoints import TINY
from helpers.trained import scenario

import sim
from sim.lanes import word_cosines
from sim.models.language_model import open_model
from sim.models.senses import word_states

ONE, TWO = "she opened an account at the bank", "a bird sat on the bank, near the water"


def frame(text, t, **changes):
    run = sim.Simulation(scenario(initial__text=text, **changes), "numpy")
    run.reach(t)
    return run.frame()


@pytest.mark.parametrize("t", [0, 5])
def test_they_are_those_of_the_states_of_the_pass(t):
    found = word_cosines(frame(ONE, t), frame(TWO, t))
    assert list(found) == ["bank", "the"]
    for word, cosine in found.items():
        x, y = (word_states(open_model(TINY), text, word)[t] for text in (ONE, TWO))
        want = x @ y / np.linalg.norm(x) / np.linalg.norm(y)
        assert cosine == pytest.approx(want, abs=1e-9)


def test_words_keep_their_tokens_without_special_ones():
    found = word_cosines(frame(ONE, 0, initial__special=False), frame(TWO, 0))
    assert "bank" in found and 0 < found["bank"] < 1


def test_one_sentence_in_two_lanes_is_compared_token_by_token():
    assert word_cosines(frame(ONE, 0), frame(ONE, 1)) is None
    assert word_cosines(frame(ONE, 0), sim.Simulation(sim.Scenario()).frame()) is None
    assert word_cosines(frame("bank", 0), frame("water", 0)) == {}
