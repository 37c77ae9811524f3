"""What the page of the matrix lets choose: a head, one to subtract, the order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QTabBar,
    QToolButton,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.document.attention_look import AttentionLook
    from app.theme.palette import Theme

ORDERS = {
    "auto": "By cluster, or as causal",
    "cluster": "By cluster",
    "index": "By index",
    "label": "By name, or else by index",
    "angle": "By longitude on the globe",
}


def _menu_button(text: str, name: str, tip: str) -> QToolButton:
    out = QToolButton()
    out.setText(text)
    out.setProperty("role", "small")
    out.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    out.setToolTip(tip)
    out.setAccessibleName(name)
    out.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    return out


class Choice(QMenu):
    """A menu of values, one of which is checked."""

    picked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._group = QActionGroup(self)
        self._group.triggered.connect(self._pick)
        self._offered: tuple[object, ...] = ()

    def offer(self, options: Sequence[tuple[object, str]], value: object) -> None:
        """Offer values with their texts, and check one."""
        offered = (*options, value)
        if offered == self._offered:  # as at most drawings of the matrix
            return
        self._offered = offered
        for action in self._group.actions():
            self._group.removeAction(action)
            self.removeAction(action)
        for option, text in options:
            action = QAction(text, self._group)
            action.setCheckable(True)
            action.setData(option)
            action.setChecked(option == value)
            self.addAction(action)

    def _pick(self, action: QAction) -> None:
        self._offered = ()  # the entry that is checked is another one
        self.picked.emit(action.data())


class OrderButton(QWidget):
    """A button whose menu orders the matrix."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.button = _menu_button("order", "Order of the matrix", "Order the tokens")
        self._menu = Choice(self)
        self._menu.picked.connect(self.chosen)
        self.button.setMenu(self._menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.button)

    def show_look(self, look: AttentionLook) -> None:
        """Check the order of `look`."""
        self._menu.offer(tuple(ORDERS.items()), look.order)


class HeadChoice(QWidget):
    """A tab for the mean and each head, and a menu of those to subtract."""

    head_chosen = Signal(int)
    minus_chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.tabs = QTabBar(self)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName("Head of attention")
        self.tabs.currentChanged.connect(self.head_chosen)
        tip = "Subtract another head: blue where this one is larger, orange where less"
        self._minus = _menu_button("−", "Head to subtract", tip)
        self._menu = Choice(self)
        self._menu.picked.connect(self.minus_chosen)
        self._minus.setMenu(self._menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.tabs, 1)
        row.addWidget(self._minus)
        self._count = 0

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self.tabs.setStyleSheet(
            "QTabBar::tab { background: transparent; padding: 4px 8px; border: none; "
            f"color: {theme.muted}; border-bottom: 2px solid transparent; }}"
            f"QTabBar::tab:selected {{ color: {theme.text}; "
            f"border-bottom-color: {theme.accent}; }}"
        )

    def show_heads(self, count: int, look: AttentionLook) -> None:
        """Offer `count` heads; nothing where there is one."""
        with QSignalBlocker(self.tabs):
            wanted = count + 1 if count > 1 else 0
            if self.tabs.count() != wanted:
                while self.tabs.count():
                    self.tabs.removeTab(0)
                for k in range(wanted):
                    self.tabs.addTab(str(k) if k else "mean")
            self.tabs.setCurrentIndex(look.head if look.head < wanted else 0)
        self._count = count
        self.tabs.setVisible(wanted > 0)
        self.setVisible(wanted > 0)
        heads = [(k, f"− head {k}") for k in range(1, count + 1)]
        self._menu.offer([(0, "Subtract nothing"), *heads], look.minus)
        self._minus.setText(f"− {look.minus}" if 0 < look.minus <= count else "−")
