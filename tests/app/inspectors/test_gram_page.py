"""The page of the Gram matrix: its cells, their order, what the mouse reads."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from helpers.matrices import centre_of, looked_at
from helpers.scenes import show
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QToolTip

from app.inspectors.gram import GramPage
from app.inspectors.tabs import PAGES
from app.theme.palette import DARK, LIGHT, LONE, cosine_map
from app.widgets.elided_label import ValueLabel
from sim import Scenario, Simulation, TokenEdits, edit
from sim.dynamics import Dynamics
from sim.measure.gram import MAX_GRAM_SIDE, Gram

pytestmark = pytest.mark.screen

NAMES = tuple("kcagjdbiehf")
REMOVED = 2  # so that ids are not rows


def frame_of(page, scenario, t=0.5):
    run = Simulation(scenario, "numpy")
    run.edit_tokens(TokenEdits(remove=(REMOVED,)))
    run.advance(t)
    return run.frame(None, page.request())


@pytest.fixture
def page(qtbot):
    made = GramPage(DARK)
    qtbot.addWidget(made)
    made.resize(300, 360)
    made.show()
    return made


@pytest.fixture
def frame(page):
    start = edit(Scenario(tokens=12, dimension=7, seed=3), {"space": "flat"})
    made = dataclasses.replace(frame_of(page, start), names=NAMES)
    show(page, made, np.full(len(made.x), LONE))
    page._draw()
    return made


def cosine(a, b):
    """Return ⟨a,b⟩/(|a||b|) by exact sums: an independent formula."""
    dot = math.fsum(float(u) * float(v) for u, v in zip(a, b, strict=True))
    return dot / (math.hypot(*map(float, a)) * math.hypot(*map(float, b)))


@pytest.mark.parametrize("order", ["auto", "cluster", "index", "label", "angle"])
def test_each_cell_is_the_cosine_of_its_two_tokens(page, frame, order):
    looked_at(page, order=order)
    image = page.map._image
    if order == "label":
        assert [frame.names[k] for k in image.tokens] == sorted(NAMES)
    for row, i in enumerate(image.tokens):
        for column, j in enumerate(image.tokens):
            want = cosine(frame.x[i], frame.x[j])
            assert abs(image.values[row, column] - want) < 1e-6


def test_the_mouse_on_a_cell_reads_its_pair_and_lights_both_tokens(page, frame, qtbot):
    looked_at(page, order="label")
    at = centre_of(page, 4, 7)
    with qtbot.waitSignal(page.tokens_hovered) as caught:
        qtbot.mouseMove(page.map, at.toPoint())
    (ids,) = caught.args
    first, second = sorted(NAMES)[4], sorted(NAMES)[7]
    rows = [NAMES.index(first), NAMES.index(second)]
    assert list(ids) == frame.ids[rows].tolist()
    value = cosine(*frame.x[rows])
    said = f"cos({first}, {second}) = {value:.4f}".replace("-", "−")
    assert page._value.text() == said
    page.hover(ids)
    assert page.map.lit_lines == ((4,), (7,))


def test_a_value_under_the_mouse_is_in_the_place_of_the_comment(page, frame, qtbot):
    looked_at(page, order="index")
    at = centre_of(page, 2, 5)
    qtbot.mouseMove(page.map, at.toPoint())
    assert page._value.isVisible()
    assert not page._tip.isVisible()
    assert not QToolTip.isVisible()
    turned = dataclasses.replace(frame, gram=Gram.of(-np.eye(*frame.x.shape)))
    show(page, turned, np.full(len(frame.x), LONE))
    page._draw()
    assert page._value.text().endswith("= 0.0000")  # the mouse has not moved
    page.present(True)
    assert page._value.isVisible()  # but no comment has room in a presentation
    page.map.leaveEvent(QEvent(QEvent.Type.Leave))
    assert not page._value.isVisible()
    assert not page._tip.isVisible()
    page.present(False)
    assert page._tip.isVisible()


def test_a_value_has_the_room_of_the_title_where_it_needs_it(page, frame):
    page.resize(340, 400)
    page.read_out("cos(a, b) = 0.1234")
    assert page._title.isVisible()
    page.read_out("cos(token 51, token 58) = −0.1234")
    assert not page._title.isVisible()
    page.layout().activate()
    assert page._value.width() >= page._value.sizeHint().width()
    page.read_out("")
    assert page._title.isVisible()


def test_a_value_stays_where_names_have_no_room(page):
    label = ValueLabel("cos(internationalisation, communication) = −0.1234")
    assert label.fitting(label.text(), 170).endswith(" = −0.1234")
    numbered = "cos(token 51, token 58) = −0.1234"
    wide = label.fontMetrics().horizontalAdvance(numbered)
    assert label.fitting(numbered, wide) == numbered
    assert label.fitting(numbered, wide - 1) == "cos(51, 58) = −0.1234"


def test_the_scale_is_linear_from_minus_to_plus_one(page, frame):
    image = page.map._image
    assert image.limit == 1.0
    indices = image.indices(np.array([-1.0, -0.5, 0.0, 0.5, 1.0]), image.limit)
    assert indices.tolist() == [0, 63, 127, 191, 255]
    looked_at(page, order="index")
    at = centre_of(page, 3, 3).toPoint()
    pixel = page.map.grab().toImage().pixelColor(at)
    assert pixel.getRgb()[:3] == tuple(cosine_map(DARK)[255])


def test_of_many_tokens_an_even_sample_is_shown_and_said(page):
    many = frame_of(page, Scenario(tokens=3000, dimension=5, seed=1), 0.0)
    show(page, many, np.full(len(many.x), LONE))
    page._draw()
    image = page.map._image
    assert image.values.shape == (MAX_GRAM_SIDE, MAX_GRAM_SIDE)
    assert page._tip.text().startswith("288 of 2,999, by ")
    i, j = image.tokens[[5, 200]]
    assert abs(image.values[5, 200] - cosine(many.x[i], many.x[j])) < 1e-6


def test_tokens_without_a_direction_have_no_cosine(page, frame):
    x = np.array([[0.0, 0.0], [3e-200, 0.0], [-2e200, 2e200], [np.inf, 1.0]])
    found = Gram.of(x).values
    assert np.isnan(found[[0, 3]]).all()
    assert found[1, 2] == pytest.approx(-math.sqrt(0.5), abs=1e-15)
    assert np.abs(Gram.of(np.eye(3)[:0]).values).size == 0
    bare = dataclasses.replace(frame, gram=Gram.of(np.zeros((11, 7))))
    show(page, bare, np.full(11, LONE))
    page._draw()
    assert page.text_at(centre_of(page, 0, 1)).endswith("a token has no direction")


def test_it_fits_every_law_and_takes_another_theme(page, frame):
    assert GramPage in PAGES
    laws = [edit(Scenario(), {"dynamics": kind}) for kind in Dynamics.kinds()]
    assert all(GramPage.fits(scenario) for scenario in laws)
    before = page.grab().toImage()
    page.set_theme(LIGHT, 1.0)
    page._draw()
    assert page.grab().toImage() != before
