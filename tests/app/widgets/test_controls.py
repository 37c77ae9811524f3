"""Choices are shortened to what their list has room for."""

from PySide6.QtGui import QFont, QFontMetrics

from app.widgets.controls import shortened


def test_a_choice_gives_way_in_steps(qapp):
    text, metrics = "Unnormalised attention (USA)", QFontMetrics(QFont("Inter", 10))

    def room(part):
        return metrics.horizontalAdvance(part)

    assert shortened(text, room(text), metrics) == text
    assert shortened(text, room(text) - 1, metrics) == "Unnormalised attention"
    assert shortened(text, room("Unnormalised"), metrics) == "USA"
    assert shortened("Metriplectic", room("Metri"), metrics).endswith("…")
    assert shortened(text, room("USA") - 1, metrics).endswith("…")
