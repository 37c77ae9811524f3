"""Text in lines of one width: hats stand above capitals, equations stay whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetricsF, QTextLayout, QTextOption

from app.annotations.hat import HAT_RISE, put_hat, split

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QPainter

WHOLE = (" = ", " < ", " > ", " · ", "→  ")  # no line ends here
LINE_BREAK, NO_BREAK = "\u2028", "\u00a0"


class WrappedText:
    """Text that is laid out in lines.

    Parameters
    ----------
    text : str
        Paragraphs begin in new lines.
    font : QFont
        Its font.
    room : float
        The width of the lines in pixels.
    """

    def __init__(self, text: str, font: QFont, room: float) -> None:
        for sign in WHOLE:
            text = text.replace(sign, sign.replace(" ", NO_BREAK))
        bare, self._hats = split(text.replace("\n", LINE_BREAK))
        self._font, self._bare = font, bare
        self._layout = QTextLayout(bare, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout.setTextOption(option)
        self._layout.beginLayout()
        self.height = 0.0
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(room)
            line.setPosition(QPointF(0.0, self.height))
            self.height += line.height()
        self._layout.endLayout()

    @property
    def lines(self) -> list[str]:
        """The text of every line."""
        found = (self._layout.lineAt(k) for k in range(self._layout.lineCount()))
        ends = ((line.textStart(), line.textLength()) for line in found)
        return [self._bare[at : at + count].strip() for at, count in ends]

    def paint(self, p: QPainter, at: QPointF) -> None:
        """Paint all lines below a place, with the pen that is set."""
        self._layout.draw(p, at)
        metrics = QFontMetricsF(self._font)
        p.setFont(self._font)
        for k in self._hats:
            line = self._layout.lineForTextPosition(k)
            left: Any = line.cursorToX(k)
            corner = at + QPointF(left[0], line.y() + line.ascent())
            wide = metrics.horizontalAdvance(self._bare[k])
            put_hat(p, self._font, corner, wide, HAT_RISE)
