"""Tokens are found by name, number and cluster; what is not there is said."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from helpers.scenes import scene_of
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.token_card.find_panel import FindPanel
from app.token_card.search import MAX_LISTED, TokenNotFoundError, find, matches
from sim import Scenario, Simulation, TokenEdits
from sim.frame import FrameRequest

NAMES = ("bank", "river", "Bank", "money", "bass", "bass", "42", "loan")
LABELS = np.array([0, 1, 2, 0, 0, 1, 3, 3])


def a_scene(names=NAMES, labels=LABELS, n=8):
    asked = FrameRequest(frozenset(), clusters=False)
    frame = Simulation(Scenario(tokens=n), "numpy").frame(None, asked)
    return scene_of(dataclasses.replace(frame, names=names, labels=labels))


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("bank", 0),
        ("Bank", 2),
        (" RIVER ", 1),
        ("42", 6),
        ("token 4", 3),
        ("#8", 7),
        ("3", 2),
        ("bass (token 6)", 5),
    ],
)
def test_a_name_or_a_number_finds_its_token(text, token):
    assert find(a_scene(), text) == token


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("bass", "2 tokens are called “bass”: token 5, token 6. Choose one in the"),
        ("BANK", "2 tokens are called “BANK”: token 1, token 3."),
        ("bnak", "No token is called “bnak”. Similar names: "),
        ("zzzzzz", "No token is called “zzzzzz”. Choose one in the list."),
        ("99", "Token 99 does not exist: there are 8 tokens with numbers from 1 to 8."),
        ("", "Type the name of a token, or its number."),
    ],
)
def test_what_is_not_there_or_there_twice_is_said(text, message):
    with pytest.raises(TokenNotFoundError) as caught:
        find(a_scene(), text)
    assert str(caught.value).startswith(message)


def test_similar_names_are_offered():
    with pytest.raises(TokenNotFoundError, match=r"Similar names: .*bank"):
        find(a_scene(), "bnak")


def test_tokens_without_names_are_found_by_number():
    scene = a_scene(names=())
    assert find(scene, "token 3") == 2
    with pytest.raises(TokenNotFoundError, match="no names"):
        find(scene, "bank")
    found, more = matches(scene, "tok")
    assert (len(found), more) == (8, 0)


def test_a_removed_token_is_said():
    run = Simulation(Scenario(tokens=8), "numpy")
    run.edit_tokens(TokenEdits(remove=(2,)))
    with pytest.raises(TokenNotFoundError, match="Token 3 has been removed, or is"):
        find(scene_of(run.frame()), "3")
    assert find(scene_of(run.frame()), "4") == 3


def test_the_list_is_by_cluster_the_largest_first():
    found, more = matches(a_scene(), "")
    assert more == 0
    assert [m.cluster for m in found] == [0, 0, 0, 1, 1, 3, 3, -1]
    assert {m.name for m in found[:3]} == {"bank", "money", "bass (token 5)"}
    found, _ = matches(a_scene(), "ba")
    names = {"bank", "bass (token 5)", "bass (token 6)"}
    assert {m.name.casefold() for m in found} == names
    found, _ = matches(a_scene(), "an")
    assert {m.token for m in found} == {0, 2, 7}


def test_very_many_tokens_are_listed_in_part():
    n = 1000
    scene = a_scene(tuple(f"w{k}" for k in range(n)), np.arange(n) // 300, n)
    found, more = matches(scene, "")
    assert (len(found), more) == (MAX_LISTED, n - MAX_LISTED)
    assert find(scene, "w999") == 999


@pytest.fixture
def panel(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(700, 500)
    made = FindPanel(a_scene, parent)
    parent.show()
    made.open()
    yield made
    parent.close()


def test_a_name_that_does_not_exist_is_said_while_it_is_typed(panel, qtbot):
    everything = panel.list.count()
    qtbot.keyClicks(panel.field, "zzzzzz")
    assert "No token is called “zzzzzz”. Choose one in the list." in panel.note.text()
    assert panel.note.isVisible()
    assert panel.list.count() == everything  # to choose from
    assert not panel.list.selectedItems()
    panel.field.setText("riv")
    assert not panel.note.isVisible()


def test_typing_completes_and_enter_chooses(panel, qtbot):
    qtbot.keyClicks(panel.field, "riv")
    assert panel.list.currentItem().text() == "river"
    with qtbot.waitSignal(panel.token_chosen) as caught:
        qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert caught.args == [1]
    assert panel.isHidden()


def test_a_name_that_two_tokens_have_needs_a_choice(panel, qtbot):
    qtbot.keyClicks(panel.field, "bass")
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert "2 tokens are called “bass”" in panel.note.text()
    assert panel.isVisible()
    tokens = [
        panel.list.item(k)
        for k in range(panel.list.count())
        if panel.list.item(k).text().startswith("bass")
    ]
    assert [t.text() for t in tokens] == ["bass (token 5)", "bass (token 6)"]
    with qtbot.waitSignal(panel.token_chosen) as caught:
        panel._click(tokens[1])
    assert caught.args == [5]


def test_a_wrong_name_is_said_and_escape_closes(panel, qtbot):
    qtbot.keyClicks(panel.field, "xyz")
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    assert panel.note.text().startswith("No token is called “xyz”")
    qtbot.keyClick(panel.field, Qt.Key.Key_Escape)
    assert panel.isHidden()
