"""A number with a decimal comma is a number."""

from PySide6.QtTest import QTest

from app.widgets.number_box import NumberBox


def test_a_comma_is_a_point(qtbot):
    box = NumberBox()
    qtbot.addWidget(box)
    box.setRange(0, 100)
    box.selectAll()
    QTest.keyClicks(box, "12,5")
    box.interpretText()
    assert box.value() == 12.5 and box.text() == "12.50"
