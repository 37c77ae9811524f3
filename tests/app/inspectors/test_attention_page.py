"""The page of the attention matrix: its order, colours, tooltips and clicks."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from helpers.scenes import show
from PySide6.QtCore import QPointF, Qt

from app.document.attention_look import AttentionLook
from app.inspectors.attention import AttentionPage
from app.scene import matrix_order
from app.theme.palette import DARK, LIGHT, LONE
from sim.frame import FrameRequest
from sim.measure.cluster_ids import keep_large
from sim.scenario import Scenario, edit
from sim.simulation import Simulation

pytestmark = pytest.mark.screen

SMALL = Scenario(tokens=12, seed=3, step=0.1)


@pytest.fixture
def matrix(qtbot):
    made = AttentionPage(DARK)
    qtbot.addWidget(made)
    made.resize(300, 340)
    made.show()
    return made


def shown(matrix, scenario, steps=30):
    run = Simulation(scenario)
    for _ in range(steps):
        run.step()
    frame = run.frame(None, matrix.request())
    numbers = (
        keep_large(np.zeros(0, int), frame.labels) if frame.labels is not None else None
    )
    if numbers is None:
        numbers = np.full(len(frame.x), LONE)
    show(matrix, frame, numbers)
    matrix._draw()
    return frame, numbers


def test_large_clusters_come_first_and_lone_tokens_last():
    numbers = np.array([LONE, 2, 1, 1, LONE, 1, 2])
    same = matrix_order.cluster_order(numbers, numbers)
    assert same.tolist() == [2, 3, 5, 1, 6, 0, 4]


def test_clusters_of_one_colour_are_together():
    colours = np.array([LONE, 2, 1, 1, LONE, 1, LONE])
    labels = np.array([0, 1, 2, 3, 4, 3, 4])
    order = matrix_order.cluster_order(colours, labels)
    assert order.tolist() == [3, 5, 2, 1, 4, 6, 0]


def test_a_sheet_is_ordered_on_both_sides():
    run = Simulation(dataclasses.replace(SMALL, tokens=40))
    frame = run.frame(None, FrameRequest(matrix=288))
    numbers = np.arange(40) % 3
    frame = dataclasses.replace(frame, labels=numbers)
    sheet = matrix_order.attention_image(frame, numbers)
    i, j = sheet.tokens[5], sheet.tokens[17]
    assert sheet.values[5, 17] == frame.matrix[:, i, j].mean()
    assert sheet.cuts.tolist() == [14, 27]


def test_a_causal_mask_is_shown_by_index():
    run = Simulation(edit(SMALL, {"dynamics.heads.mask": "causal"}))
    frame = run.frame(None, FrameRequest(matrix=288))
    sheet = matrix_order.attention_image(frame, np.zeros(12, int))
    assert sheet.tokens.tolist() == list(range(12))
    assert not np.triu(sheet.values, 1).any()


def test_an_order_by_names_that_are_missing_says_so():
    frame = Simulation(SMALL).frame(None, FrameRequest(matrix=288))
    look = AttentionLook(order="label")
    sheet = matrix_order.attention_image(frame, np.zeros(12, int), look)
    assert sheet.tokens.tolist() == list(range(12))
    assert sheet.order_text == "index: no names"
    named = dataclasses.replace(frame, names=tuple("lkjihgfedcba"))
    sheet = matrix_order.attention_image(named, np.zeros(12, int), look)
    assert sheet.tokens.tolist() == list(range(11, -1, -1))
    assert sheet.order_text == "by name"


def test_pooling_takes_means():
    values = np.arange(100.0).reshape(10, 10)
    small = matrix_order.block_means(values, 4)
    assert small.shape == (4, 4)
    assert small[0, 0] == values[:3, :3].mean()
    assert small[3, 3] == values[9, 9]
    assert matrix_order.block_means(values, 10) is values


def test_the_scale_ends_at_a_round_number():
    assert matrix_order.colour_limit(np.full((4, 4), 0.131)) == pytest.approx(0.15)
    assert matrix_order.colour_limit(np.zeros((4, 4))) == 1.0
    lone = np.full((300, 300), 0.001) + np.eye(300) * 0.7  # 0.3 % of the entries
    assert matrix_order.colour_limit(lone) == pytest.approx(0.04)
    shades = matrix_order.colour_indices(np.array([[0.0, 1.0, np.nan]]), 1.0)
    assert shades.tolist() == [[0, 255, 0]]


def test_hovering_shows_the_weight_of_a_pair(matrix):
    frame, numbers = shown(matrix, SMALL)
    box = matrix.map._box()
    sheet = matrix_order.attention_image(frame, numbers)
    at = box.topLeft() + QPointF(box.width() * 2.5 / 12, box.height() * 7.5 / 12)
    i, j = sheet.tokens[7], sheet.tokens[2]
    value = frame.matrix[0, i, j]
    assert matrix.text_at(at) == f"token {i + 1} → token {j + 1}: {value:.3g}"
    assert matrix.text_at(QPointF(-5, -5)) == ""


def test_hovering_uses_names(matrix):
    frame, numbers = shown(matrix, SMALL)
    named = dataclasses.replace(frame, names=tuple("abcdefghijkl"))
    show(matrix, named, numbers)
    matrix._draw()
    assert matrix.text_at(matrix.map._box().center())[0] in "abcdefghijkl"


def test_a_click_chooses_a_row(matrix, qtbot):
    shown(matrix, SMALL)
    at = matrix.map._box().center().toPoint()
    with qtbot.waitSignal(matrix.tokens_chosen) as caught:
        qtbot.mouseClick(matrix.map, Qt.MouseButton.LeftButton, pos=at)
    assert caught.args[0][0] in range(12)
    before = matrix.grab().toImage()
    matrix.choose(caught.args[0])
    assert matrix.grab().toImage() != before


def test_every_head_has_a_tab(matrix):
    changes = {"dynamics.heads.count": 3, "dynamics.heads.query": "gaussian"}
    shown(matrix, edit(SMALL, changes))
    tabs = matrix._heads.tabs
    assert [tabs.tabText(k) for k in range(tabs.count())] == ["mean", "1", "2", "3"]
    before = matrix.map._image.values
    tabs.setCurrentIndex(2)
    matrix._draw()
    assert not np.array_equal(before, matrix.map._image.values)
    shown(matrix, SMALL)
    assert tabs.isHidden()


def test_a_graph_is_shown_as_its_adjacency(matrix):
    frame, _ = shown(matrix, edit(SMALL, {"dynamics": "bracket"}))
    assert matrix._title.text() == "Graph"
    assert matrix.map._image.values.sum() == 2 * len(frame.edges)
    assert "joined" in matrix.text_at(matrix.map._box().center())


def test_a_missing_matrix_is_explained(matrix):
    frame, numbers = shown(matrix, edit(SMALL, {"dynamics": "bracket"}))
    bare = dataclasses.replace(frame, edges=None)
    show(matrix, bare, numbers)
    matrix._draw()
    assert "no attention matrix" in matrix.map.accessibleDescription()


def test_a_matrix_is_requested_only_while_visible(matrix):
    assert matrix.request().matrix == 288
    matrix.hide()
    assert matrix.request() == FrameRequest(frozenset(), clusters=False)


def test_the_page_takes_another_theme(matrix):
    shown(matrix, SMALL)
    before = matrix.grab().toImage()
    matrix.set_theme(LIGHT, 1.0)
    assert matrix.grab().toImage() != before
