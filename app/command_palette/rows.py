"""Draws the entries of the palette: name with typed letters, kind and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.theme import fonts
from app.theme.palette import DARK, mix

if TYPE_CHECKING:
    from app.command_palette.entries import Entry
    from app.command_palette.matching import Fit
    from app.theme.palette import Theme

ENTRY, FIT = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
# Pixels at scale 1.
ROW_HEIGHT, SIDE, GAP = 32, 12, 12
KEY_PADDING, KEY_RADIUS = 7, 4

Index = QModelIndex | QPersistentModelIndex


class EntryDelegate(QStyledItemDelegate):
    """Draws one entry in a row."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme: Theme = DARK
        self.scale = 1.0

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Return the height of a row."""
        return QSize(100, round(ROW_HEIGHT * self.scale))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Draw ground, name, kind and keys."""
        entry: Entry = index.data(ENTRY)
        here: Fit = index.data(FIT)
        row: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(mix(self.theme.raised, self.theme.accent, 0.18)))
            painter.drawRoundedRect(row.adjusted(4, 1, -4, -1), 6, 6)
        side = round(SIDE * self.scale)
        inside = row.adjusted(side, 0, -side, 0)
        small = fonts.font(fonts.SMALL_PT * self.scale)
        inside.setRight(self._keys(painter, inside, entry.keys, small))
        inside.setRight(self._kind(painter, inside, entry.kind, small))
        self._name(painter, inside, entry.text, here.letters)
        painter.restore()

    def _keys(self, painter: QPainter, room: QRect, keys: str, font: QFont) -> int:
        """Draw the keys at the right; return where they begin."""
        if not keys:
            return room.right()
        painter.setFont(font)
        metrics = QFontMetrics(font)
        wide = metrics.horizontalAdvance(keys) + round(2 * KEY_PADDING * self.scale)
        high = metrics.height() + 4
        box = QRectF(room.right() - wide, room.center().y() - high / 2, wide, high)
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.setBrush(QColor(self.theme.panel))
        painter.drawRoundedRect(box, KEY_RADIUS, KEY_RADIUS)
        painter.setPen(QColor(self.theme.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, keys)
        return round(box.left()) - GAP

    def _kind(self, painter: QPainter, room: QRect, kind: str, font: QFont) -> int:
        """Draw what an entry is, at the right; return where that begins."""
        painter.setFont(font)
        painter.setPen(QColor(self.theme.muted))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, int(right), kind)
        return room.right() - QFontMetrics(font).horizontalAdvance(kind) - GAP

    def _name(
        self, painter: QPainter, room: QRect, text: str, letters: frozenset[int]
    ) -> None:
        """Draw a name; letters that were typed stand out."""
        plain = fonts.font(fonts.BODY_PT * self.scale)
        strong = fonts.font(fonts.BODY_PT * self.scale, QFont.Weight.DemiBold)
        metrics = QFontMetrics(strong)
        elide = Qt.TextElideMode.ElideRight
        shown, left = metrics.elidedText(text, elide, room.width()), room.left()
        middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for part, typed in _parts(shown, letters):
            font = strong if typed else plain
            painter.setFont(font)
            painter.setPen(QColor(self.theme.accent if typed else self.theme.text))
            place = QRect(left, room.top(), room.right() - left + 1, room.height())
            painter.drawText(place, int(middle), part)
            left += QFontMetrics(font).horizontalAdvance(part)


def _parts(text: str, letters: frozenset[int]) -> list[tuple[str, bool]]:
    """Return a text in pieces, and whether each was typed."""
    out: list[tuple[str, bool]] = []
    for k, letter in enumerate(text):
        typed = k in letters
        if out and out[-1][1] == typed:
            out[-1] = (out[-1][0] + letter, typed)
        else:
            out.append((letter, typed))
    return out
