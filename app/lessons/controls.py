"""Connects a lesson with the window: its bar, the presentation, and the audience."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QGuiApplication

from app.lessons.audience import AudienceWindow
from app.lessons.bar import LessonBar, question_text
from app.lessons.player import LessonPlayer
from sim.lessons import shipped_lessons

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings
    from PySide6.QtGui import QScreen
    from PySide6.QtWidgets import QMenu

    from app.actions import Commands
    from app.document.document import Document
    from app.document.player import Player
    from app.document.session import Session
    from app.labs.page import LabPage
    from app.lessons.player import LabShower
    from app.presenter.presentation import Presentation
    from app.theme.palette import Theme
    from app.widgets.view_set import ViewSet

NEED_LESSON = ("next_cue", "previous_cue", "cue_again", "answer", "notes", "end_lesson")


class LessonControls(QObject):
    """The lecturer's controls: the lesson, notes, and a second window."""

    changed = Signal()
    """What is on show beside the run has changed."""

    def __init__(
        self,
        session: Session,
        player: Player,
        settings: QSettings,
        presentation: Presentation,
        labs: LabShower,
    ) -> None:
        super().__init__(presentation)
        self._session, self._presentation = session, presentation
        self.player = LessonPlayer(session, player, settings, labs)
        self.player.changed.connect(self._show)
        self.audience: AudienceWindow | None = None
        session.changed.connect(self._follow)
        presentation.mode_changed.connect(self._cover)
        presentation.cover.moved.connect(self._point)

    def watch(self, commands: Commands, views: ViewSet, theme: Theme) -> LessonBar:
        """Take the commands and the views of the window; return the bar."""
        self._commands, self._views, self._theme = commands, views, theme
        self.bar = LessonBar(self.player, commands)
        self._enable()
        return self.bar

    def watch_labs(self, labs: LabPage) -> None:
        """Show the audience the lab that the speaker sees."""
        self._page = labs
        labs.lab_shown.connect(self._show_lab)
        labs.left.connect(self._show_run)
        labs.view.turned.connect(self._turn)

    def fill(self, menu: QMenu) -> None:
        """Put the shipped lessons at the top of a menu."""
        first = menu.actions()[0]
        for lesson in shipped_lessons():
            action = QAction(f"{lesson.number}  {lesson.title}", self)
            action.setToolTip(lesson.summary)
            action.setData(lesson.path.stem)
            action.triggered.connect(self._open)
            menu.insertAction(first, action)
        menu.insertSeparator(first)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self.bar.set_theme(theme)
        if self.audience is not None:
            self.audience.set_theme(theme)

    def show_notes(self, shown: bool) -> None:
        """Show notes, clock and the next cue in the bar, or hide them."""
        self.bar.show_notes(shown)
        self._enable()

    def show_audience(self, shown: bool) -> None:
        """Open the window of the audience, on the second screen if there is one."""
        if not shown:
            if self.audience is not None:
                self.audience.close()
            return
        if self.audience is None:
            self.audience = AudienceWindow(self._session, self._theme)
            self.audience.closed.connect(self._end_audience)
            self.audience.addActions(self._commands.all())  # its keys are the speaker's
            for view in self.audience.views:
                self._views.add(view)
                view.show_document(self._session.document)
        if self._page.isVisible():
            self._show_lab()
        other = self._other_screen()
        self.audience.show_on(
            other or QGuiApplication.primaryScreen(), full=other is not None
        )
        self.bar.window().activateWindow()
        self.bar.show_notes(True)
        self._show()
        self._views.update_request()

    def _show_lab(self) -> None:
        """Show the audience the lab on show, as its cue begins."""
        if self.audience is not None and self._page.plate is not None:
            cue = self.player.cue
            first = tuple(k - 1 for k in cue.panels) if cue else ()
            self.audience.show_lab(self._page.lab, self._page.plate, first)

    def _show_run(self) -> None:
        if self.audience is not None:
            self.audience.show_run()

    def _turn(self, panels: object) -> None:
        """Show the audience the panels that the speaker has turned to."""
        if self.audience is not None and isinstance(panels, tuple):
            self.audience.plate.show_first(panels)

    def stop(self) -> None:
        """Stop what runs in the background, and close the audience's window."""
        self.player.stop()
        self.bar.stop()
        if self.audience is not None:
            self.audience.stop()
            self.audience.close()
            self.audience.deleteLater()
            self.audience = None

    def _other_screen(self) -> QScreen | None:
        """Return a screen on which the speaker's window is not."""
        here = self._presentation.cover.screen()
        return next((s for s in QGuiApplication.screens() if s is not here), None)

    def _end_audience(self) -> None:
        self._views.update_request()
        self._enable()

    def _open(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.player.open_name(str(action.data()))

    def _show(self) -> None:
        """Show the words of the cue to the audience."""
        cue = self.player.cue
        words = ("", "", "")
        if cue is not None:
            asked = question_text(self.player)
            shown = self.player.answered or not asked
            text = "\n".join(w for w in (asked, cue.text if shown else "") if w)
            words = cue.title, text, self.player.progress
        self._presentation.show_words(*words)
        self._presentation.panel.show_kind(cue.curve if cue else "")
        if self.audience is not None:
            self.audience.show_words(*words)
            self.audience.panel.show_kind(cue.curve if cue else "")
            self.audience.show_large(cue.page if cue and cue.large else "")
            self._views.update_request()
        self._enable()
        self.changed.emit()

    def _enable(self) -> None:
        for name in NEED_LESSON:
            self._commands[name].setEnabled(self.player.lesson is not None)
        cue = self.player.cue
        asked = cue is not None and bool(cue.question) and not self.player.answered
        self._commands["answer"].setEnabled(asked)
        self._commands["notes"].setChecked(self.bar.notes_wanted)
        seen = self.audience is not None and self.audience.isVisible()
        self._commands["audience"].setChecked(seen)

    def _follow(self, _old: Document, new: Document) -> None:
        if self.audience is not None:
            self.audience.show_document(new)

    def _cover(self, mode: str) -> None:
        if self.audience is not None:
            self.audience.show_mode(mode)  # type: ignore[arg-type]

    def _point(self, at: object) -> None:
        if self.audience is not None:
            self.audience.point(at)  # type: ignore[arg-type]
