"""The widget that shows a plate: a title, what it is about, and the plate below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

from app.labs.ink import Ink
from app.labs.plate_painter import paint_plate, places, value_text

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

    from app.theme.palette import Theme
    from sim.plate import Plate

LETTER_PX = 12.5  # at scale 1, at least
LINES = 52.0  # a higher window has larger letters: its height in letters
TITLE = 1.3  # size of the title, in letters
MARGIN = 1.3  # around everything, in letters
MAX_WORDS = 1  # lines below the title; longer words are left out
HINT = "Click a panel to enlarge it; the arrows go from panel to panel."
OUTDATED = 0.35  # opacity of a plate that does not belong to the settings


class PlateView(QWidget):
    """Draws the plate that it was given last."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._scale = theme, 1.0
        self._title, self._words = "", ""
        self._plate: Plate | None = None
        self._outdated = False
        self._alone: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 180)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`, and letters `scale` times as large."""
        self._theme, self._scale = theme, scale
        self.update()

    def show_title(self, title: str, words: str) -> None:
        """Show what the plate is of, without one until it comes."""
        if title != self._title:
            self._plate = self._alone = None
        self._title, self._words = title, words
        self.update()

    def show_plate(self, plate: Plate) -> None:
        """Show `plate`."""
        self._plate, self._outdated = plate, False
        self.setAccessibleDescription(" ".join(panel.title for panel in plate.panels))
        self.update()

    def fade(self) -> None:
        """Show that the plate does not belong to the settings in force."""
        self._outdated = True
        self.update()

    @property
    def ink(self) -> Ink:
        """Colours and letters at the present size."""
        letter = max(self._scale * LETTER_PX, self.height() / LINES)
        return Ink(self._theme, letter)

    def _inside(self, ink: Ink) -> QRectF:
        side = MARGIN * ink.letter
        box = QRectF(self.rect()).adjusted(side, side, -side, -side)
        box.setTop(box.top() + self._head_lines(box, ink)[1])
        return box

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Enlarge the panel that is clicked, or show all again."""
        if self._plate is None or event.button() != Qt.MouseButton.LeftButton:
            return
        ink = self.ink
        found = places(self._plate, self._inside(ink), ink)
        here = [k for k, box in enumerate(found) if box.contains(event.position())]
        alone = here[0] if here and self._alone is None else None
        self.enlarge(alone)

    def enlarge(self, panel: int | None) -> None:
        """Show one panel large, by its number; None shows all of them."""
        self._alone = panel
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Go from panel to panel with the arrows, each large; before the first, all."""
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if self._plate is None or not by:
            super().keyPressEvent(event)
            return
        count = len(self._plate.panels) + 1
        here = 0 if self._alone is None else self._alone + 1
        after = (here + by) % count
        self.enlarge(after - 1 if after else None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Show the number under the mouse, where a panel has one there."""
        text = self.text_at(event.position())
        QToolTip.showText(event.globalPosition().toPoint(), text or HINT, self)

    def text_at(self, at: QPointF) -> str:
        """Return what a panel shows at a position of the widget."""
        if self._plate is None:
            return ""
        ink = self.ink
        found = places(self._plate, self._inside(ink), ink, self._alone)
        for panel, box in zip(self._plate.panels, found, strict=True):
            if box.contains(at):
                return value_text(panel, box, ink, at)
        return ""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw title, words and plate."""
        p, ink = QPainter(self), self.ink
        try:
            p.fillRect(self.rect(), QColor(self._theme.canvas))
            p.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_head(p, ink)
            if self._plate is not None:
                p.setOpacity(OUTDATED if self._outdated else 1.0)
                paint_plate(p, self._plate, self._inside(ink), ink, self._alone)
        finally:
            p.end()

    def _head_lines(self, box: QRectF, ink: Ink) -> tuple[list[str], float]:
        """Return the words in lines, none if letters are large; and the height."""
        lines = ink.broken(self._words, box.width())
        if len(lines) > MAX_WORDS:
            lines = []
        return lines, (TITLE + len(lines)) * ink.line + 0.8 * ink.letter

    def _paint_head(self, p: QPainter, ink: Ink) -> None:
        side = MARGIN * ink.letter
        box = QRectF(self.rect()).adjusted(side, side, -side, -side)
        size = box.width() / max(ink.width(self._title, strong=True), 1.0)
        at = (box.left(), box.top() + TITLE * ink.line / 2)
        ink.text(p, self._title, at, size=min(size, TITLE), strong=True)
        y = box.top() + TITLE * ink.line
        for line in self._head_lines(box, ink)[0]:
            ink.text(p, line, (box.left(), y + ink.line / 2), self._theme.muted)
            y += ink.line
