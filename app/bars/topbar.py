"""The bar at the top: menus, frequent actions and the law."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QMenuBar,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from app.actions import MENUS
from app.bars.transport import tool
from app.panel import law_switches
from app.panel.toggles import SIGN_OPTIONS, flow_options
from app.theme import icons
from app.widgets.controls import ComboBox, SegmentedButtons
from sim.dynamics import Dynamics
from sim.dynamics.bracket import Bracket

if TYPE_CHECKING:
    from app.actions import Commands
    from app.document.document import Document
    from app.document.session import Session
    from app.panel.toggles import LawActions
    from app.theme.palette import Theme

ICON_SIZE, EMBLEM_SIZE = 18, 24  # pixels at scale 1
SMALL_TOOLS = ("open", "save", "undo", "redo", "find")
LARGE_TOOLS = ("gallery", "compare", "record", "export", "present")
WORDED_TOOLS = ("gallery", "export", "present")  # where there is room for words
ROOMY_TOOLS = ("find", "compare")  # hidden unless there is room: they are in menus
SUBMENUS = {
    "Compare": "Run",
    "Present": "View",
}  # menus within others: the bar has room for a few


class LawMenu(ComboBox):
    """A menu of all laws; bracket dynamics has an entry for each of its limits."""

    def __init__(self, session: Session, law_actions: LawActions) -> None:
        super().__init__()
        self._law_actions = law_actions
        for kind, member in Dynamics.kinds().items():
            if kind == Bracket.kind:
                for value, text, tip in flow_options(law_switches.BRACKET)[1:]:
                    self._offer(text, str(value), tip)
            else:
                self._offer(member.title, kind, member.summary())
        self.setAccessibleName("Law of motion")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumContentsLength(12)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.activated.connect(self._choose)
        session.changed.connect(self._follow)
        self._show(session.document)

    def _offer(self, text: str, value: str, tip: str) -> None:
        self.addItem(text, value)
        self.setItemData(self.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)

    def _choose(self, place: int) -> None:
        value = str(self.itemData(place))
        if value in ("hamiltonian", "double"):
            self._law_actions.bracket("double" if value == "double" else "hamiltonian")
        elif value in law_switches.SUM_KINDS:
            self._law_actions.sum(value)
        else:
            self._law_actions.law(value)

    def _follow(self, _old: Document, new: Document) -> None:
        self._show(new)

    def _show(self, document: Document) -> None:
        kind = document.scenario.dynamics.kind
        value = law_switches.flow_of(document) if kind == Bracket.kind else kind
        with QSignalBlocker(self):
            self.setCurrentIndex(self.findData(value))
        self.setToolTip(document.scenario.dynamics.summary())


class TopBar(QWidget):
    """The bar at the top of the window."""

    def __init__(
        self, session: Session, law_actions: LawActions, commands: Commands
    ) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._logo = QLabel()
        self.menus = QMenuBar()
        self.menus.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self._menu: dict[str, QMenu] = {}
        for name in MENUS:
            self._menu[name] = self._fill(name, commands)
        self._export_menu = QMenu(self)
        self._tools = {
            name: tool(commands, name)
            for name in (*SMALL_TOOLS, *LARGE_TOOLS)
            if name != "export"
        }
        self._tools["export"] = self._export_button(commands)
        self._law_actions, self._signs = (
            LawMenu(session, law_actions),
            SegmentedButtons(SIGN_OPTIONS),
        )
        self._signs.chosen.connect(law_actions.sign)
        self._lay_out()
        session.changed.connect(self._follow)
        self._show(session.document)

    def menu(self, name: str) -> QMenu:
        """Return the menu called `name`, to add actions to it."""
        return self._menu[name]

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        self._logo.setPixmap(
            icons.pixmap(icons.EMBLEM, icons.INK, round(EMBLEM_SIZE * scale))
        )
        side = round(ICON_SIZE * scale)
        red = icons.icon("record", theme, theme.bad, side)
        self._tools["record"].defaultAction().setIcon(red)
        self._tools["export"].setIcon(icons.icon("video", theme, theme.text, side))
        for button in self._tools.values():
            button.setIconSize(QSize(side, side))
        self._law_actions.setMinimumWidth(round(56 * scale))
        self._law_actions.setMaximumWidth(round(236 * scale))
        self._signs.setMinimumWidth(round(124 * scale))

    def narrow(self, narrow: bool, *, tight: bool = False, roomy: bool = True) -> None:
        """Use less width; if `tight`, hide what menus and panel offer too.

        Unless `roomy`, a bar that is not narrow has room for words of buttons only
        without some of those that menus offer.
        """
        for name in SMALL_TOOLS:
            self._tools[name].setHidden(tight)
        for name in ROOMY_TOOLS:
            self._tools[name].setHidden(narrow or not roomy)
        self._signs.setHidden(narrow)  # the law's name needs the room
        styles = Qt.ToolButtonStyle
        for name in WORDED_TOOLS:
            button = self._tools[name]
            button.setProperty("role", "" if narrow else "text")
            button.setToolButtonStyle(
                styles.ToolButtonIconOnly if narrow else styles.ToolButtonTextBesideIcon
            )
            button.style().polish(button)

    def _fill(self, name: str, commands: Commands) -> QMenu:
        above = self._menu[SUBMENUS[name]] if name in SUBMENUS else self.menus
        menu = above.addMenu(name)
        menu.setToolTipsVisible(True)
        for action in commands.of(name):
            if action is None:
                menu.addSeparator()
            else:
                menu.addAction(action)
        return menu

    def _export_button(self, commands: Commands) -> QToolButton:
        for name in ("video", "picture", "data"):
            self._export_menu.addAction(commands[name])
        button = QToolButton()
        button.setText("Export")
        button.setToolTip("Export a video, a picture or the data")
        button.setAccessibleName("Export")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(self._export_menu)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 10, 0)
        row.setSpacing(4)
        row.addWidget(self._logo)
        row.addWidget(self.menus)
        row.addSpacing(8)
        for name in SMALL_TOOLS:
            row.addWidget(self._tools[name])
        row.addStretch(1)
        row.addWidget(self._law_actions, 6)
        row.addSpacing(4)
        row.addWidget(self._signs)
        row.addSpacing(8)
        for name in LARGE_TOOLS:
            row.addWidget(self._tools[name])

    def _follow(self, _old: Document, new: Document) -> None:
        self._show(new)

    def _show(self, document: Document) -> None:
        self._signs.show_value(law_switches.sign_of(document))
