"""The widgets of a diagram on screen: its cells, and the tokens of one run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from app.diagrams.painter import Shown, cells_box, paint_diagram, place_at
from app.labs.ink import Ink

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

    from app.theme.palette import Theme
    from sim.array_types import Floats
    from sim.sweeps.diagram import Place

LETTER_PX = 12.5  # at scale 1
EMPTY = "Choose two axes and a measure, then press Start."
CHOOSE = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
STEPS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
PLANE = 2  # dimensions of a thumbnail


class DiagramView(QWidget):
    """Draws the diagram that it was given last.

    With the keyboard, arrows move between cells and Enter chooses one.
    """

    hovered = Signal(object)
    """The column and the row of the cell under the mouse, or None."""
    clicked = Signal(object)
    """Those of the cell that was clicked."""

    def __init__(self, theme: Theme, scale: float) -> None:
        super().__init__()
        self._theme, self._letter = theme, scale * LETTER_PX
        self._shown: Shown | None = None
        self._marked: Place | None = None
        self.setMouseTracking(True)
        self.setMinimumSize(360, 280)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Phase diagram")

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of another theme, and another size of letters."""
        self._theme, self._letter = theme, scale * LETTER_PX
        self.update()

    def show_diagram(self, shown: Shown | None) -> None:
        """Draw `shown`; without one, say what to do."""
        self._shown = shown
        self.update()

    def mark(self, place: Place | None) -> None:
        """Frame a cell."""
        self._marked = place
        self.update()

    def _box(self) -> QRectF:
        return QRectF(self.rect()).adjusted(6, 6, -6, -6)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the diagram and the frame of a cell."""
        p, ink = QPainter(self), Ink(self._theme, self._letter)
        try:
            p.setRenderHint(QPainter.RenderHint.Antialiasing)
            p.fillRect(self.rect(), QColor(self._theme.canvas))
            if self._shown is None:
                middle = self.rect().center().toTuple()
                ink.text(p, EMPTY, middle, self._theme.muted, align=0.5)  # pyright: ignore
                return
            paint_diagram(p, self._shown, self._box(), ink)
            if self._marked is not None:
                cell = self._cell(self._shown, self._marked, ink)
                for colour, width in (
                    (self._theme.canvas, 0.4),
                    (self._theme.text, 0.14),
                ):
                    p.setPen(ink.pen(colour, width))
                    p.drawRect(cell)
        finally:
            p.end()

    def _cell(self, shown: Shown, place: Place, ink: Ink) -> QRectF:
        cells, (rows, columns) = cells_box(self._box(), ink), shown.means.shape
        wide, high = cells.width() / columns, cells.height() / rows
        i, j = place
        return QRectF(
            cells.left() + i * wide, cells.bottom() - (j + 1) * high, wide, high
        )

    def _place(self, at: QPointF) -> Place | None:
        if self._shown is None:
            return None
        ink = Ink(self._theme, self._letter)
        return place_at(self._shown, self._box(), ink, at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Say which cell the mouse is on."""
        self.hovered.emit(self._place(event.position()))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Say that it is on none."""
        self.hovered.emit(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose the cell that is clicked."""
        place = self._place(event.position())
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Go to the cell beside, or choose the one in hand."""
        step, marked = STEPS.get(event.key()), self._marked
        if self._shown is None or (step is None and event.key() not in CHOOSE):
            super().keyPressEvent(event)
        elif step is None:
            if marked is not None:
                self.clicked.emit(marked)
        else:
            rows, columns = self._shown.means.shape
            i, j = (0, 0) if marked is None else np.add(marked, step).tolist()
            place = min(max(i, 0), columns - 1), min(max(j, 0), rows - 1)
            self.hovered.emit(place)


class Thumbnail(QWidget):
    """The tokens of one run on the plane of their two largest spreads."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._points: Floats | None = None
        self.setMinimumSize(120, 100)
        self.setAccessibleName("Tokens of one run")

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.update()

    @property
    def known(self) -> bool:
        """Whether tokens are on show."""
        return self._points is not None

    def show_tokens(self, x: Floats | None) -> None:
        """Draw tokens x, (n, d); None for an empty circle."""
        self._points = None if x is None else flattened(x)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the circle and the tokens."""
        p = QPainter(self)
        try:
            p.setRenderHint(QPainter.RenderHint.Antialiasing)
            side = min(self.width(), self.height()) - 12.0
            middle = QPointF(self.width() / 2, self.height() / 2)
            p.setPen(QColor(self._theme.muted))
            p.drawEllipse(middle, side / 2, side / 2)
            if self._points is None:
                return
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(QColor(self._theme.accent))
            size = max(1.0, float(np.abs(self._points).max(initial=0.0)))
            for a, b in (side / 2 / size * self._points).tolist():
                p.drawEllipse(QPointF(middle.x() + a, middle.y() - b), 3.2, 3.2)
        finally:
            p.end()


def flattened(x: Floats) -> Floats:
    """Return tokens on the plane of their two largest spreads: (n, d) -> (n, 2)."""
    if x.shape[1] == PLANE:
        return x
    _, _, axes = np.linalg.svd(x, full_matrices=False)
    found = x @ axes[:PLANE].T
    return found if found.shape[1] == PLANE else np.pad(found, ((0, 0), (0, 1)))
