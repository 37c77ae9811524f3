"""What is seen first: the layout of the window, until that is built.

Imports little, so that it is there within a second of the command.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from app.panel_layout import FIRST_SIZE, GEOMETRY_KEY, RAIL_WIDTH_PX
from app.system.application import application, preferences, set_preferences_aside
from app.theme import fonts
from app.theme.theme import ThemeController

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QSettings
    from PySide6.QtGui import QPaintEvent

    from app.theme.palette import Theme

BAR_PX, TIMELINE_PX = 44, 52  # heights at scale 1
FORM_PX, RAIL_PX = 300, 48  # widths of the settings, wide and narrow
RIGHT_PX, RIGHT_NARROW_PX = 328, 292
ROW_PX, MARGIN_PX = 28, 16
GLOBE_SHARE = 0.384  # radius, of the smaller side of its place
SHOWN_WITHIN_S = 0.3  # for the window system to show it
NAME = "Attention Orrery"


class OpeningWindow(QWidget):
    """Shows bars, panels and a globe in the colours and at the place of the window."""

    def __init__(self, theme: Theme, scale: float, settings: QSettings) -> None:
        super().__init__()
        self._theme, self._scale, self._painted = theme, scale, False
        self.setWindowTitle(NAME)
        self.setFont(fonts.font(fonts.BODY_PT * scale))  # of the window to come
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        kept = settings.value(GEOMETRY_KEY)
        if kept is None or not self.restoreGeometry(kept):
            room: QSize = self.screen().availableSize()
            self.resize(room.boundedTo(FIRST_SIZE))

    def present(self) -> None:
        """Show it, and wait until the window system has asked for its picture."""
        self.show()
        end = time.monotonic() + SHOWN_WITHIN_S
        while not self._painted and time.monotonic() < end:
            QApplication.processEvents()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the layout."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter)
        self._painted = True

    def _paint(self, painter: QPainter) -> None:
        theme, u = self._theme, self._scale
        whole = QRectF(self.rect())
        wide = whole.width() >= RAIL_WIDTH_PX * u
        left = (FORM_PX if wide else RAIL_PX) * u
        right = (RIGHT_PX if wide else RIGHT_NARROW_PX) * u
        painter.fillRect(whole, QColor(theme.canvas))
        middle = whole.adjusted(left, BAR_PX * u, -right, -TIMELINE_PX * u)
        self._paint_globe(painter, middle)
        top = QRectF(0, 0, whole.width(), BAR_PX * u)
        below = QRectF(0, middle.bottom(), whole.width(), TIMELINE_PX * u)
        sides = (
            QRectF(0, middle.top(), left, middle.height()),
            QRectF(middle.right(), middle.top(), right, middle.height()),
        )
        for panel in (top, below, *sides):
            painter.fillRect(panel, QColor(theme.panel))
        painter.setPen(QColor(theme.line))
        painter.drawLine(top.bottomLeft(), top.bottomRight())
        painter.drawLine(below.topLeft(), below.topRight())
        painter.drawLine(sides[0].topRight(), sides[0].bottomRight())
        painter.drawLine(sides[1].topLeft(), sides[1].bottomLeft())
        if wide:
            self._paint_rows(painter, sides[0])
        painter.setPen(QColor(theme.muted))
        inside = top.adjusted(MARGIN_PX * u, 0, -MARGIN_PX * u, 0)
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, f"{NAME} · opening …")

    def _paint_globe(self, painter: QPainter, place: QRectF) -> None:
        """Paint a globe of glass, without tokens."""
        glass = self._theme.glass
        radius = GLOBE_SHARE * min(place.width(), place.height())
        shade = QLinearGradient(0, place.top(), 0, place.bottom())
        shade.setColorAt(0, QColor(glass.deep))
        shade.setColorAt(1, QColor(glass.glass))
        painter.setOpacity(glass.opacity)
        painter.setPen(QColor(glass.rim))
        painter.setBrush(shade)
        painter.drawEllipse(place.center(), radius, radius)
        painter.setOpacity(glass.line_alpha * 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for share in (1 / 3, 2 / 3):  # meridians of a graticule
            painter.drawEllipse(place.center(), radius * math.sin(share), radius)
        painter.setOpacity(1.0)

    def _paint_rows(self, painter: QPainter, panel: QRectF) -> None:
        """Paint where settings will stand."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.raised))
        u = self._scale
        count = int(panel.height() / (ROW_PX * u)) - 1
        for k in range(count):
            corner = panel.topLeft() + QPointF(MARGIN_PX, (k + 0.6) * ROW_PX) * u
            width = panel.width() - 2 * MARGIN_PX * u
            row = QRectF(corner, corner + QPointF(width, 0.5 * ROW_PX * u))
            painter.drawRoundedRect(row, 4 * u, 4 * u)


@dataclass(frozen=True)
class Opening:
    """What is there before the window: application, preferences, its layout."""

    app: QApplication
    settings: QSettings
    theme_controller: ThemeController
    shown: OpeningWindow
    damaged: Path | None = None
    """Where preferences were put that could not be read."""

    def hand_over(self, window: QWidget) -> None:
        """Show `window` at the same place, and close what was shown until then.

        It is not shown if that has been closed meanwhile.
        """
        self.app.processEvents()
        if not self.shown.isVisible():
            return
        window.restoreGeometry(self.shown.saveGeometry())
        window.show()
        self.app.processEvents()
        self.close()

    def close(self) -> None:
        """Close what is shown."""
        self.shown.close()
        self.shown.deleteLater()


def opened(theme: str | None = None) -> Opening:
    """Show the layout of the window in the colours of `theme`, or of the preferences.

    Raises
    ------
    RuntimeError
        If this PySide6 cannot be used with this Python.
    """
    app = application()
    damaged = set_preferences_aside()
    settings = preferences()
    theme_controller = ThemeController(app, settings)
    if theme in ("system", "dark", "light"):
        theme_controller.choose(theme, keep=False)
    shown = OpeningWindow(theme_controller.theme, theme_controller.scale, settings)
    shown.present()
    return Opening(app, settings, theme_controller, shown, damaged)
