"""The settings panel of a narrow window: a rail of icons, each opens a flyout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QToolButton, QVBoxLayout, QWidget

from app.document.setting_names import GROUPS, group_of
from app.panel.form import show_row
from app.theme import icons

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from app.panel.form import Form
    from app.panel.rows import Row
    from app.theme.palette import Theme

ICON_SIZE = 20  # pixels of an icon at scale 1
FLYOUT_GAP = 8  # pixels between rail and flyout


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
        self._form, self._name, self._folded = form, "", False
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        bars = Qt.ScrollBarPolicy
        self._scroll.setHorizontalScrollBarPolicy(bars.ScrollBarAlwaysOff)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(1, 4, 1, 4)
        stack.addWidget(self._scroll)
        self.hide()

    @property
    def name(self) -> str:
        """The group on show; empty if none."""
        return self._name

    def open(self, name: str) -> None:
        """Show the group with the icon `name`."""
        self.shut()
        group = self._form.groups[name]
        self._folded = not group.opened
        group.fold(False)
        page = QWidget()
        page.setObjectName("page")
        stack = QVBoxLayout(page)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.addWidget(group)
        stack.addStretch(1)
        self._scroll.setWidget(page)
        self._name = name
        self.place()
        self.show()
        self.raise_()

    def reveal(self, row: Row) -> None:
        """Show the place of a row of the group on show."""
        show_row(self._scroll, row)

    def shut(self) -> None:
        """Give the group back to the form, and hide."""
        if self._name:
            self._form.groups[self._name].fold(self._folded)
            self._form.take_back(self._name)
            self._name = ""
        self.hide()

    def place(self) -> None:
        """Take the room that the group needs, as far as there is room."""
        wanted = self._form.groups[self._name].sizeHint().height() + 2 * FLYOUT_GAP
        room = self._over.height() - 2 * FLYOUT_GAP
        self.ensurePolished()
        self.setGeometry(FLYOUT_GAP, FLYOUT_GAP, self.minimumWidth(), min(wanted, room))

    def eventFilter(self, over: QObject, event: QEvent) -> bool:  # noqa: N802
        """Keep inside when the window changes its size."""
        if event.type() == QEvent.Type.Resize and self._name:
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
        for name, title in GROUPS.items():
            button = self._buttons[name] = QToolButton()
            button.setCheckable(True)
            button.setToolTip(title)
            button.setAccessibleName(title)
            button.setProperty("sign", name)
            button.clicked.connect(self._press)
            stack.addWidget(button)
        stack.addStretch(1)
        self.flyout.left.connect(self.shut)
        form.groups_changed.connect(self._refresh)
        self._refresh()

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        for name, button in self._buttons.items():
            button.setIcon(icons.icon(name, theme, side=round(ICON_SIZE * scale)))
            button.setIconSize(
                QSize(round(ICON_SIZE * scale), round(ICON_SIZE * scale))
            )

    def reveal(self, path: str) -> None:
        """Open the group of a setting, go there and show for a moment where it is."""
        name = group_of(path)
        if name != self.flyout.name:
            self._open(name)
        self.flyout.reveal(self._form.row(path))

    def shut(self) -> None:
        """Shut the flyout."""
        self.flyout.shut()
        for button in self._buttons.values():
            button.setChecked(False)

    def _press(self) -> None:
        name = str(self.sender().property("sign"))
        again = name == self.flyout.name
        self.shut()
        if not again:
            self._open(name)

    def _open(self, name: str) -> None:
        self.shut()
        self._buttons[name].setChecked(True)
        self.flyout.open(name)

    def _refresh(self) -> None:
        for name, button in self._buttons.items():
            button.setVisible(self._form.has(name))
        if self.flyout.name and not self._form.has(self.flyout.name):
            self.shut()
        elif self.flyout.name:
            self.flyout.place()
