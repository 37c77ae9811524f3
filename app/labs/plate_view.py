"""The widget that shows a plate: a title, what it is about, and the plate below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

from app.labs.ink import SMALL, Ink
from app.labs.paging import paged, part_of
from app.labs.plate_painter import BOLD, paint_plate, places, value_text

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QWheelEvent

    from app.labs.paging import Page
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
    """Draws the plate that it was given last.

    In a presentation letters do not shrink: what does not fit is on further pages.
    """

    turned = Signal(object)
    """The panels that are seen now, by their numbers from 0; empty for all."""
    wheel_turned = Signal(int)
    """The wheel was turned up (1) or down (−1) in a presentation."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._scale = theme, 1.0
        self._title, self._words = "", ""
        self._plate: Plate | None = None
        self._outdated = False
        self._alone: int | None = None
        self._hall, self._titled = False, True
        self._first: Page = ()
        self._page, self._star = 0, ""
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
            self._page = 0
        self._title, self._words = title, words
        self.update()

    def show_plate(self, plate: Plate) -> None:
        """Show `plate`."""
        self._plate, self._outdated = plate, False
        self.setAccessibleDescription(" ".join(panel.title for panel in plate.panels))
        self.update()

    def present(self, hall: bool) -> None:
        """Let no letter be small, or fit all panels."""
        self._hall = hall
        self.update()

    def show_untitled(self, untitled: bool) -> None:
        """Leave the title out of a presentation, where a lesson has one, or not."""
        self._titled = not untitled
        self.update()

    def show_first(self, panels: Page) -> None:
        """Begin with panels, by their numbers from 0; then come the others."""
        self._first, self._page, self._alone = panels, 0, None
        self.update()

    def show_star(self, text: str) -> None:
        """Show the setting that the arrows up and down change in a presentation."""
        self._star = text
        self.update()

    @property
    def pages(self) -> list[Page]:
        """The numbers of the panels on every page; one page outside a presentation."""
        if self._plate is None:
            return []
        if not self._hall:
            return [tuple(range(len(self._plate.panels)))]
        ink = self.ink
        return paged(self._plate, self._inside(ink), ink, self._first)

    @property
    def on_show(self) -> Page:
        """The numbers of the panels that are seen, from 0."""
        if self._alone is not None:
            return (self._alone,)
        pages = self.pages
        return pages[min(self._page, len(pages) - 1)] if pages else ()

    def fade(self) -> None:
        """Show that the plate does not belong to the settings in force."""
        self._outdated = True
        self.update()

    @property
    def ink(self) -> Ink:
        """Colours and letters at the present size."""
        letter = max(self._scale * LETTER_PX, self.height() / LINES)
        if self._hall:
            letter = self._scale * LETTER_PX / SMALL  # so that numbers are large, too
        return Ink(self._theme, letter, self._hall)

    def _inside(self, ink: Ink) -> QRectF:
        side = MARGIN * ink.letter
        box = QRectF(self.rect()).adjusted(side, side, -side, -side)
        box.setTop(box.top() + self._head_lines(box, ink)[1])
        return box

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Enlarge the panel that is clicked, or show all again."""
        if self._plate is None or event.button() != Qt.MouseButton.LeftButton:
            return
        ink, page = self.ink, self.on_show
        found = places(part_of(self._plate, page), self._inside(ink), ink)
        at = event.position()
        here = [k for k, box in zip(page, found, strict=True) if box.contains(at)]
        alone = here[0] if here and self._alone is None else None
        self.enlarge(alone)

    def enlarge(self, panel: int | None) -> None:
        """Show one panel large, by its number; None shows all of them."""
        self._alone = panel
        self.update()
        all_shown = panel is None and not self._hall
        self.turned.emit(() if all_shown else self.on_show)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Go from panel to panel with the arrows, each large; before the first, all.

        In a presentation, from page to page.
        """
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if self._plate is None or not by:
            super().keyPressEvent(event)
            return
        if self._hall:
            self._page = (self._page + by) % len(self.pages)
            self.enlarge(None)
            return
        count = len(self._plate.panels) + 1
        here = 0 if self._alone is None else self._alone + 1
        after = (here + by) % count
        self.enlarge(after - 1 if after else None)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Say which way the wheel was turned."""
        turned = event.angleDelta().y()
        if self._hall and turned:
            self.wheel_turned.emit(1 if turned > 0 else -1)
        else:
            super().wheelEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Show the number under the mouse, where a panel has one there."""
        text = self.text_at(event.position())
        QToolTip.showText(event.globalPosition().toPoint(), text or HINT, self)

    def text_at(self, at: QPointF) -> str:
        """Return what a panel shows at a position of the widget."""
        if self._plate is None:
            return ""
        ink = self.ink
        part = part_of(self._plate, self.on_show)
        found = places(part, self._inside(ink), ink)
        for panel, box in zip(part.panels, found, strict=True):
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
                part = part_of(self._plate, self.on_show)
                paint_plate(p, part, self._inside(ink), ink)
        finally:
            p.end()

    def _head_lines(self, box: QRectF, ink: Ink) -> tuple[list[str], float]:
        """Return the words in lines, none if letters are large; and the height."""
        lines = ink.broken(self._words, box.width())
        if len(lines) > MAX_WORDS or self._hall:
            lines = []
        if self._hall and not self._titled:
            return lines, ink.line
        return lines, (TITLE + len(lines)) * ink.line + 0.8 * ink.letter

    def _paint_head(self, p: QPainter, ink: Ink) -> None:
        side = MARGIN * ink.letter
        box = QRectF(self.rect()).adjusted(side, side, -side, -side)
        used = self._paint_aside(p, ink, box) if self._hall else 0.0
        if self._hall and not self._titled:
            return
        room = BOLD * (box.width() - used)
        size = room / max(ink.width(self._title, strong=True), 1.0)
        size = max(min(size, TITLE), ink.least(0.0))
        at = (box.left(), box.top() + TITLE * ink.line / 2)
        title = self._title
        if self._hall and size < TITLE:
            title = ink.fitting(title, room, size)
        ink.text(p, title, at, size=size, strong=True)
        y = box.top() + TITLE * ink.line
        for line in self._head_lines(box, ink)[0]:
            ink.text(p, line, (box.left(), y + ink.line / 2), self._theme.muted)
            y += ink.line

    def _paint_aside(self, p: QPainter, ink: Ink, box: QRectF) -> float:
        """Say which page it is and what the star setting is; return the room taken."""
        pages = self.pages
        texts = [f"{self._star} ↑↓"] if self._star else []
        if len(pages) > 1:
            texts.append(f"{min(self._page, len(pages) - 1) + 1} of {len(pages)} ←→")
        text, high = "   ".join(texts), TITLE if self._titled else 1.0
        at = (box.right(), box.top() + high * ink.line / 2)
        ink.text(p, text, at, self._theme.muted, size=SMALL, align=1.0)
        return ink.width(text, SMALL) + ink.letter if text else 0.0
