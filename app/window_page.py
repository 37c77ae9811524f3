"""The grid of the window: bars, settings, picture, curves and transport."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.panel.form import rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.widgets.view import View
    from app.widgets.view_set import ViewSet

LEAST_WIDTH_PX = 640
COLUMNS = 4  # rail, settings, picture, curves


class WindowPage(QWidget):
    """What fills the window.

    Parameters
    ----------
    views : ViewSet
        Takes the views that are placed, to pass them frames, scenes and themes.

    Attributes
    ----------
    right : QWidget
        The column of the curves and what is above and below them.
    """

    def __init__(self, views: ViewSet) -> None:
        super().__init__()
        self.setMinimumWidth(LEAST_WIDTH_PX)  # else that of panels not yet narrow
        self._views = views
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setSpacing(0)
        self.grid.setColumnStretch(2, 1)
        self.grid.setRowStretch(1, 1)
        self.right = QWidget()
        self.right.setObjectName("right")
        self.right.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        policy = self.right.sizePolicy()
        policy.setHorizontalStretch(1)  # no wider than its style says
        self.right.setSizePolicy(policy)

    def place_bars(self, above: QWidget, *below: QWidget) -> None:
        """Place a bar above all, and others below all, over the whole width."""
        for row, bar in zip((0, 2, 3), (above, *below), strict=True):
            self.grid.addWidget(bar, row, 0, 1, COLUMNS)

    def place_settings(self, *columns: QWidget) -> None:
        """Place the settings at the left."""
        for column, widget in enumerate(columns):
            self.grid.addWidget(widget, 1, column)

    def place_picture(self, above: View, picture: View, below: View) -> None:
        """Place the picture in the middle, with all the room that others leave."""
        stack = QVBoxLayout()
        stack.setSpacing(0)
        for view in (above, picture, below):
            stack.addWidget(view, int(view is picture))
        self.grid.addLayout(stack, 1, 2)
        self._take((above, picture, below))

    def place_curves(self, above: View, curves: View, below: View) -> None:
        """Place the curves at the right, and panels of equal room below them."""
        stack = QVBoxLayout(self.right)
        stack.setContentsMargins(1, 0, 0, 0)
        stack.setSpacing(0)
        stack.addWidget(above)
        stack.addWidget(curves, 1)
        stack.addWidget(rule())
        stack.addWidget(below, 1)
        self.grid.addWidget(self.right, 1, 3)
        self._take((above, curves, below))

    def widen_right(self, wide: bool) -> None:
        """Give the right column twice the room of the picture, or its own again."""
        self.grid.setColumnStretch(COLUMNS - 1, 2 if wide else 0)

    def place_over(self, view: View) -> None:
        """Place a view over settings, picture and curves."""
        self.grid.addWidget(view, 1, 0, 1, COLUMNS)

    def _take(self, views: Sequence[View]) -> None:
        for view in views:
            self._views.add(view)
