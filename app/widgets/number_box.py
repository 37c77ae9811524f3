"""A field for a number with buttons, in which a decimal comma is a point."""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

Validated = tuple[QValidator.State, str, int]


class NumberBox(QDoubleSpinBox):
    """A spin box that shows points and takes commas, whatever the system's language."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLocale(QLocale.c())

    def validate(self, text: str, position: int) -> Validated:
        """Judge `text` as if its comma were a point."""
        return super().validate(text.replace(",", "."), position)

    def valueFromText(self, text: str) -> float:  # noqa: N802
        """Return the number that `text` says."""
        return super().valueFromText(text.replace(",", "."))
