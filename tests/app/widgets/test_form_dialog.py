"""A dialog of rows and two buttons, by the keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from app.widgets.form_dialog import FormDialog

pytestmark = pytest.mark.screen


def test_enter_in_a_row_does_what_the_button_says(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    dialog = FormDialog("Title", "Go", window)
    first, last = QLineEdit("name"), QLineEdit()
    dialog.rows.addRow("First", first)
    dialog.rows.addRow("Last", last)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.focusWidget() is first)
    assert first.selectedText() == "name"  # what is typed takes its place
    seen = []
    for _ in range(4):
        seen.append(dialog.focusWidget())
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    assert seen[:3] == [first, last, dialog.go]
    assert dialog.focusWidget() is first
    with qtbot.waitSignal(dialog.accepted):
        QTest.keyClick(first, Qt.Key.Key_Return)
