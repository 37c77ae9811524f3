"""The action that opens the page of phase diagrams, and the runs chosen there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.document.document import Document

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.diagrams.page import DiagramPage
    from app.document.session import Session
    from app.theme.theme import ThemeController
    from sim.scenario import Scenario


class DiagramActions(QObject):
    """Opens one page, which keeps its diagram while it is closed."""

    def __init__(
        self, session: Session, theme_controller: ThemeController, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._theme, self._window = session, theme_controller, window
        self.page: DiagramPage | None = None

    def open(self) -> None:
        """Open the page, or bring it to the front."""
        if self.page is None:
            from app.diagrams.page import DiagramPage  # here: few ask for it

            theme, scale = self._theme.theme, self._theme.scale
            self.page = DiagramPage(self._on_show, theme, scale, self._window)
            self.page.run_requested.connect(self._load)
            self._theme.changed.connect(self.page.set_theme)
        self.page.show()
        self.page.raise_()
        self.page.activateWindow()

    @property
    def unfinished(self) -> tuple[str, ...]:
        """The name of the diagram that is being computed, if there is one."""
        busy = self.page is not None and self.page.work.busy
        return ("Phase diagram",) if busy else ()

    def stop(self) -> None:
        """End the processes of the page; the window is being closed."""
        if self.page is not None:
            self.page.halt()

    def _on_show(self) -> Scenario:
        return self._session.document.scenario

    def _load(self, scenario: Scenario) -> None:
        """Put a run of the diagram in force; undo brings back what was."""
        self._session.load(Document(scenario=scenario))
