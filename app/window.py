"""The window: places things, and passes frames on; decides nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from app.actions import Commands, keeps
from app.bars.menus import Menus
from app.bars.topbar import TopBar
from app.bars.transport import Transport
from app.canvas.token_view import SphereView
from app.document.player import Player
from app.export.controller import Exports
from app.file_actions import Desk
from app.inspectors.tabs import Readouts
from app.layer_strip.strip import Strip
from app.panel.form import Form, rule
from app.panel.rail import Rail
from app.panel.toggles import Laws
from app.panel_layout import Panels
from app.plots.curves import Curves
from app.widgets.notifications import Notifications
from sim.checks.integrator import warning_of_change
from sim.frame import FrameRequest

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent

    from app.document.document import Document
    from app.document.session import Session
    from app.scene.scene_info import SceneInfo
    from app.theme.palette import Theme
    from app.theme.theme import ThemeController
    from sim.frame import Frame

PRESENTED = 1.6  # letters of the picture in a presentation


class Window(QMainWindow):
    """Top bar, settings, picture, curves and readouts, transport."""

    def __init__(
        self, session: Session, theme_controller: ThemeController, settings: QSettings
    ) -> None:
        super().__init__()
        self._session, self._theme_controller, self._settings = (
            session,
            theme_controller,
            settings,
        )
        self._request, self._letters = FrameRequest(), 0.0
        self.stopped = False
        theme = theme_controller.theme
        self.laws, self.player = Laws(session), Player(session)
        self.sphere, self.curves = SphereView(theme), Curves(theme)
        self.readouts = Readouts(theme, settings)
        self.strip = Strip(theme)
        self.notices = Notifications(self.sphere, theme)
        self.desk = Desk(session, theme_controller, settings, self)
        self.exports = Exports(session, self.player, self.notices, settings, self)
        self.panels = Panels(self, theme_controller)
        self.commands = Commands(self, self._parts())
        self.form = Form(session, self.laws, theme, settings)
        self.rail = Rail(self.form, self.sphere)
        self.bar = TopBar(session, self.laws, self.commands)
        self.transport = Transport(session, self.player, self.commands, self.sphere)
        self._menus = Menus(self.bar, self.commands, self.desk, self.readouts)
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        self._set_theme(theme, theme_controller.scale)
        self._follow(session.document, session.document)
        self._entitle()
        self.panels.restore(settings)
        self.sphere.setFocus()

    def _parts(self) -> dict[str, object]:
        """Return what commands call."""
        return {
            "session": self._session,
            "player": self.player,
            "laws": self.laws,
            "desk": self.desk,
            "exports": self.exports,
            "theme": self._theme_controller,
            "panels": self.panels,
            "readouts": self.readouts,
        }

    def _lay_out(self) -> None:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.bar, 0, 0, 1, 4)
        grid.addWidget(self.rail, 1, 0)
        grid.addWidget(self.form, 1, 1)
        grid.addLayout(self._middle(), 1, 2)
        grid.addWidget(self._measures(), 1, 3)
        grid.addWidget(self.transport, 2, 0, 1, 4)
        grid.setColumnStretch(2, 1)
        grid.setRowStretch(1, 1)
        self.setCentralWidget(page)
        sides = (self.form, self.rail, self.right)
        self.panels.hold(self.commands, self.bar, sides, (self.strip, self.transport))

    def _middle(self) -> QVBoxLayout:
        stack = QVBoxLayout()
        stack.setSpacing(0)
        stack.addWidget(self.sphere, 1)
        stack.addWidget(self.strip)
        return stack

    def _measures(self) -> QWidget:
        self.right = QWidget()
        self.right.setObjectName("right")
        self.right.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        stack = QVBoxLayout(self.right)
        stack.setContentsMargins(1, 0, 0, 0)
        stack.setSpacing(0)
        stack.addWidget(self.curves, 1)
        stack.addWidget(rule())
        stack.addWidget(self.readouts, 1)
        return self.right

    def _connect(self) -> None:
        session, sphere = self._session, self.sphere
        session.changed.connect(self._follow)
        session.history_changed.connect(self._entitle)
        session.refused.connect(self.notices.warn)
        session.told.connect(self.notices.inform)
        self._theme_controller.changed.connect(self._set_theme)
        self.player.shown.connect(self.show_frame)
        sphere.camera_turned.connect(session.turn_camera)
        sphere.request_changed.connect(self._ask)
        sphere.directed.connect(self._show_cast)
        sphere.chosen_changed.connect(self.readouts.choose)
        self.readouts.token_chosen.connect(self._choose_row)
        self.readouts.turned.connect(self._ask)
        self.curves.kinds_changed.connect(self._ask)
        self.strip.sought.connect(self.player.seek)
        self.panels.arranged.connect(self._rearranged)

    def show_frame(self, frame: Frame) -> None:
        """Pass a frame to every view."""
        layer = frame.layer and self.strip.lacks(frame)
        self.sphere.show_frame(frame, needed=layer)
        self.strip.show_frame(frame)
        if self.panels.measured:
            self.curves.show_frame(frame)
        self._ask()

    def _show_cast(self, cast: SceneInfo) -> None:
        """Pass a frame on to the views that need to know how it was directed."""
        frame = cast.frame
        if frame is None:
            return
        if self.strip.lacks(frame):
            self.strip.keep(frame, cast)
        if self.panels.measured:
            self.readouts.show_frame(frame, cast.cluster_ids, cast.colours)

    def _choose_row(self, token: int) -> None:
        self.sphere.choose((token,))

    def _ask(self) -> None:
        """Tell the engine what the views want, if that has changed."""
        request = self.sphere.request()
        if self.panels.measured:
            request = request | self.curves.request() | self.readouts.request()
        if request != self._request:
            self._request = request
            self._session.engine.request(request)

    def _follow(self, old: Document, new: Document) -> None:
        if drift := warning_of_change(old.scenario, new.scenario):
            self.notices.inform(drift)
        self.sphere.show_document(new)
        self.strip.show_document(new)
        self.readouts.follow(new.scenario)
        self._ask()

    def _entitle(self) -> None:
        session = self._session
        title = session.document.scenario.title or "Untitled"
        name = session.path.name if session.path is not None else title
        self.setWindowTitle(f"{name}[*] – Attention Orrery")
        self.setWindowModified(session.dirty)
        for name, text in (("undo", session.undo_text), ("redo", session.redo_text)):
            self.commands[name].setEnabled(bool(text))
            self.commands.rename(name, f"{name.title()} {text}".strip())

    def _set_theme(self, theme: Theme, scale: float) -> None:
        for part in (self.commands, self.bar, self.form, self.rail, self.transport):
            part.set_theme(theme, scale)
        self.strip.set_theme(theme, scale)
        self.notices.set_theme(theme, scale)
        self.exports.set_theme(theme)
        self.curves.set_theme(theme)
        self.readouts.set_theme(theme, scale)
        for name in ("system", "dark", "light"):
            self.commands[name].setChecked(name == self._theme_controller.choice)
        self.commands["reduced_motion"].setChecked(
            self._theme_controller.reduced_motion
        )
        self.sphere.orbit.reduced_motion = self._theme_controller.reduced_motion
        self._letters = 0.0
        self.panels.arrange(anew=True)

    def _rearranged(self) -> None:
        """Give the picture letters of the right size, and ask for what is on show."""
        letters = self._theme_controller.scale * (
            PRESENTED if self.panels.presenting else 1.0
        )
        if letters != self._letters:
            self._letters = letters
            self.sphere.set_theme(self._theme_controller.theme, letters)
            self.sphere.setFocus()
        self._ask()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fold the settings where there is little room."""
        super().resizeEvent(event)
        self.panels.arrange()

    def event(self, event: QEvent) -> bool:
        """Leave Space to a button that has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(
            event, QKeyEvent
        ):
            if keeps(QApplication.focusWidget(), event.key()):
                event.accept()
                return True
        return super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Open the first file that was dropped."""
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.desk.open_path(Path(url.toLocalFile()))
                event.acceptProposedAction()
                return

    def stop(self) -> None:
        """Close without asking, as when the system or a terminal says so."""
        self.stopped = True
        for other in QApplication.topLevelWidgets():
            if other is not self:
                other.close()  # the question, too, whether to save
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Ask about unsaved edits; then stop children, engine and canvas."""
        leaving = self.stopped or self.desk.may_leave()
        if not leaving and not self.stopped:  # it may have been told so meanwhile
            event.ignore()
            return
        self.panels.keep(self._settings)
        self.exports.close()
        self.transport.close()
        self._session.close()
        self.sphere.close()
        super().closeEvent(event)
