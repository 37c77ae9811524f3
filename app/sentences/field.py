"""The field of one sentence: Enter plays it, Escape restores what is played."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.theme.palette import LANE_DASHES
from app.widgets.line_sample import LineSample

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from app.theme.palette import Theme

TIP = "Type a sentence; Enter plays it from the start, Esc restores the one on show."
SECOND = "A second sentence, for a lane beside"


class SentenceEdit(QLineEdit):
    """A line of text that is entered as a whole."""

    entered = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._shown = ""
        self.returnPressed.connect(self._enter)

    def show_text(self, text: str) -> None:
        """Show `text`, unless another is being typed."""
        typing = self.hasFocus() and self.isModified() and text == self._shown
        self._shown = text
        if not typing and text != self.text():
            self.setText(text)
            self.setCursorPosition(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Restore the text with Escape."""
        if event.key() == Qt.Key.Key_Escape and self.text() != self._shown:
            self.setText(self._shown)
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        self.entered.emit(self.text())


class SentenceField(QWidget):
    """A field, and the line of its lane where there are several."""

    entered = Signal(object, str)
    """The field itself, and what was typed."""

    def __init__(self, place: int, theme: Theme) -> None:
        super().__init__()
        self.lanes: tuple[int, ...] = ()
        """The lanes of the sentence; none where it is to be a new one."""
        self._place = place
        self._sample = LineSample(LANE_DASHES[place])
        self.edit = SentenceEdit()
        self.edit.setToolTip(TIP)
        self.edit.entered.connect(self._enter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._sample)
        row.addWidget(self.edit, 1)
        self.set_theme(theme)

    def show_sentence(
        self, lanes: tuple[int, ...], text: str, *, several: bool
    ) -> None:
        """Show the sentence of some lanes; without lanes it asks for one more."""
        new = lanes != self.lanes
        self.lanes = lanes
        self.edit.setPlaceholderText("A sentence" if lanes else SECOND)
        self.edit.setAccessibleName(
            f"Sentence {self._place + 1}" if lanes else "Second sentence"
        )
        self._sample.setVisible(several and bool(lanes))
        if new or lanes:
            self.edit.show_text(text)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._sample.set_colour(theme.lanes[self._place])

    def _enter(self, text: str) -> None:
        self.entered.emit(self, text)
