"""Dialogs are as high as what they hold, and no higher than their screen."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QWidget

from app.pages.cheatsheet import CheatSheet
from app.widgets import page_scroll
from app.widgets.form_dialog import FormDialog

pytestmark = pytest.mark.screen

SMALL = QSize(704, 402)  # of a screen at scale 2


@pytest.fixture
def parent(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def form(parent, qtbot):
    made = FormDialog("A question", "Go", parent)
    for k in range(20):
        made.rows.addRow(f"Row {k}", QLabel("a value"))
    qtbot.addWidget(made)
    return made


def scrolled(dialog):
    """Return how many pixels of a dialog can be scrolled to."""
    return dialog._scroll.verticalScrollBar().maximum()


def test_a_form_is_whole_where_there_is_room(form, qtbot, monkeypatch):
    monkeypatch.setattr(page_scroll, "screen_room", lambda _: QSize(2000, 2000))
    form.show()
    qtbot.waitExposed(form)
    qtbot.waitUntil(lambda: scrolled(form) == 0)
    form.note.setText("words that need lines of their own " * 20)
    qtbot.wait(20)
    assert scrolled(form) == 0


def test_buttons_stay_on_a_small_screen(form, qtbot, monkeypatch):
    monkeypatch.setattr(page_scroll, "screen_room", lambda _: SMALL)
    form.show()
    qtbot.waitExposed(form)
    qtbot.waitUntil(lambda: scrolled(form) > 0)
    assert form.size().boundedTo(SMALL) == form.size()
    assert form.rect().contains(form.go.geometry().translated(form.go.parent().pos()))


def test_keys_are_no_larger_than_a_small_screen(parent, qtbot, monkeypatch):
    monkeypatch.setattr(page_scroll, "screen_room", lambda _: SMALL)
    sheet = CheatSheet(parent)
    sheet.show()
    qtbot.waitExposed(sheet)
    page = sheet._scroll.widget()
    assert sheet.size().boundedTo(SMALL) == sheet.size()
    assert page.minimumSizeHint().width() <= sheet._scroll.viewport().width()
