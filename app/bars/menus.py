"""The entries of the menus that are not known beforehand: recent files, help pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from app.pages.help import pages

if TYPE_CHECKING:
    from app.bars.topbar import TopBar
    from app.commands import Commands
    from app.desk import Desk


class Menus(QObject):
    """Adds to the menus of the table."""

    def __init__(self, bar: TopBar, commands: Commands, desk: Desk) -> None:
        super().__init__(bar)
        self._desk = desk
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

    def _fill(self) -> None:
        self.recent.clear()
        for path in self._desk.recent():
            action = self.recent.addAction(path.name)
            action.setToolTip(str(path))
            action.setData(str(path))
            action.triggered.connect(self._open)
        if self.recent.isEmpty():
            self.recent.addAction("Nothing yet").setEnabled(False)

    def _open(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._desk.open_path(Path(str(action.data())))

    def _turn(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._desk.help(str(action.data()))
