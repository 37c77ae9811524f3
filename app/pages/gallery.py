"""The presets as cards with a picture: open one with a click or by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.pages.cards import CARD_WIDTH, Card, shipped_presets

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from app.theme.palette import Theme

CARD_GAP = 16  # pixels between cards
MAX_COLUMNS = 4  # cards in a line


class Gallery(QDialog):
    """All presets; type to look for one, the arrows go from card to card."""

    opened = Signal(object)
    """The path of the preset that was chosen."""
    labs_requested = Signal()

    def __init__(self, theme: Theme, scale: float, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Gallery")
        self._scale, self._columns = scale, 1
        self._cards = [Card(p, theme, scale) for p in shipped_presets()]
        for card in self._cards:
            card.clicked.connect(self._open)
        self._search = QLineEdit()
        self._search.setPlaceholderText("Search titles, notes, subjects")
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._refresh)
        head = QHBoxLayout()
        title = QLabel("Gallery")
        title.setProperty("role", "head")
        head.addWidget(title)
        labs = QPushButton("Labs")
        labs.setToolTip("Small computations that explain attention.")
        labs.clicked.connect(self.labs_requested)
        labs.clicked.connect(self.accept)
        labs.setAutoDefault(False)
        head.addStretch(1)
        head.addWidget(labs)
        head.addWidget(self._search)
        self._empty = QLabel()
        self._empty.setProperty("role", "muted")
        self._empty.setWordWrap(True)
        self._heads = {c.preset.subject: QLabel(c.preset.subject) for c in self._cards}
        for label in self._heads.values():
            label.setProperty("role", "title")
        self._page = QWidget()
        self._page.setObjectName("page")
        self._grid = QGridLayout(self._page)
        self._grid.setContentsMargins(4, 4, 4, 4)
        self._grid.setSpacing(CARD_GAP)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self._page)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(20, 16, 12, 16)
        stack.setSpacing(12)
        stack.addLayout(head)
        stack.addWidget(self._empty)
        stack.addWidget(scroll, 1)
        self._search.setMinimumWidth(round(240 * scale))
        room = parent.size()
        self.resize(self._wanted(room))
        self._refresh()
        self._search.setFocus()

    def _wanted(self, room: QSize) -> QSize:
        step = round((CARD_WIDTH + CARD_GAP) * self._scale)
        across = min(
            4,
            max(1, (room.width() - 80) // round((CARD_WIDTH + CARD_GAP) * self._scale)),
        )
        wide = across * step + 60
        return QSize(wide, min(room.height() - 60, round(820 * self._scale)))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Put as many cards in a line as there is room for."""
        super().resizeEvent(event)
        self._refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Go from card to card with the arrows."""
        keys = Qt.Key
        by = {
            keys.Key_Left: -1,
            keys.Key_Right: 1,
            keys.Key_Up: -self._columns,
            keys.Key_Down: self._columns,
        }.get(keys(event.key()))
        shown = self._shown()
        if event.key() in (keys.Key_Return, keys.Key_Enter) and shown:
            focused = [c for c in shown if c.hasFocus()]
            (focused or shown)[0].click()
        elif by is not None and shown:
            here = next((k for k, c in enumerate(shown) if c.hasFocus()), -by)
            shown[min(max(here + by, 0), len(shown) - 1)].setFocus()
        else:
            super().keyPressEvent(event)

    def _shown(self) -> list[Card]:
        wanted = self._search.text().lower().split()
        return [c for c in self._cards if all(w in c.preset.words for w in wanted)]

    def _refresh(self) -> None:
        step = round((CARD_WIDTH + CARD_GAP) * self._scale)
        self._columns = max(1, (self.width() - 48) // step)
        shown = self._shown()
        for part in (*self._cards, *self._heads.values()):
            self._grid.removeWidget(part)
            part.setParent(self._page)
            part.setVisible(part in shown)
        row, column, subject = -1, 0, ""
        for card in shown:
            if card.preset.subject != subject:
                subject, row, column = card.preset.subject, row + 2, 0
                self._grid.addWidget(self._heads[subject], row - 1, 0, 1, self._columns)
                self._heads[subject].show()
            elif column == self._columns:
                row, column = row + 1, 0
            self._grid.addWidget(card, row, column)
            column += 1
        self._empty.setVisible(not shown)
        self._empty.setText(
            f"No preset has “{self._search.text().strip()}” in its title, note, "
            "subject or reference. Try a shorter word, or clear the search."
        )
        for last in range(self._grid.rowCount()):
            self._grid.setRowStretch(last, 0)
        self._grid.setRowStretch(2 * len(self._cards), 1)
        self._grid.setColumnStretch(len(self._cards) + 1, 1)

    def _open(self) -> None:
        card = self.sender()
        if isinstance(card, Card):
            self.opened.emit(card.preset.path)
            self.accept()
