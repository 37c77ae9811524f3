"""A law takes over from a half layer of a model, in a lane beside."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.checkpoints import TINY
from helpers.trained import scenario
from PySide6.QtWidgets import QWidget

import sim
from app.document.document import Document
from app.sentences.take_over import TakingOver, beta_of_scores, refusal, taken_over
from app.sentences.take_over_dialog import TakeOverDialog
from sim.models.language_model import open_model
from sim.models.model_settings import heads_of, layers_of

TEXT = "she opened an account at the bank"
START = scenario(initial__text=TEXT)


@pytest.mark.parametrize("by", [TakingOver(3.0), TakingOver(50.0, 2, 3)])
def test_the_lane_goes_on_from_the_states_of_the_pass(by):
    document = Document.of_run(sim.Run(START))
    new = taken_over(document, 4.7, by)
    model, law = (lane.run for lane in new.lanes)
    assert model == document.run and new.place == 1
    run = sim.Simulation(law, "numpy")
    run.reach(4.0)
    states = open_model(TINY).states(TEXT, float)[4]
    size = np.linalg.norm(states, axis=-1, keepdims=True)
    assert np.abs(run.x - states / size).max() < 1e-12
    # Velocity of the law, written out.
    x = states / size
    if by.layer:
        q, k, through = open_model(TINY).transformer.attention(1).head(2)
        scores, out = by.beta * (x @ q) @ (x @ k).T, x @ through
    else:
        scores, out = by.beta * x @ x.T, x
    p = np.exp(scores - scores.max(-1, keepdims=True))
    y = p / p.sum(-1, keepdims=True) @ out
    y -= (y * x).sum(-1, keepdims=True) * x
    assert np.abs(run.velocity() - y).max() < 1e-9


def test_it_is_refused_without_a_model():
    assert "none moves the tokens" in refusal(Document())
    assert refusal(Document.of_run(sim.Run(START))) == ""


def test_the_dialog_offers_the_heads_that_there_are(qtbot, qapp):
    x = np.full((4, 64), 2.0)
    assert beta_of_scores(x) == 256
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = TakeOverDialog(START.dynamics, 4.0, x, parent)
    asked = []
    dialog.requested.connect(asked.append)
    assert "goes on from t = 4, before layer 3 attention" in dialog.note.text()
    assert (dialog.layer.maximum(), dialog.head.maximum()) == (4, 4)
    assert (layers_of(str(TINY)), heads_of(str(TINY))) == (4, 4)
    dialog.law.setCurrentIndex(1)
    assert (
        dialog.beta.value() == 256 and "as large as in the model" in dialog.note.text()
    )
    dialog.layer.setValue(2)
    dialog.accept()
    assert asked == [TakingOver(256.0, 2, 1)]
