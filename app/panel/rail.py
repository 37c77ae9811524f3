"""The settings panel of a narrow window: a rail of icons, each opens a flyout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QToolButton, QVBoxLayout, QWidget

from app.document.setting_names import GROUPS
from app.theme import icons

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from app.panel.form import Form
    from app.theme.palette import Theme

SIDE = 20  # pixels of an icon at scale 1
GAP = 8  # pixels between rail and flyout


class Flyout(QFrame):
    """One group of the form, beside the rail."""

    left = Signal()
    """Escape was pressed."""

    def __init__(self, form: Form, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        over.installEventFilter(self)
        self.setObjectName("flyout")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self._form, self._sign, self._folded = form, "", False
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        bars = Qt.ScrollBarPolicy
        self._scroll.setHorizontalScrollBarPolicy(bars.ScrollBarAlwaysOff)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(1, 4, 1, 4)
        stack.addWidget(self._scroll)
        self.hide()

    @property
    def sign(self) -> str:
        """The group on show; empty if none."""
        return self._sign

    def open(self, sign: str) -> None:
        """Show the group with the icon `sign`."""
        self.shut()
        group = self._form.groups[sign]
        self._folded = not group.opened
        group.fold(False)
        page = QWidget()
        page.setObjectName("page")
        stack = QVBoxLayout(page)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.addWidget(group)
        stack.addStretch(1)
        self._scroll.setWidget(page)
        self._sign = sign
        self.place()
        self.show()
        self.raise_()

    def shut(self) -> None:
        """Give the group back to the form, and hide."""
        if self._sign:
            self._form.groups[self._sign].fold(self._folded)
            self._form.take_back(self._sign)
            self._sign = ""
        self.hide()

    def place(self) -> None:
        """Take the room that the group needs, as far as there is room."""
        wanted = self._form.groups[self._sign].sizeHint().height() + 2 * GAP
        room = self._over.height() - 2 * GAP
        self.ensurePolished()
        self.setGeometry(GAP, GAP, self.minimumWidth(), min(wanted, room))

    def eventFilter(self, over: QObject, event: QEvent) -> bool:  # noqa: N802
        """Keep inside when the window changes its size."""
        if event.type() == QEvent.Type.Resize and self._sign:
            self.place()
        return super().eventFilter(over, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Ask to be shut with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class Rail(QWidget):
    """An icon for every group; the one whose flyout is open is pressed."""

    def __init__(self, form: Form, over: QWidget) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._form, self.flyout = form, Flyout(form, over)
        self._buttons: dict[str, QToolButton] = {}
        stack = QVBoxLayout(self)
        stack.setContentsMargins(4, 8, 4, 8)
        stack.setSpacing(8)
        for sign, title in GROUPS.items():
            button = self._buttons[sign] = QToolButton()
            button.setCheckable(True)
            button.setToolTip(title)
            button.setAccessibleName(title)
            button.setProperty("sign", sign)
            button.clicked.connect(self._press)
            stack.addWidget(button)
        stack.addStretch(1)
        self.flyout.left.connect(self.shut)
        form.groups_changed.connect(self._refresh)
        self._refresh()

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        for sign, button in self._buttons.items():
            button.setIcon(icons.icon(sign, theme, side=round(SIDE * scale)))
            button.setIconSize(QSize(round(SIDE * scale), round(SIDE * scale)))

    def shut(self) -> None:
        """Shut the flyout."""
        self.flyout.shut()
        for button in self._buttons.values():
            button.setChecked(False)

    def _press(self) -> None:
        sign = str(self.sender().property("sign"))
        again = sign == self.flyout.sign
        self.shut()
        if not again:
            self._buttons[sign].setChecked(True)
            self.flyout.open(sign)

    def _refresh(self) -> None:
        for sign, button in self._buttons.items():
            button.setVisible(self._form.has(sign))
        if self.flyout.sign and not self._form.has(self.flyout.sign):
            self.shut()
        elif self.flyout.sign:
            self.flyout.place()
