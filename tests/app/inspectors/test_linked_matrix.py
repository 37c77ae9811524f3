"""The matrix and the globe light up the same tokens; heads and orders of the matrix."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from helpers.matrices import centre_of, looked_at
from helpers.scenes import show
from PySide6.QtCore import QEvent, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from app.document.attention_look import AttentionLook
from app.inspectors.attention import MAX_MATRIX_SIDE, AttentionPage
from app.inspectors.heatmap_painting import MIN_SCALE_PX, paint_scale
from app.scene import matrix_order
from app.theme.palette import DARK, LONE, diverging_map, rgb
from sim import Scenario, Simulation, TokenEdits, edit
from sim.frame import FrameRequest

pytestmark = pytest.mark.screen

HEADS = {"dynamics.heads.count": 3, "dynamics.heads.query": "gaussian"}
START = edit(Scenario(tokens=12, seed=3, step=0.1), HEADS)
REMOVED = 2  # so that ids are not rows
ASKED = FrameRequest(matrix=MAX_MATRIX_SIDE, rows=(5, 9), columns=(5, 9))


@pytest.fixture(scope="module")
def frame():
    run = Simulation(START, "numpy")
    run.edit_tokens(TokenEdits(remove=(REMOVED,)))
    run.advance(1.0)
    made = run.frame(None, ASKED)
    return dataclasses.replace(made, names=tuple("kcagjdbiehf"))


@pytest.fixture
def page(frame, qtbot):
    made = AttentionPage(DARK)
    qtbot.addWidget(made)
    made.resize(300, 360)
    made.show()
    show(made, frame, np.full(len(frame.x), LONE))
    made._draw()
    return made


def test_a_token_lights_up_its_row_and_column_of_the_matrix(page, frame):
    before = page.map.grab().toImage()
    page.hover((9,))
    assert page.map.grab().toImage() != before
    image = page.map._image
    (row,), (column,) = page.map.lit_lines
    assert row == column
    assert frame.ids[image.tokens[row]] == 9
    whole = frame.rows[9].mean(axis=0)[image.tokens]
    assert np.abs(image.values[row] - whole).max() < 1e-12
    whole = frame.columns[9].mean(axis=0)[image.tokens]
    assert np.abs(image.values[:, column] - whole).max() < 1e-12
    page.hover(())
    assert page.map.lit_lines == ((), ())


def test_a_cell_names_both_tokens_and_its_value(page, frame, qtbot):
    image = page.map._image
    at = centre_of(page, 4, 7)
    with qtbot.waitSignal(page.tokens_hovered) as caught:
        qtbot.mouseMove(page.map, at.toPoint())
    ((i, j),) = caught.args
    row, column = (frame.rows_of((k,))[k] for k in (i, j))
    assert [row, column] == image.tokens[[4, 7]].tolist()
    value = frame.matrix.mean(axis=0)[row, column]
    assert (
        page._value.text() == f"{frame.names[row]} → {frame.names[column]}: {value:.3g}"
    )
    page.hover((i, j))
    assert page.map.lit_lines == ((4,), (7,))
    with qtbot.waitSignal(page.tokens_hovered) as caught:
        page.map.leaveEvent(QEvent(QEvent.Type.Leave))
    assert caught.args == [()]


@pytest.mark.parametrize(("head", "minus"), [(0, 0), (2, 0), (1, 3), (0, 2)])
def test_heads_their_mean_and_differences_are_those_of_the_matrix(
    page, frame, head, minus
):
    looked_at(page, head=head, minus=minus, order="index")
    heads = frame.matrix
    want = heads[head - 1] if head else heads.mean(axis=0)
    if minus:
        want = want - heads[minus - 1]
    assert np.array_equal(page.map._image.values, want)
    assert page.map._image.signed is bool(minus)
    assert page._heads.tabs.currentIndex() == head


def test_a_choice_is_an_edit_of_the_look(page, qtbot):
    with qtbot.waitSignal(page.look_edited) as caught:
        page._heads.tabs.setCurrentIndex(2)
    assert caught.args == ["look.attention.head", 2]
    for choice, want in (("_choose_minus", "minus"), ("_choose_order", "order")):
        value = 1 if want == "minus" else "label"
        with qtbot.waitSignal(page.look_edited) as caught:
            getattr(page, choice)(value)
        assert caught.args == [f"look.attention.{want}", value]


def test_orders_of_the_matrix(page, frame):
    for order, key in (
        ("index", np.arange(11)),
        ("label", np.argsort(np.argsort(frame.names))),
        ("angle", np.arctan2(frame.x[:, 1], frame.x[:, 0])),
    ):
        looked_at(page, order=order)
        image = page.map._image
        assert image.tokens.tolist() == np.argsort(key, kind="stable").tolist()
        want = frame.matrix.mean(axis=0)[np.ix_(image.tokens, image.tokens)]
        assert np.array_equal(image.values, want)


def test_a_causal_run_can_be_ordered_by_cluster():
    run = Simulation(edit(START, {"dynamics.heads.mask": "causal"}), "numpy")
    made = run.frame(None, ASKED)
    for order, want in (("auto", "index"), ("cluster", "cluster")):
        image = matrix_order.attention_image(
            made, np.zeros(12, int), AttentionLook(order=order)
        )
        assert image.order == want


def test_differences_have_colours_of_both_signs():
    values = np.array([[-1.0, -1e-12, 0.0, 1e-12, 1.0, 2.0]])
    found = matrix_order.colour_indices(values, 1.0, signed=True)[0]
    assert found.tolist() == [0, 127, 127, 127, 255, 255]
    table = diverging_map(DARK) / 255
    for index, ink in ((0, DARK.flux[0]), (255, DARK.flux[2])):
        assert table[index] == pytest.approx(np.array(rgb(ink)), abs=0.003)
    assert matrix_order.colour_limit(-values) == matrix_order.colour_limit(values)


def test_chosen_tokens_keep_their_strength_and_others_fade(page):
    looked_at(page, order="index")
    before = page.map.grab().toImage()
    page.choose((5,))
    after = page.map.grab().toImage()
    k = 4  # the row of the token 5, since 2 was removed
    for row, column, same in ((k, 8, True), (8, k, True), (8, 7, False)):
        at = centre_of(page, row, column).toPoint()
        a, b = (QColor(image.pixel(at)).getRgb() for image in (before, after))
        assert (a == b) is same
    page.choose(())
    looked_at(page, order="index", pins=(5,))
    pinned = page.map.grab().toImage()
    assert pinned != before
    at = centre_of(page, 8, 7).toPoint()
    assert pinned.pixel(at) == before.pixel(at)


def test_the_scale_of_a_small_matrix_has_room_for_its_ends(qapp):
    rgb32 = QImage.Format.Format_RGB32
    ink, colours = QImage(400, 80, rgb32), QImage(4, 1, rgb32)
    ink.fill(0)
    colours.fill(0xFF0000FF)
    painter = QPainter(ink)
    painter.setPen(QColor("white"))
    paint_scale(painter, QRectF(190, 0, 10, 30), ("0", "≥ 0.5"), colours)
    painter.end()
    row = [ink.pixel(x, 43) & 0xFFFFFF for x in range(400)]
    blue = [x for x, colour in enumerate(row) if colour == 0xFF]
    assert len(blue) == blue[-1] - blue[0] + 1 == MIN_SCALE_PX
    assert blue[0] < 195 < blue[-1]  # where the matrix is
