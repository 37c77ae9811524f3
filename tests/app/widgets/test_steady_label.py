"""A label of a number that changes often."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from app.widgets.steady_label import SteadyLabel

pytestmark = pytest.mark.screen


class Layouts(QObject):
    """Counts how often a widget is asked to lay its children out."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def eventFilter(self, _watched, event):  # noqa: N802
        """Count the request."""
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


@pytest.fixture
def row(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    made.label = SteadyLabel("value")
    box = QHBoxLayout(made)
    box.addStretch(1)
    box.addWidget(made.label)
    made.label.setText("0.5000")
    made.show()
    QApplication.processEvents()
    return made


def test_numbers_of_one_width_lay_nothing_out(row):
    seen = Layouts()
    row.installEventFilter(seen)
    for k in range(10):
        row.label.setText(f"0.{k}000"[:6])
        row.label.setText(f"0.{k}")
        QApplication.processEvents()
    assert not seen.count
    row.label.setText("-1.000 to 2.000")
    QApplication.processEvents()
    assert seen.count


def test_a_longer_text_is_whole_and_a_larger_font_too(row):
    row.label.setText("0.123456789")
    QApplication.processEvents()
    whole = row.label.fontMetrics().horizontalAdvance("0.123456789")
    assert row.label.width() >= whole
    font = row.label.font()
    font.setPointSizeF(2 * font.pointSizeF())
    row.label.setFont(font)
    QApplication.processEvents()
    assert row.label.width() >= 1.5 * whole
    font.setPointSizeF(font.pointSizeF() / 2)
    row.label.setFont(font)
    QApplication.processEvents()
    assert row.label.width() <= 1.2 * whole + 8


def test_a_wider_number_is_whole_where_a_request_for_a_layout_was_lost(row):
    row.resize(row.sizeHint())
    row.layout().update()
    QApplication.removePostedEvents(row, QEvent.Type.LayoutRequest.value)
    row.label.setText("0.50000000")
    QApplication.processEvents()
    right = row.layout().contentsMargins().right()
    assert row.label.geometry().right() < row.width() - right
