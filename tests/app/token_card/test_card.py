"""The card of a token: it opens with a choice, is pinned, and asks for its row."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from helpers.scenes import scene_of, show
from PySide6.QtCore import QPoint, Qt

from app.document.attention_look import MAX_PINS, AttentionLook
from app.document.document import Document
from app.theme.palette import DARK
from app.token_card.card import TokenCard
from app.token_card.weight_bars import number_text
from app.widgets.view import NO_REQUEST
from sim import Scenario, Simulation, edit

pytestmark = pytest.mark.screen

NAMES = tuple("abcdefghijklmnop")


@pytest.fixture
def card(qtbot):
    made = TokenCard(DARK)
    qtbot.addWidget(made)
    made.resize(328, 440)
    return made


def fill(card):
    run = Simulation(edit(Scenario(tokens=16), {"dynamics.beta": 3.0}), "numpy")
    frame = run.frame(None, card.request())
    show(card, dataclasses.replace(frame, names=NAMES), np.zeros(16, int))
    card._draw()
    return frame


def looked_at(card, **attention):
    look = dataclasses.replace(Document().look, attention=AttentionLook(**attention))
    card.show_document(Document(look=look))


def test_a_choice_opens_the_card_and_its_end_closes_it(card, qtbot):
    assert card.request() == NO_REQUEST
    with qtbot.waitSignal(card.opened) as caught:
        card.choose((3,))
    assert caught.args == [True]
    assert card.isVisible()
    assert card.request().rows == (3,)
    frame = fill(card)
    assert card.facts.weights[0].value == frame.rows[3].max()
    assert "d (itself)" not in card.body.bars.accessibleDescription()
    assert number_text(frame.rows[3].max()) in card.body.bars.accessibleDescription()
    with qtbot.waitSignal(card.opened) as caught:
        card.choose(())
    assert caught.args == [False]
    assert card.isHidden()


def test_the_colour_of_a_bead_is_shown_once_its_scene_is_there(card, qtbot):
    card.choose((3,))
    run = Simulation(edit(Scenario(tokens=16), {"dynamics.beta": 3.0}), "numpy")
    frame = run.frame(None, card.request())
    card.show_frames((frame,))
    qtbot.waitUntil(lambda: card.facts is not None)
    card.show_scenes((scene_of(frame, np.zeros(16, int)),))

    def painted():
        image = card.body._dot.pixmap().toImage()
        return image.pixelColor(image.rect().center()).alpha() == 255

    qtbot.waitUntil(painted)


def test_tabs_lead_back_to_the_curves_and_to_other_tokens(card, qtbot):
    card.choose((3, 5))
    fill(card)
    texts = [card.tabs.tabText(k) for k in range(card.tabs.count())]
    assert texts == ["Curves", "d", "f"]
    assert card.token == 5
    card.tabs.setCurrentIndex(1)
    assert card.token == 3
    with qtbot.waitSignal(card.opened) as caught:
        card.tabs.setCurrentIndex(0)
    assert caught.args == [False]
    assert card.token is None
    assert card.isVisible()


def test_a_pinned_token_keeps_its_card(card, qtbot):
    card.choose((3,))
    with qtbot.waitSignal(card.look_edited) as caught:
        card.toggle_pin()
    assert caught.args == ["look.attention.pins", (3,)]
    looked_at(card, pins=(3,))
    fill(card)
    assert card.body.pin_button.isChecked()
    card.choose(())
    assert card.isVisible()
    assert [card.tabs.tabText(k) for k in range(2)] == ["Curves", "• d"]
    with qtbot.waitSignal(card.tokens_chosen) as caught:
        card.tabs.setCurrentIndex(1)
    assert caught.args == [(3,)]
    card.choose((3,))
    with qtbot.waitSignal(card.look_edited) as caught:
        card.toggle_pin()
    assert caught.args == ["look.attention.pins", ()]


def test_no_more_pins_than_there_are_cards_and_none_of_nothing(card, qtbot):
    with qtbot.waitSignal(card.message) as caught:
        card.toggle_pin()
    assert "No token is chosen" in caught.args[0]
    looked_at(card, pins=tuple(range(MAX_PINS)))
    card.choose((12,))
    with qtbot.waitSignal(card.message) as caught:
        card.toggle_pin()
    assert "8 tokens are pinned" in caught.args[0]


def test_the_column_says_who_attends(card, qtbot):
    card.choose((3,))
    with qtbot.waitSignal(card.look_edited) as caught:
        card.body.column_button.click()
    assert caught.args == ["look.attention.incoming", True]
    looked_at(card, incoming=True)
    assert (card.request().rows, card.request().columns) == ((), (3,))
    frame = fill(card)
    assert card.facts.weights[0].value == frame.columns[3].max()


def test_shift_turns_the_direction_of_the_card(card):
    card.choose((3,))
    card.turn_direction(True)
    assert (card.request().rows, card.request().columns) == ((), (3,))
    frame = fill(card)
    assert card.facts.weights[0].value == frame.columns[3].max()
    assert "of the column" in card.facts.total
    assert card.body.column_button.isChecked()
    card.turn_direction(False)
    frame = fill(card)
    assert card.facts.weights[0].value == frame.rows[3].max()
    assert card.body.row_button.isChecked()


def test_a_row_of_the_bars_chooses_and_lights_up_its_token(card, qtbot):
    card.choose((3,))
    fill(card)
    at = QPoint(20, round(1.5 * card.body.bars._line_px))
    second = card.facts.weights[1].token
    with qtbot.waitSignal(card.tokens_chosen) as caught:
        qtbot.mouseClick(card.body.bars, Qt.MouseButton.LeftButton, pos=at)
    assert caught.args == [(second,)]
    with qtbot.waitSignal(card.tokens_hovered) as caught:
        card.body.bars._hover(second)
    assert caught.args == [(second,)]


def test_a_token_that_is_not_there_says_so(card):
    card.choose((77,))
    fill(card)
    assert "not there at this time" in card.body.bars.accessibleDescription()


@pytest.mark.parametrize(
    ("value", "text"), [(0.1234567, "0.1235"), (-0.5, "−0.5000"), (1.3e-7, "1.3e−7")]
)
def test_numbers_keep_their_digits(value, text):
    assert number_text(value) == text
