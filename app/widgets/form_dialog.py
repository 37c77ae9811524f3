"""A dialog with a title, rows of questions, a note and two buttons."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app.widgets.page_scroll import PageScroll

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

WIDTH_PX = 460


class FormDialog(QDialog):
    """Asks for what its `rows` hold, and says more in its `note`.

    Parameters
    ----------
    title : str
        What is asked, in large letters; without `name` the name of the window, too.
    verb : str
        What the button does.
    name : str
        The name of the window.
    width : int
        At least, in pixels.
    """

    def __init__(
        self,
        title: str,
        verb: str,
        parent: QWidget,
        *,
        name: str = "",
        width: int = WIDTH_PX,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(name or title)
        self.setMinimumWidth(width)
        self.rows = QFormLayout()
        self.rows.setHorizontalSpacing(16)
        self.rows.setVerticalSpacing(10)
        self.note = QLabel()
        self.note.setProperty("role", "small")
        self.note.setWordWrap(True)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = self._buttons.addButton(verb, QDialogButtonBox.ButtonRole.AcceptRole)
        self._buttons.accepted.connect(self._confirm)
        self._buttons.rejected.connect(self.reject)
        head = QLabel(title)
        head.setProperty("role", "head")
        page = QWidget()
        self.stack = QVBoxLayout(page)
        self.stack.setContentsMargins(24, 20, 24, 0)
        self.stack.setSpacing(16)
        self.stack.addWidget(head)
        self.stack.addLayout(self.rows)
        self.stack.addWidget(self.note)
        self._scroll = PageScroll(page)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        below = QVBoxLayout()
        below.setContentsMargins(24, 16, 24, 20)
        below.addWidget(self._buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._scroll, 1)
        whole.addLayout(below)
        self.go.setDefault(True)  # of this dialog, which it is in by now

    def _confirm(self) -> None:
        """Do what the button says."""
        self.accept()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Be as high as its text needs, which wraps at the width of the dialog."""
        self._scroll.fit_window()
        super().showEvent(event)
        self._begin_at_the_rows()

    def _begin_at_the_rows(self) -> None:
        """Let the keyboard begin at the first row, and come to the buttons last."""
        boxes, fields = self._buttons.buttons(), self.findChildren(QWidget)
        by_tab = [f for f in fields if f.focusPolicy() & Qt.FocusPolicy.TabFocus]
        rows = [field for field in by_tab if field not in boxes and field.isVisible()]
        others = [button for button in boxes if button is not self.go]
        if rows:
            for before, after in pairwise((rows[-1], self.go, *others)):
                self.setTabOrder(before, after)
            rows[0].setFocus(Qt.FocusReason.TabFocusReason)
