"""A titled part of the settings panel that folds, with a summary when folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from app.panel.fields import SwitchControl
from app.theme import icons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

    from app.panel.rows import Row
    from app.theme.palette import Theme

CHEVRON_SIZE, ICON_SIZE = 14, 18  # pixels at scale 1
SECOND_INDENT = 4  # pixels left of the second switch in a line
LEFT_MARGIN = 10  # pixels from the panel's edge


class Header(QAbstractButton):
    """Chevron, icon, title, and the summary when folded."""

    def __init__(self, title: str, icon: str, theme: Theme) -> None:
        super().__init__()
        self._icon, self._theme, self._scale = icon, theme, 1.0
        self.summary = ""
        self.setText(title)
        self.setCheckable(True)
        self.setChecked(True)
        self.setAccessibleName(title)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        self._theme, self._scale = theme, scale
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return room for a line."""
        return QSize(120, max(30, self.fontMetrics().height() + 12))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the line."""
        painter, t, opened = QPainter(self), self._theme, self.isChecked()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        icon = t.accent if opened else t.muted
        left = self._mark(
            painter, "down" if opened else "right", LEFT_MARGIN, CHEVRON_SIZE
        )
        left = self._mark(painter, self._icon, left + 3, ICON_SIZE, icon)
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(t.text))
        line = QRect(left + 7, 0, self.width() - left - 19, self.height())
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, int(middle | Qt.AlignmentFlag.AlignLeft), self.text())
        if not opened:
            line.setLeft(
                line.left() + painter.fontMetrics().horizontalAdvance(self.text()) + 12
            )
            self._summarise(painter, line)
        if self.hasFocus():
            painter.setPen(QPen(QColor(t.accent), 1))
            painter.drawRoundedRect(self.rect().adjusted(4, 1, -5, -2), 4, 4)
        painter.end()

    def _mark(
        self, painter: QPainter, name: str, left: int, side: int, colour: str = ""
    ) -> int:
        side = round(side * self._scale)
        colour = colour or self._theme.muted
        ratio = self.devicePixelRatioF()
        drawing = icons.pixmap(name, colour, side, ratio)
        painter.drawPixmap(left, (self.height() - side) // 2, drawing)
        return left + side

    def _summarise(self, painter: QPainter, line: QRect) -> None:
        small = QFont(self.font())
        small.setPointSizeF(small.pointSizeF() * 9.5 / 10.5)
        painter.setFont(small)
        painter.setPen(QColor(self._theme.muted))
        elide = Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(self.summary, elide, line.width())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(line, int(flags), text)


class Group(QWidget):
    """A header and its rows; two switches share a line."""

    folded = Signal(bool)

    def __init__(self, title: str, icon: str, theme: Theme) -> None:
        super().__init__()
        self.header = Header(title, icon, theme)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 4, 0, 4)
        self._box.setSpacing(0)
        self._box.addWidget(self.header)
        self._body: QWidget | None = None
        self._top: QWidget | None = None
        self.header.toggled.connect(self._toggle)

    @property
    def opened(self) -> bool:
        """Whether the rows are on show."""
        return self.header.isChecked()

    def fold(self, folded: bool) -> None:
        """Hide or show the rows."""
        self.header.setChecked(not folded)

    def head(self, widget: QWidget) -> None:
        """Put `widget` above the rows."""
        self._top = widget
        self._box.insertWidget(1, widget)

    def fill(self, rows: Sequence[Row]) -> None:
        """Put other rows in."""
        old, self._body = self._body, QWidget()
        stack = QVBoxLayout(self._body)
        stack.setContentsMargins(0, 0, 0, 4)
        stack.setSpacing(0)
        line, alone = QHBoxLayout(), True
        for row in rows:
            switch = isinstance(row.field, SwitchControl)
            if row.inline or (switch and not alone):
                row.indent(SECOND_INDENT if switch else 0)
                alone = True
            else:
                line = QHBoxLayout()
                stack.addLayout(line)
                alone = not switch
            line.addWidget(row, 0 if row.inline else 1)
        self._box.addWidget(self._body)
        self._body.setVisible(self.opened)
        if old is not None:
            self._box.removeWidget(old)
            old.hide()
            old.deleteLater()

    def _toggle(self, opened: bool) -> None:
        for part in (self._top, self._body):
            if part is not None:
                part.setVisible(opened)
        self.header.update()
        self.folded.emit(not opened)
