"""The star setting, large, and the two keys that change it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from app.export.lettering import fitting_size, width, write
from app.presenter import lettering

if TYPE_CHECKING:
    from app.theme.palette import Theme

SYMBOL = 3  # letters at most: a longer name is a word
SYMBOL_SHARE, SMALL_SYMBOL = 0.75, 0.5  # size of a symbol; of one beside a long value
WORD_SHARE, WORD_ROOM = 0.36, 0.4  # size of a word, and its room
WORD_VALUE = 0.8  # size of a value below a long word
TIGHT_STAR = 3.2  # size where there is little height, in units
KEYS, TIGHT_KEYS = 2.8, 4.8  # room for keys: one above the other, or side by side
KEY, APART, ROUND = 1.9, 2.2, 0.35  # size of a key, from one to the next, its corners
BELOW, BELOW_KEYS = 1.04, 0.5  # air, in units


@dataclass(frozen=True, slots=True)
class Readout:
    """Paints name and value of a setting, in units of `u` pixels.

    A setting that has just changed is `lit`; where it is `tight`, all is lower.
    """

    theme: Theme
    u: float
    lit: bool
    tight: bool

    def paint(
        self, painter: QPainter, star: tuple[str, str], room: QRectF
    ) -> tuple[float, float]:
        """Paint at the top of a room; return where the text ends, and the keys."""
        name, value = star
        if not name:
            return room.top(), room.top()
        u, theme = self.u, self.theme
        px = (TIGHT_STAR if self.tight else lettering.STAR) * u
        cut = room.right() - (TIGHT_KEYS if self.tight else KEYS) * u
        base = room.top() + 0.82 * px
        small = self._name_size(name, value, px, cut - room.left())
        if len(name) <= SYMBOL or width(name, small) < WORD_ROOM * room.width():
            at = QPointF(room.left(), base)
            left = room.left() + write(painter, at, name, small, theme.text) + u
        else:
            px *= WORD_VALUE
            small = fitting_size(name, lettering.VALUE * u, lettering.BODY * u, 9 * u)
            at = QPointF(room.left(), room.top() + small)
            write(painter, at, name, small, theme.text, strong=True, room=room.width())
            base, left = room.top() + small + px, room.left()
        size = fitting_size(value, px, lettering.VALUE * u, cut - left)
        accent = lettering.legible(theme.accent, theme.canvas)
        colour = accent if self.lit else theme.text
        at, rest = QPointF(left, base), cut - left
        write(painter, at, value, size, colour, strong=True, room=rest)
        middle = max(base - 0.35 * px, room.top() + self._keys_height / 2 + 0.15 * u)
        self._paint_keys(painter, QPointF(room.right() - 0.1 * u, middle))
        return base + BELOW * u, middle + self._keys_height / 2 + BELOW_KEYS * u

    def _name_size(self, name: str, value: str, px: float, room: float) -> float:
        if len(name) > SYMBOL:
            return WORD_SHARE * px
        needed = width(name, SYMBOL_SHARE * px) + width(value, px, strong=True)
        return (SYMBOL_SHARE if needed + self.u < room else SMALL_SYMBOL) * px

    @property
    def _keys_height(self) -> float:
        return (KEY if self.tight else KEY + APART) * self.u

    def _paint_keys(self, painter: QPainter, at: QPointF) -> None:
        """Paint two keys left of a place, around its height."""
        u, theme = self.u, self.theme
        ink = lettering.legible(theme.accent, theme.canvas)
        pen = QPen(QColor(ink), lettering.line_width(u) * 0.75)
        for sign in (-1, 1):
            across = -APART * u if self.tight and sign < 0 else 0.0
            down = 0.0 if self.tight else sign * APART * u / 2
            corner = at + QPointF(across - KEY * u, down - KEY * u / 2)
            box = QRectF(corner.x(), corner.y(), KEY * u, KEY * u)
            painter.setPen(pen)
            painter.setBrush(QColor(theme.raised))
            painter.drawRoundedRect(box, ROUND * u, ROUND * u)
            c, s = box.center(), 0.35 * u
            tip = QPointF(c.x(), c.y() + sign * s * 0.6)
            for side in (-1, 1):
                end = QPointF(c.x() + side * s, c.y() - sign * s * 0.6)
                painter.drawLine(end, tip)
