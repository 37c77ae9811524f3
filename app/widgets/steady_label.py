"""A label of a number that changes often: its place grows, and never shrinks."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QLabel

NO_LIMIT = QSize(16_777_215, 16_777_215)  # QWIDGETSIZE_MAX


class SteadyLabel(QLabel):
    """A label, aligned to the right, whose texts have about one width.

    Qt lays a whole window out again whenever the text of a label changes, unless the
    size of the label is fixed.  Here it is, at that of the largest text so far.
    """

    def __init__(self, role: str) -> None:
        super().__init__()
        self.setProperty("role", role)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size of the largest text so far."""
        return super().sizeHint().expandedTo(self.minimumSize())

    def setText(self, text: str) -> None:  # noqa: N802
        """Show `text`, and leave more room if it needs it."""
        super().setText(text)
        wanted = self.sizeHint()
        if wanted != self.minimumSize():
            self.setFixedSize(wanted)
            self._place_anew()

    def _place_anew(self) -> None:
        """Lay the parent out at once: a request made while it was hidden is lost."""
        parent = self.parentWidget()
        layout = None if parent is None else parent.layout()
        if layout is not None:
            layout.activate()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Measure anew in another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.setMinimumSize(0, 0)
            self.setMaximumSize(NO_LIMIT)
            self.setText(self.text())
