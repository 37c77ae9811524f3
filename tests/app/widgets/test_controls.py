"""Choices are shortened to what their list has room for."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFont, QFontMetrics, QKeySequence
from PySide6.QtWidgets import QMainWindow

from app.widgets.controls import ValueEdit, shortened
from app.widgets.slider_scale import TICKS, SliderScale
from sim.dynamics.softmax import Softmax
from sim.scenario import Scenario
from sim.settings.knobs import knobs


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


def test_a_slider_leaves_room_around_the_value_of_a_preset():
    knob = knobs(Softmax)["beta"]
    whole = SliderScale.of(knob, False)
    for value in (9.0, 1.0, 81.0, 0.0, -5.0, 3000.0):
        scale = whole.near(value)
        size = max(abs(value), 4.0)
        across = abs(scale.tick(-0.97 * size) - scale.tick(0.97 * size)) / TICKS
        assert across > 0.3  # of its length from one sign to the other
        assert scale.lo < value < scale.hi and scale.near(value) is scale
        for tick in range(0, TICKS + 1, 50):
            found = scale.value(tick)
            assert abs(scale.tick(found) - tick) <= 3, (value, found)
        assert scale.near(scale.hi).hi >= scale.hi  # there is a way on
    scale = whole.near(9.0)
    assert (scale.lo, scale.hi) == (-9.0, 36.0)
    assert scale.near(20.0) is scale and scale.near(-8.0) is scale
    assert scale.near(36.0).hi == 144.0 and scale.near(300.0).hi == 1200.0
    assert scale.near(knob.hi).hi == knob.hi and scale.near(knob.lo).lo == knob.lo
    for other in ("tokens", "step", "duration"):
        same = SliderScale.of(knobs(Scenario)[other], False)
        assert same.near(10.0) is same
