"""The dialog that puts a token between two others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCompleter,
    QDoubleSpinBox,
    QLineEdit,
    QWidget,
)

from app.scene.scene_info import own_texts
from app.token_card.search import TokenNotFoundError, find
from app.widgets.form_dialog import FormDialog

if TYPE_CHECKING:
    from app.scene.scene_info import SceneInfo

WIDTH_PX = 420


class BetweenDialog(FormDialog):
    """Asks for a token, two others, and a share of the way between them."""

    requested = Signal(int, int, int, float)
    """The token, the two others by their ids, and the share of the way."""

    def __init__(
        self, info: SceneInfo, chosen: tuple[int, ...], parent: QWidget
    ) -> None:
        title = "Put a token between two others"
        super().__init__(title, "Put", parent, name="Put between", width=WIDTH_PX)
        self._info = info
        names = _names(info)
        listed = [*names.values()]
        self.fields = [self._field(label, listed) for label in ("Put", "From", "To")]
        shown = [names[token] for token in chosen if token in names]
        for field, name in zip(self.fields, shown, strict=False):
            field.setText(name)
        self.share = QDoubleSpinBox()
        self.share.setRange(0.0, 100.0)
        self.share.setSuffix(" %")
        self.share.lineEdit().setTextMargins(6, 0, 6, 0)
        self.share.setValue(50.0)
        self.share.setAccessibleName("Share of the way")
        for label, field in zip(("Put", "between", "and"), self.fields, strict=True):
            self.rows.addRow(label, field)
        self.rows.addRow("Share of the way", self.share)

    @staticmethod
    def _field(label: str, names: list[str]) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(label)
        field.setTextMargins(6, 0, 6, 0)
        field.setCompleter(QCompleter(names, field))
        return field

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
    return own_texts(frame.ids.tolist(), frame.names)
