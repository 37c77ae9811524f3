"""Attention by layer and head: what is drawn, linked and copied is the model's own."""

from __future__ import annotations

import csv
import dataclasses
import json

import numpy as np
import pytest
from helpers.matrices import looked_at
from helpers.trained import TEXT, forward, frame_at, scenario, shown
from PySide6.QtCore import QPointF, Qt

from app.figures.files import save
from app.figures.table import tab_separated
from app.inspectors.trained import page as trained_page
from app.inspectors.trained.heads import HeadsPage
from app.inspectors.trained.subject import NO_SENTENCE, subject_of
from app.theme.palette import DARK
from sim import Scenario, edit, open_scenario
from sim.models.measures import attention_entropy
from sim.scenario import plain

pytestmark = pytest.mark.screen


@pytest.fixture(scope="module")
def frame():
    return frame_at(3.0)


@pytest.fixture
def page(frame, qtbot):
    return shown(HeadsPage(DARK), frame, qtbot)


def middle(page, layer, head, row, column):
    box, n = page.grid.cell(layer, head), len(page.result.names)
    step = QPointF((column + 0.5) * box.width() / n, (row + 0.5) * box.height() / n)
    return box.topLeft() + step


def test_all_heads_are_those_of_the_forward_pass(page):
    want = forward().attention
    assert np.array_equal(page.result.attention, want)
    assert page.result.ids == tuple(range(want.shape[-1]))
    for place in ((0, 0, 2, 1), (3, 2, 4, 3), (1, 3, 1, 0)):
        text = page.grid.text_at(middle(page, *place))
        layer, head, row, column = place
        names = page.result.names
        assert text == (
            f"Layer {layer + 1}, head {head + 1}: {names[row]} → {names[column]}: "
            f"{want[place]:.3g}"
        )


def test_the_large_head_follows_the_time_until_one_is_chosen(page, frame, qtbot):
    want = forward().attention
    assert page.place(frame) == (2, 0)  # at t = 3, in the MLP of the second layer
    assert np.array_equal(page.map._image.values, want[1].mean(0))
    edits = []
    page.look_edited.connect(lambda path, value: edits.append((path, value)))
    at = middle(page, 3, 1, 2, 2).toPoint()
    qtbot.mouseClick(page.grid, Qt.MouseButton.LeftButton, pos=at)
    assert edits == [("look.attention.layer", 4), ("look.attention.head", 2)]
    looked_at(page, layer=4, head=2)
    assert np.array_equal(page.map._image.values, want[3, 1])
    entropy = attention_entropy(want[3, 1])
    assert page._tip.text() == f"layer 4, head 2, entropy {entropy:.2f} nats"
    assert not page.follow.isChecked()
    looked_at(page, layer=99, head=60)  # of another model: what there is
    assert page.place(frame) == (2, 0)


def test_cells_and_tokens_light_each_other_up(page, qtbot):
    with qtbot.waitSignal(page.tokens_hovered) as caught:
        qtbot.mouseMove(page.grid, middle(page, 2, 1, 4, 3).toPoint())
    assert caught.args[0] == (4, 3)
    at = middle(page, 2, 1, 4, 3)
    assert "layer 3, head 2" in page.grid.text_at(at).lower()
    page.hover((4, 3))
    assert page.map.lit_lines == ((4,), (3,))
    page.hover((2,))
    assert page.map.lit_lines == ((2,), (2,))
    before = page.map.grab().toImage()
    page.hover(())
    assert page.map.grab().toImage() != before


def test_the_copied_numbers_are_those_of_the_head(page):
    looked_at(page, layer=2, head=3)
    rows = [r.split("\t") for r in tab_separated(page.figure()).splitlines()]
    want, n = forward().attention, len(page.result.names)
    found = np.array([[float(v) for v in row[1 : n + 1]] for row in rows[1 : n + 1]])
    assert np.array_equal(found, want[1, 2])
    entropy = [float(row[n + 3]) for row in rows[1:] if row[n + 3]]
    assert np.array_equal(entropy, attention_entropy(want).reshape(-1))
    every = np.array([[float(v) for v in row[n + 7 :]] for row in rows[1:]])
    assert np.array_equal(every, want.reshape(-1, n))
    assert rows[0][n + 4 : n + 7] == ["layer of row", "head of row", "token i of row"]


def test_a_file_of_the_numbers_opens_as_their_run(page, tmp_path):
    file = tmp_path / "heads.csv"
    inside = json.dumps(plain(scenario()))
    save(page.figure(), file, 86.0, inside=inside)
    lines = file.read_text(encoding="utf-8").splitlines()
    [head, *rows] = csv.reader(lines[1:])
    copied = tab_separated(page.figure()).splitlines()
    assert [head, *rows] == [line.split("\t") for line in copied]
    found = open_scenario(file, allow_files=True)
    assert found.initial.text == TEXT


def test_tokens_that_a_run_leaves_out_are_not_linked(qtbot):
    page = shown(HeadsPage(DARK), frame_at(1.0, initial__special=False), qtbot)
    assert page.result.ids == (-1, *range(len(page.result.names) - 1))
    hovered = []
    page.tokens_hovered.connect(hovered.append)
    page._hover_rows((0, 1))
    page._hover_rows((2, 1))
    assert hovered == [(), (1, 0)]


def test_without_a_sentence_the_page_says_what_to_do(page, frame):
    bare = dataclasses.replace(
        frame, scenario=edit(frame.scenario, {"initial": "uniform"})
    )
    page.draw(bare)
    assert page.said.text() == NO_SENTENCE
    assert page.content.isHidden()
    assert page.figure() is None
    assert subject_of(bare.scenario) is None
    assert HeadsPage.fits(bare.scenario)
    assert not HeadsPage.fits(Scenario())


@pytest.mark.parametrize(
    "changes, part",
    [
        ({"path": "/nowhere"}, "no such folder"),
        ({"text": ""}, "The sentence is empty"),
        ({"text": "a " * 170}, "takes 1 to 128"),
        ({"sha256": "0" * 64}, "weights have changed"),
    ],
)
def test_what_cannot_be_read_is_said(page, frame, qtbot, monkeypatch, changes, part):
    """Such as weights that changed, or went, after the run was started."""
    subject = dataclasses.replace(subject_of(frame.scenario), **changes)
    monkeypatch.setattr(trained_page, "subject_of", lambda _: subject)
    page.draw(frame)
    qtbot.waitUntil(lambda: part in page.said.text(), timeout=60_000)
    assert page.said.isVisible()


def test_a_sentence_that_is_superseded_is_given_up(page, frame, qtbot):
    for text in ("a river", "a bank", "the mud"):
        page.draw(dataclasses.replace(frame, scenario=scenario(initial__text=text)))
    want = forward("the mud").attention
    qtbot.waitUntil(lambda: page.result is not None, timeout=60_000)
    assert np.array_equal(page.result.attention, want)
    page.draw(dataclasses.replace(frame, scenario=scenario(initial__text=TEXT)))
    assert page.result.attention.shape[-1] == forward().attention.shape[-1]
