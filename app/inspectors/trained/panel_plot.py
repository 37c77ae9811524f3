"""Plots of a page, drawn by the painter of figures in the colours of the theme."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QFontInfo, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

from app.annotations.number_format import general
from app.figures.parts import Points, Rule
from app.figures.plot_painter import PlotPainter
from app.figures.rich_text import PT
from app.figures.style import SMALL_PT, FigureStyle
from app.widgets.font_sizes import small_font

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from app.figures.figure import PlotPanel
    from app.figures.parts import Column
    from app.theme.palette import Theme

GAP = 300.0  # hundredths of a millimetre, between plots
LEAST = 600.0  # of a plot's axes
BESIDE = 1.2  # width over height, from which planes stand side by side
REACH_PX = 12.0  # within which the mouse is at a point


class PanelPlot(QWidget):
    """Draws panels one below the other; the mouse reads the numbers off.

    Row k of a panel's data belongs to the k-th point of each of its parts, or where it
    has curves alone to the k-th value of x.
    """

    picked = Signal(float)
    """The x of a click."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._panels: tuple[PlotPanel, ...] = ()
        self._now: float | None = None
        self._beside = False
        self._painters: list[PlotPainter] = []
        self.setMouseTracking(True)
        self.setMinimumSize(160, 100)
        self.setAccessibleName(name)

    @property
    def panels(self) -> tuple[PlotPanel, ...]:
        """What is drawn."""
        return self._panels

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`, for axes and letters."""
        self._theme = theme
        self.update()

    def show_panels(
        self, panels: tuple[PlotPanel, ...], now: float | None = None
    ) -> None:
        """Draw panels, with a line at the x `now`."""
        self._panels, self._now = panels, now
        self.update()

    @property
    def _unit(self) -> float:
        """Pixels of a hundredth of a millimetre, by the size of small letters."""
        return QFontInfo(small_font(self)).pixelSize() / (SMALL_PT * PT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the panels."""
        p, unit = QPainter(self), self._unit
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.scale(unit, unit)
        self._lay_out(self.width() / unit, self.height() / unit)
        inset = max((painter.inset for painter in self._painters), default=0.0)
        left = top = 0.0
        for painter in self._painters:
            high = painter.draw(p, left, top, inset) + GAP
            if self._beside:
                left += self.width() / unit / len(self._painters)
            else:
                top += high
        p.end()

    def _lay_out(self, wide: float, high: float) -> None:
        """Divide the height among the panels, by their heights.

        Planes share the width instead, where the widget is wide.
        """
        planes = all(panel.equal for panel in self._panels)
        self._beside = planes and len(self._panels) > 1 and wide > BESIDE * high
        style = FigureStyle(wide, theme=self._theme)
        panels = [self._with_now(panel) for panel in self._panels]
        around = [PlotPainter(panel, style).around for panel in panels]
        if self._beside:
            self._painters = [
                PlotPainter(
                    panel,
                    FigureStyle((k + 1) * wide / len(panels), theme=self._theme),
                    max(high - around[k], LEAST),
                )
                for k, panel in enumerate(panels)
            ]
            return
        room = high - sum(around) - GAP * max(len(panels) - 1, 0)
        total = sum(panel.height for panel in panels)
        self._painters = [
            PlotPainter(panel, style, max(room * panel.height / total, LEAST))
            for panel in panels
        ]

    def _with_now(self, panel: PlotPanel) -> PlotPanel:
        low, high = panel.x.span
        if self._now is None or not low <= self._now <= high:
            return panel
        return replace(
            panel, rules=(*panel.rules, Rule(self._now, "", self._theme.muted))
        )

    def row_at(self, at: QPointF) -> tuple[int, int] | None:
        """Return the panel and the row of its data at a position, if one is near."""
        place = at / self._unit
        for k, painter in enumerate(self._painters):
            box = painter.box
            if box.adjusted(-GAP, -GAP, GAP, GAP).contains(place):
                row = _row(self._panels[k], painter, place, REACH_PX / self._unit)
                return None if row is None else (k, row)
        return None

    def text_at(self, at: QPointF) -> str:
        """Return the numbers of the row at a position, a line each."""
        found = self.row_at(at)
        if found is None:
            return ""
        columns = self._panels[found[0]].data
        return "\n".join(f"{c.heading}: {_cell(c, found[1])}" for c in columns)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Say what is under the mouse."""
        text = self.text_at(event.position())
        QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Hide the tooltip."""
        super().leaveEvent(event)
        QToolTip.hideText()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Report the x of the row at the mouse."""
        found = self.row_at(event.position())
        values = () if found is None else self._panels[found[0]].data[0].values
        if found is not None and not isinstance(values[found[1]], str):
            self.picked.emit(float(values[found[1]]))


def _row(
    panel: PlotPanel, painter: PlotPainter, at: QPointF, reach: float
) -> int | None:
    """Return the row of the point near a place, or of the nearest x of curves."""
    points = [part for part in panel.parts if isinstance(part, Points)]
    if points:
        x = np.concatenate([part.x for part in points])
        y = np.concatenate([part.y for part in points])
        across = np.array([painter.at_x(v) for v in x.tolist()]) - at.x()
        down = np.array([painter.at_y(v) for v in y.tolist()]) - at.y()
        away = np.hypot(across, down)
        row = int(away.argmin())
        return row % len(panel.data[0].values) if away[row] <= reach else None
    values = np.asarray(panel.data[0].values, float)
    places = np.array([painter.at_x(v) for v in values.tolist()])
    return int(np.abs(places - at.x()).argmin())


def _cell(column: Column, row: int) -> str:
    value = column.values[row]
    return value if isinstance(value, str) else general(float(value), 4)
