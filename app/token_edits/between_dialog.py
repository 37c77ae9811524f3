"""The dialog that puts a token between two others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.scene.scene_info import token_text
from app.token_card.search import TokenNotFoundError, find

if TYPE_CHECKING:
    from app.scene.scene_info import SceneInfo

WIDTH_PX = 420


class BetweenDialog(QDialog):
    """Asks for a token, two others, and a share of the way between them."""

    requested = Signal(int, int, int, float)
    """The token, the two others by their ids, and the share of the way."""

    def __init__(
        self, info: SceneInfo, chosen: tuple[int, ...], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._info = info
        self.setWindowTitle("Put between")
        self.setMinimumWidth(WIDTH_PX)
        names = _names(info)
        listed = [*names.values()]
        self.fields = [self._field(label, listed) for label in ("Put", "From", "To")]
        shown = [names[token] for token in chosen if token in names]
        for field, name in zip(self.fields, shown, strict=False):
            field.setText(name)
        self.share = QDoubleSpinBox()
        self.share.setRange(0.0, 100.0)
        self.share.setSuffix(" %")
        self.share.setValue(50.0)
        self.share.setAccessibleName("Share of the way")
        self.note = QLabel()
        self.note.setProperty("role", "small")
        self.note.setWordWrap(True)
        self._lay_out()

    @staticmethod
    def _field(label: str, names: list[str]) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(label)
        field.setTextMargins(6, 0, 6, 0)
        field.setCompleter(QCompleter(names, field))
        return field

    def _lay_out(self) -> None:
        head = QLabel("Put a token between two others")
        head.setProperty("role", "head")
        rows = QFormLayout()
        rows.setHorizontalSpacing(16)
        rows.setVerticalSpacing(10)
        for label, field in zip(("Put", "between", "and"), self.fields, strict=True):
            rows.addRow(label, field)
        rows.addRow("Share of the way", self.share)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        go = buttons.addButton("Put", QDialogButtonBox.ButtonRole.AcceptRole)
        go.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(24, 20, 24, 20)
        stack.setSpacing(16)
        for part in (head, rows, self.note, buttons):
            if isinstance(part, QFormLayout):
                stack.addLayout(part)
            else:
                stack.addWidget(part)

    def accept(self) -> None:
        """Report the tokens, if there is one of each name."""
        try:
            found = [find(self._info, field.text()) for field in self.fields]
        except TokenNotFoundError as error:
            self.note.setText(str(error))
            return
        self.requested.emit(*found, self.share.value() / 100.0)
        super().accept()


def _names(info: SceneInfo) -> dict[int, str]:
    """Return what tokens are called, by id."""
    frame = info.frame
    if frame is None:
        return {}
    ids = enumerate(frame.ids.tolist())
    return {token: token_text(token, row, frame.names) for row, token in ids}
