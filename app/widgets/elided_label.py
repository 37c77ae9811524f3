"""A line of text that is cut with an ellipsis where there is no room."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.annotations.hat import split
from app.widgets import hats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

EQUALS = "\u00a0=\u00a0"  # where no line ends
IN_BRACKETS = re.compile(r"[^,(]+ \((\w+)\)")  # the short form of a name


class ElidedLabel(QLabel):
    """A label that may be narrower than its text."""

    def __init__(
        self,
        text: str = "",
        role: str = "",
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setProperty("role", role)
        self.setAlignment(align | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._forms = ("",)

    def show_forms(self, *forms: str) -> None:
        """Show the first of `forms`; where it has no room, the first that has."""
        self._forms = forms
        self.setText(forms[0])

    def form(self, room: int) -> str:
        """Return the form of the text for so many pixels; it may have to be cut."""
        text = self.text()
        if text != self._forms[0]:
            return text
        metrics = self.fontMetrics()
        fit = (f for f in self._forms if metrics.horizontalAdvance(split(f)[0]) <= room)
        return next(fit, self._forms[-1])

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return room for an ellipsis."""
        least = self.fontMetrics().horizontalAdvance("…")
        return QSize(
            min(least, super().sizeHint().width()), super().sizeHint().height()
        )

    def fitting(self, text: str, room: int) -> str:
        """Return as much of `text` as fits into so many pixels."""
        metrics = self.fontMetrics()
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw as much of the text as there is room for; all, if it is wrapped."""
        room = self.contentsRect()
        if self.wordWrap():
            super().paintEvent(event)
            return
        bare, hatted = split(self.form(room.width()))
        shown = self.fitting(bare, room.width())
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(room, int(self.alignment()), shown)
        there = [k for k in hatted if shown[: k + 1] == bare[: k + 1]]
        hats.paint(painter, QRectF(room), shown, there, self.font())
        painter.end()


class ValueLabel(ElidedLabel):
    """A line that ends with a value, which stays where the middle has no room."""

    def fitting(self, text: str, room: int) -> str:
        """Return the beginning and the end of `text` that fit into so many pixels.

        Numbers of tokens are first left without the word.
        """
        metrics = self.fontMetrics()
        if metrics.horizontalAdvance(text) > room:
            text = text.replace("token ", "")
        return metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room)


class LinesLabel(ElidedLabel):
    """A text that goes on in a second or third line, where it has the height for it."""

    def lines(self, room: int) -> tuple[str, ...]:
        """Return the text in lines of so many pixels, if it can be.

        A text that has no room in two lines has names by their short forms, such as SA
        for Softmax attention (SA).
        """
        whole = self.text()
        brief = IN_BRACKETS.sub(r"\1", whole)
        for text, most in ((whole, 2), (brief, 2), (brief, 3)):
            found = self._broken(text, room, most)
            if all(self._advance(line) <= room for line in found):
                break
        return found

    def _broken(self, text: str, room: int, most: int) -> tuple[str, ...]:
        """Return at most so many lines; the last has all that is left."""
        words, lines = text.replace(" = ", EQUALS).split(" "), [""]
        for word in words:
            longer = f"{lines[-1]} {word}".lstrip()
            if lines[-1] and self._advance(longer) > room and len(lines) < most:
                lines.append(word)
            else:
                lines[-1] = longer
        return tuple(line.replace(EQUALS, " = ") for line in lines)

    def _advance(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the lines; the last is cut where there is no room."""
        room = self.contentsRect()
        lines = self.lines(room.width())
        if self.wordWrap() or room.height() < len(lines) * self.fontMetrics().height():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        text = "\n".join(self.fitting(line, room.width()) for line in lines)
        painter.drawText(room, int(self.alignment()), text)
        painter.end()


class PartsLabel(ElidedLabel):
    """A line of parts, of which the first are left out where there is no room."""

    SPACE = "   "

    def show_parts(self, parts: Sequence[str]) -> None:
        """Show parts; the last is the most important."""
        self.setText(self.SPACE.join(parts))

    def fitting(self, text: str, room: int) -> str:
        """Return as many whole parts as fit, from the last; at least a piece of it."""
        parts = text.split(self.SPACE)
        while len(parts) > 1 and self._width(parts) > room:
            del parts[0]
        return super().fitting(self.SPACE.join(parts), room)

    def _width(self, parts: Sequence[str]) -> int:
        return self.fontMetrics().horizontalAdvance(self.SPACE.join(parts))
