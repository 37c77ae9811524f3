"""Fields for a word of one's own, and two sentences of each of its senses."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

HINTS = (
    ("Word", "the word, such as seal"),
    ("First sense", "a sentence with it"),
    ("First sense, control", "another sentence in the same sense"),
    ("Second sense", "a sentence with it in another sense"),
    ("Second sense, control", "another in that sense"),
)


class OwnSenses(QWidget):
    """Five fields, one below the other; the second of each sense is its control."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(4)
        self.fields = [QLineEdit() for _ in HINTS]
        for field, (name, hint) in zip(self.fields, HINTS, strict=True):
            field.setPlaceholderText(f"{name}: {hint}")
            field.setAccessibleName(name)
            field.setToolTip(f"{name}: {hint}")
            field.editingFinished.connect(self.edited)
            stack.addWidget(field)

    def offer(self, text: str) -> None:
        """Take a sentence as the first, where none is given."""
        if not self.fields[1].text():
            self.fields[1].setText(text)

    @property
    def asked(self) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        """The word, and the sentences that are given of each sense."""
        word, *sentences = (field.text().strip() for field in self.fields)
        first, second = (
            tuple(text for text in part if text)
            for part in (sentences[:2], sentences[2:])
        )
        return word, first, second
