"""The entries of the menus that are not known beforehand: files, help, panels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from app.inspectors.tabs import PAGES
from app.pages.help import pages

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from app.actions import Commands
    from app.bars.topbar import TopBar
    from app.file_actions import FileActions
    from app.inspectors.tabs import InspectorTabs


class Menus(QObject):
    """Adds to the menus of the table."""

    def __init__(
        self,
        bar: TopBar,
        commands: Commands,
        files: FileActions,
        inspectors: InspectorTabs,
    ) -> None:
        super().__init__(bar)
        self._files, self._tabs = files, inspectors
        self._formula = QMenu(bar)
        for name in ("formula", "copy_latex", "copy_python"):
            self._formula.addAction(commands[name])
        self.recent = bar.menu("File").addMenu("Open recent")
        bar.menu("File").insertMenu(commands["save"], self.recent)
        self.recent.aboutToShow.connect(self._fill)
        menu = bar.menu("Help")
        first = menu.actions()[0]
        for page, title in pages().items():
            action = QAction(title, self)
            action.setData(page)
            action.triggered.connect(self._turn)
            menu.insertAction(first, action)
        menu.insertSeparator(first)
        self.panels = bar.menu("View").addMenu("Panels")
        bar.menu("View").insertMenu(commands["next_panel"], self.panels)
        self._add_panels()
        self.panels.aboutToShow.connect(self._check_panel)

    def show_formula_menu(self, at: QPoint) -> None:
        """Show what can be done with the formula, at a position of the screen."""
        self._formula.popup(at)

    def _add_panels(self) -> None:
        alone = QActionGroup(self)
        for page in PAGES:
            action = QAction(page.title, alone)
            action.setCheckable(True)
            action.setData(page.kind)
            self.panels.addAction(action)
        alone.triggered.connect(self._choose_panel)

    def _check_panel(self) -> None:
        for action in self.panels.actions():
            action.setChecked(action.data() == self._tabs.kind)
            action.setEnabled(action.data() in self._tabs.fitting)

    def _choose_panel(self, action: QAction) -> None:
        self._tabs.choose_page(str(action.data()))

    def _fill(self) -> None:
        self.recent.clear()
        for path in self._files.recent():
            action = self.recent.addAction(path.name)
            action.setToolTip(str(path))
            action.setData(str(path))
            action.triggered.connect(self._open)
        if self.recent.isEmpty():
            self.recent.addAction("No recent files").setEnabled(False)

    def _open(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._files.open_path(Path(str(action.data())))

    def _turn(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._files.help(str(action.data()))
