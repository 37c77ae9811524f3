"""Plots by layer show the numbers of the functions without a window."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.checkpoints import TINY
from helpers.trained import TEXT, forward, frame_at, shown
from PySide6.QtCore import QPointF, Qt

from app.figures.table import tab_separated
from app.inspectors.trained.layer_pages import LayerCosinesPage, RanksPage
from app.theme.palette import DARK, LIGHT
from sim.models.by_layer import cosines_by_layer
from sim.models.interventions import Intervention
from sim.models.language_model import open_model
from sim.models.measures import effective_rank, rank_residual

pytestmark = pytest.mark.screen
SPECIAL = open_model(TINY).encode(TEXT).special


@pytest.fixture(scope="module")
def frame():
    return frame_at(3.0)


def columns(page):
    """Return the copied table of a page by its headings."""
    rows = [r.split("\t") for r in tab_separated(page.figure()).splitlines()]
    return {
        name: np.array([float(row[k]) for row in rows[1:]])
        for k, name in enumerate(rows[0])
    }


def test_cosines_are_means_over_pairs_as_written_here(frame, qtbot):
    page = shown(LayerCosinesPage(DARK), frame, qtbot)
    found, states = columns(page), forward().states
    u = states / np.linalg.norm(states, axis=-1, keepdims=True)
    for name, first in (("words", 1), ("all tokens", 0)):  # the first is added
        for k, x in enumerate(u[:, first:]):
            n = len(x)
            pairs = [x[i] @ x[j] for i in range(n) for j in range(i + 1, n)]
            assert abs(found[f"mean cosine of {name}"][k] - np.mean(pairs)) < 1e-12
            if first:
                tenths = found["a tenth of pairs below"][k], np.quantile(pairs, 0.1)
                assert abs(tenths[0] - tenths[1]) < 1e-12
    n = len(SPECIAL)
    assert f"the {n - 1} tokens of the sentence" in page.text()
    assert f"over all {n} with <|endoftext|>" in page.text()


def test_one_token_has_no_pairs(qtbot):
    found = cosines_by_layer(forward("bank").states, (True, False))
    assert np.isnan(found.words).all() and np.isfinite(found.all_tokens).all()
    page = shown(LayerCosinesPage(DARK), frame_at(0.0, initial__text="bank"), qtbot)
    page.plot.grab()
    assert "the 1 tokens" in page.text() and "nan" not in page.text()


def test_ranks_are_those_of_passes_edited_by_hand(frame, qtbot):
    page = shown(RanksPage(DARK), frame, qtbot)
    found, model = columns(page), open_model(TINY)
    edits = {
        "model": (),
        "without MLP": (Intervention("off", part="mlp"),),
        "without skip": (Intervention("off", part="skip"),),
    }
    for name, edit in edits.items():
        states = model.forward(TEXT, float, edit).states
        want = effective_rank(states), rank_residual(states)
        assert np.array_equal(found[f"effective rank, {name}"], want[0])
        assert np.array_equal(found[f"rank residual, {name}"], want[1])
    page.log.setChecked(True)
    page._draw()
    assert page.plot.panels[1].y.log
    assert np.array_equal(columns(page)["rank residual, model"], want_of_model())


def test_interventions_of_the_run_are_those_of_its_pages(qtbot):
    changed = {"action": "off", "layer": 2, "head": 3}
    settings = {f"dynamics__intervention__{k}": v for k, v in changed.items()}
    page = shown(RanksPage(DARK), frame_at(0.0, **settings), qtbot)
    states = open_model(TINY).forward(TEXT, float, [Intervention("off", 1, 2)]).states
    assert np.array_equal(columns(page)["rank residual, model"], rank_residual(states))
    assert page.text().startswith("With layer 2, head 3: off. ")
    assert not np.array_equal(rank_residual(states), want_of_model())


def want_of_model():
    return rank_residual(forward().states)


def test_the_mouse_reads_numbers_and_goes_to_half_layers(frame, qtbot):
    page = shown(LayerCosinesPage(DARK), frame, qtbot, (500, 500))
    plot = page.plot
    before = plot.grab().toImage()
    (painter,) = plot._painters
    at = QPointF(painter.at_x(5), painter.box.center().y()) * plot._unit
    text = plot.text_at(at)
    assert text.startswith("half layers: 5\n")
    assert f"{columns(page)['mean cosine of words'][5]:.4g}" in text
    assert plot.text_at(QPointF(-50, -50)) == ""
    with qtbot.waitSignal(page.time_chosen) as caught:
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=at.toPoint())
    assert caught.args == [5.0]
    page.set_theme(LIGHT, 1.0)
    page._draw()
    assert plot.grab().toImage() != before


def test_words_are_in_a_tooltip_where_there_is_no_room(frame, qtbot):
    page = shown(RanksPage(DARK), frame, qtbot, (291, 200))
    page._draw()
    assert page.words.isHidden() and page._tip.toolTip() == page.text()
    page.resize(600, 700)
    page._draw()
    assert page.words.isVisible() and not page._tip.text()
