"""The dialog that lets a number glide: where to, how long, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.annotations.number_format import setting_text, typed_number
from app.document.glide import start_glide
from app.document.setting_names import name_of, owner_of
from app.widgets.controls import ComboBox
from app.widgets.number_box import NumberBox
from sim.settings.knobs import knob_of

if TYPE_CHECKING:
    from app.document.session import Session

WAYS = (("by equal steps", "linear"), ("by equal factors", "geometric"))
MAX_TIME = 1e6  # of a glide, in units of simulated time
FIRST_TIME = 3.0


class GlideDialog(QDialog):
    """Asks where the setting at `path` is to glide, and lets it."""

    def __init__(self, session: Session, path: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._path = session, path
        document = session.document
        owner, name = owner_of(document, path)
        self._unit = knob_of(type(owner), name).unit
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Glide {name_of(document, path)}")
        self.value = QLineEdit(setting_text(document.get(path), self._unit))
        self.value.selectAll()
        self.time = NumberBox()
        self.time.setRange(0.01, MAX_TIME)
        self.time.setDecimals(2)
        self.time.setValue(FIRST_TIME)
        self.time.lineEdit().setTextMargins(6, 0, 6, 0)
        self.way = ComboBox()
        for text, kind in WAYS:
            self.way.addItem(text, kind)
        self._why = QLabel("It starts now, and is part of the run.")
        self._why.setProperty("role", "small")
        self._why.setWordWrap(True)
        self._lay_out()

    def _lay_out(self) -> None:
        rows = QFormLayout()
        rows.setHorizontalSpacing(16)
        rows.setVerticalSpacing(10)
        for text, field in (
            ("To", self.value),
            ("Within a time of", self.time),
            ("How", self.way),
        ):
            rows.addRow(text, field)
            field.setAccessibleName(text)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        go = self._buttons.addButton("Glide", QDialogButtonBox.ButtonRole.AcceptRole)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(20, 18, 20, 16)
        stack.setSpacing(14)
        stack.addLayout(rows)
        stack.addWidget(self._why)
        stack.addWidget(self._buttons)
        go.setDefault(True)  # of this dialog, which it is in by now

    def accept(self) -> None:
        """Let the number glide; stay open, and say why, if it cannot."""
        self._session.refused.connect(self._why.setText)
        text = typed_number(self.value.text(), self._unit)
        way = str(self.way.currentData())
        done = start_glide(self._session, self._path, text, self.time.value(), way)
        self._session.refused.disconnect(self._why.setText)
        if done:
            super().accept()
