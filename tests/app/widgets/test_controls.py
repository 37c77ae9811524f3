"""Choices are shortened to what their list has room for."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFont, QFontMetrics, QKeySequence
from PySide6.QtWidgets import QMainWindow

from app.widgets.controls import ValueEdit, shortened


def test_a_choice_gives_way_in_steps(qapp):
    text, metrics = "Unnormalised attention (USA)", QFontMetrics(QFont("Inter", 10))

    def room(part):
        return metrics.horizontalAdvance(part)

    assert shortened(text, room(text), metrics) == text
    assert shortened(text, room(text) - 1, metrics) == "Unnormalised attention"
    assert shortened(text, room("Unnormalised"), metrics) == "USA"
    assert shortened("Metriplectic", room("Metri"), metrics).endswith("…")
    assert shortened(text, room("USA") - 1, metrics).endswith("…")


def test_the_palette_opens_from_a_line_that_is_typed_in(qtbot):
    window, ran = QMainWindow(), []
    qtbot.addWidget(window)
    line, action = ValueEdit(), QAction("Command palette", window)
    action.setShortcut(QKeySequence("Ctrl+K"))
    action.triggered.connect(lambda: ran.append(line.text()))
    window.addAction(action)
    window.setCentralWidget(line)
    window.show()
    window.activateWindow()
    line.setText("0.25")
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    line.setCursorPosition(0)
    qtbot.keyClick(line, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert ran == ["0.25"] and line.text() == "0.25"
