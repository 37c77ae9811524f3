"""The window: places bars, panels and views, and connects them to the session."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QMainWindow

from app.actions import Commands
from app.bars.menus import Menus
from app.bars.seek_notice import SeekNotice
from app.bars.topbar import TopBar
from app.bars.transport import Transport
from app.canvas.token_view import TokenView
from app.command_palette.entries import Targets, all_entries
from app.command_palette.palette import CommandPalette
from app.diagrams.actions import DiagramActions
from app.document.player import Player
from app.equation.copies import FormulaCopies
from app.equation.sheet import FormulaSheet
from app.export.controller import ExportController
from app.export.recording import Recording
from app.file_actions import FileActions
from app.first_picture import FirstPicture
from app.inspectors.merge_steps import MergeSteps
from app.inspectors.tabs import InspectorTabs
from app.labs.page import LabPage
from app.lanes.lane_actions import LaneActions
from app.lanes.lane_grid import LaneGrid
from app.layer_strip.strip import LayerStrip
from app.lessons.controls import LessonControls
from app.moments import Moments
from app.panel.form import Form
from app.panel.rail import Rail
from app.panel.toggles import LawActions
from app.panel_layout import PanelLayout
from app.plots.curves import Curves
from app.presenter import lettering
from app.presenter.presentation import Presentation
from app.sentences.actions import SentenceActions
from app.sentences.bar import SentenceBar
from app.token_card.card import TokenCard
from app.token_card.find_panel import FindPanel
from app.token_edits.painting import TokenPainter
from app.token_edits.token_actions import TokenActions
from app.widgets.button_keys import ButtonKeys
from app.widgets.notifications import Notifications
from app.widgets.view_set import ViewSet
from app.window_page import COLUMNS, WindowPage
from sim.checks.integrator import warning_of_change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QSettings
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent

    from app.command_palette.entries import Entry
    from app.document.document import Document
    from app.document.session import Session
    from app.scene.scene_info import SceneInfo
    from app.theme.palette import Theme
    from app.theme.theme import ThemeController
    from sim.frame import Frame, FrameRequest


class Window(QMainWindow):
    """Top bar, settings, tokens, layers, curves and inspectors, transport."""

    def __init__(
        self, session: Session, theme_controller: ThemeController, settings: QSettings
    ) -> None:
        super().__init__()
        self._session, self._settings = session, settings
        self._theme_controller = theme_controller
        self._shown_as: tuple[bool, float] | None = None
        self.stopped = False
        theme = theme_controller.theme
        self.law_actions, self.player = LawActions(session), Player(session)
        self.views = ViewSet(self)
        self.token_view, self.strip = TokenView(theme), LayerStrip(theme)
        self.lanes = LaneGrid(self.token_view, session.lanes, theme)
        self.lane_actions = LaneActions(session, self.player, self)
        self.sentences = SentenceBar(theme)
        self.token_actions = TokenActions(session, self.player, self.lanes, self)
        self.painter = TokenPainter(session, self.player, self.lanes, self)
        self.curves, self.inspectors = Curves(theme), InspectorTabs(theme, settings)
        self.card, self.merges = TokenCard(theme), MergeSteps(self.player)
        self.finder = FindPanel(self._scene_on_show, self.token_view)
        self.notices = Notifications(self.token_view, theme)
        self._seeking = SeekNotice(self.player, self.notices)
        kept = (theme_controller, settings, self.notices)
        self.files = FileActions(session, *kept, self)
        parts = (session, self.player, self.notices)
        self.sentence_actions = SentenceActions(*parts, self)
        self.diagrams = DiagramActions(session, theme_controller, self)
        self.exports = ExportController(
            session, self.player, self.notices, settings, self
        )
        self.recording = Recording(session, self.player, self.token_view)
        self.panels = PanelLayout(self, theme_controller)
        self.page = WindowPage(self.views)
        self.presentation = Presentation(session, self.page, theme)
        self.lesson_controls = LessonControls(
            session, self.player, settings, self.presentation, self
        )
        self.entries = CommandPalette(self._all_entries, settings, self)
        self.commands = Commands(self, self._parts())
        self.presentation.watch(self.commands)
        self.lesson_bar = self.lesson_controls.watch(self.commands, self.views, theme)
        self.sheet = FormulaSheet(theme, self.token_view, self.commands)
        self.form = Form(session, self.law_actions, theme, settings)
        self.rail = Rail(self.form, self.token_view)
        self.bar = TopBar(session, self.law_actions, self.commands)
        self.transport = Transport(session, self.player, self.commands, self.token_view)
        self.labs = LabPage(theme)
        self.lesson_controls.fill(self.bar.menu("Lesson"))
        self.inspectors.enlarge.setDefaultAction(self.commands["large_panel"])
        measures = (self.curves, self.inspectors)
        self.first_picture = FirstPicture(
            session, self.player, self.lanes, measures, theme
        )
        self._menus = Menus(self.bar, self.commands, self.files, self.inspectors)
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        ButtonKeys(self)
        self.setAnimated(False)  # else every change of a text animates the layout
        self._set_theme(theme, theme_controller.scale)
        self._follow(session.document, session.document)
        self._set_titles()
        self.panels.restore(settings)
        views = (self.token_view, self.curves, self.inspectors)
        self.moments = Moments(session, self.player, *views)
        self.token_view.setFocus()

    def _parts(self) -> dict[str, object]:
        """Return what commands call."""
        return {
            "session": self._session,
            "player": self.player,
            "recording": self.recording,
            "law": self.law_actions,
            "lanes": self.lane_actions,
            "tokens": self.token_actions,
            "painter": self.painter,
            "sentences": self.sentence_actions,
            "files": self.files,
            "diagrams": self.diagrams,
            "exports": self.exports,
            "theme": self._theme_controller,
            "panels": self.panels,
            "presentation": self.presentation,
            "lesson": self.lesson_controls.player,
            "lesson_controls": self.lesson_controls,
            "inspectors": self.inspectors,
            "formula": FormulaCopies(self._session),
            "card": self.card,
            "finder": self.finder,
            "palette": self.entries,
            "merges": self.merges,
        }

    def _all_entries(self) -> list[Entry]:
        """Return what the palette finds."""
        files, panels = self.files, self.panels
        targets = Targets(
            panels.reveal,
            files.open_preset,
            self._choose_found,
            files.help,
            self.show_lab,
            self._show_panel,
            self.inspectors.titles,
        )
        document, frame = self._session.document, self.player.frame
        return all_entries(self.commands, document, self.form.paths(), frame, targets)

    def _lay_out(self) -> None:
        page, over = self.page, (self.sheet, self.labs)
        page.place_bars(self.bar, self.lesson_bar, self.transport)
        page.place_settings(self.rail, self.form)
        page.place_picture(self.sentences, self.lanes, self.strip)
        page.place_curves(self.card, self.curves, self.inspectors)
        page.place_over(self.labs)
        self.presentation.place(page.grid, COLUMNS)
        self.setCentralWidget(page)
        sides = (self.form, self.rail, page.right)
        below = (self.strip, self.transport)
        self.panels.set_panels(self.commands, self.bar, sides, self.curves, below, over)
        for view in (*over, self.presentation.panel):
            self.views.add(view)

    def _connect(self) -> None:
        session, views = self._session, self.views
        session.changed.connect(self._follow)
        session.undo_changed.connect(self._set_titles)
        session.undo_changed.connect(self.notices.close_refusals)
        session.refused.connect(self.notices.refuse)
        session.reported.connect(self.notices.inform)
        self._theme_controller.changed.connect(self._set_theme)
        self.player.shown.connect(self._show_frame)
        self.lanes.camera_turned.connect(session.turn_camera)
        for named in (self.inspectors.lane, self.finder, self.card):
            self.lanes.titled.connect(named.show_lane)
        self.lanes.wheel_turned.connect(self.presentation.step_star)
        views.request_changed.connect(self._request_frames)
        views.time_chosen.connect(self.player.seek)
        views.look_edited.connect(session.edit)
        views.figure_requested.connect(self.exports.figures.make)
        self.sheet.setting_chosen.connect(self.panels.reveal)
        for part in (self.sheet, self.token_view):
            part.formula_menu_requested.connect(self._menus.show_formula_menu)
        self.card.opened.connect(self.panels.give_way)
        self.lanes.direction_turned.connect(self.card.turn_direction)
        self.files.labs_requested.connect(self._open_labs)
        self.labs.opened.connect(self._give_way_to_labs)
        self.labs.left.connect(self._show_run)
        self.lesson_controls.watch_labs(self.labs)
        self.presentation.lab_stepped.connect(self.labs.step_star)
        self.presentation.titled.connect(self.labs.view.show_untitled)
        self.labs.view.wheel_turned.connect(self.presentation.step_star)
        self.files.lesson_chosen.connect(self.lesson_controls.player.open)
        self.lesson_controls.player.large_panel_wanted.connect(self.panels.enlarge)
        self.lesson_controls.player.faulty.connect(self.notices.warn)
        self.lesson_controls.player.said.connect(self._say)
        self.labs.closed.connect(self.hide_labs)
        for part in (self.card, self.merges, self.labs):
            part.message.connect(self.notices.inform)
        self.sentences.entered.connect(self.sentence_actions.enter)
        self.sentence_actions.said.connect(self.sentences.say)
        self.files.folder_chosen.connect(self.sentence_actions.open_model)
        self.painter.switched.connect(self.commands["paint"].setChecked)
        self.finder.token_chosen.connect(self._choose_found)
        self.panels.arranged.connect(self._rearranged)
        self.panels.leaving.connect(self._end_presentation)
        self.recording.changed.connect(self._show_recording)
        self.recording.ended.connect(self.exports.recorded)

    def _scene_on_show(self) -> SceneInfo:
        return self.lanes.edited.info

    def show_lab(
        self,
        kind: str,
        changes: Mapping[str, object] | None = None,
        panels: tuple[int, ...] = (),
    ) -> None:
        """Show a lab over the picture and the panels; see `LabPage.show_lab`."""
        self.labs.show_lab(kind, changes)
        self.labs.view.show_first(tuple(k - 1 for k in panels))
        self.panels.show_labs(True)

    def _show_panel(self, kind: str) -> None:
        """Show a panel below the curves, whatever is in front of it."""
        self.panels.show_labs(False)
        self.panels.show_measures(True)
        self.inspectors.choose_page(kind)

    def hide_labs(self) -> None:
        """Show the run again."""
        self.panels.show_labs(False)

    def _open_labs(self) -> None:
        self.panels.show_labs(True)

    def _give_way_to_labs(self) -> None:
        self.player.pause()
        self.presentation.show_run(False)

    def _show_run(self) -> None:
        self.presentation.show_run(True)

    def _choose_found(self, token: int) -> None:
        self.lanes.choose((token,))

    def _show_frame(self, _frame: Frame) -> None:
        frames = self.player.frames  # a lane that was just added has none yet
        place = min(self._session.document.place, len(frames) - 1)
        self.views.show_frames(frames, place)

    def _show_recording(self, running: bool) -> None:
        self.commands["record"].setChecked(running)
        self.commands.rename("record", "Stop recording" if running else "Record")

    def _request_frames(self, request: FrameRequest) -> None:
        self._session.lanes.engines.request(request, self.views.between)

    def _follow(self, old: Document, new: Document) -> None:
        if drift := warning_of_change(old.scenario, new.scenario):
            self.notices.inform(drift)
        self.views.show_document(new)

    def _set_titles(self) -> None:
        session = self._session
        self.lanes.show_titles(session.document)
        title = session.document.scenario.title or "Untitled"
        name = session.path.name if session.path is not None else title
        self.setWindowTitle(f"{name}[*] – Attention Orrery")
        self.setWindowModified(session.dirty)
        for name, text in (("undo", session.undo_text), ("redo", session.redo_text)):
            self.commands[name].setEnabled(bool(text))
            self.commands.rename(name, f"{name.title()} {text}".strip())

    def _set_theme(self, theme: Theme, scale: float) -> None:
        bars = (self.bar, self.form, self.rail, self.transport, self.notices)
        for part in (self.commands, *bars, self.exports, self.entries):
            part.set_theme(theme, scale)
        for name in ("system", "dark", "light"):
            self.commands[name].setChecked(name == self._theme_controller.choice)
        reduced = self._theme_controller.reduced_motion
        self.commands["reduced_motion"].setChecked(reduced)
        self.lanes.reduce_motion(reduced)
        self.finder.set_scale(scale)
        self.presentation.set_theme(theme)
        self.lesson_controls.set_theme(theme)
        self.first_picture.set_theme(theme)
        self._shown_as = None
        self.panels.arrange(force=True)

    def _rearranged(self) -> None:
        """Set the theme of views if it or their text size changed; request frames."""
        presenting, scale = self.panels.presenting, self._theme_controller.scale
        wanted = lettering.text_scale(self.height()) if presenting else scale
        self.presentation.gives_way = self.panels.large
        self.labs.view.present(presenting)
        self.inspectors.present(wanted if presenting else 0)
        self.card.go_away(presenting)
        self.page.widen_right(presenting and self.panels.large)
        if self._shown_as != (presenting, wanted / scale):
            self._shown_as = presenting, wanted / scale
            letters = round(lettering.BODY * lettering.unit(self.height()))
            if presenting:  # first lower pictures, then what needs their room
                self.notices.close_passing()
                self.lanes.present(True, letters)
            self.presentation.show_parts(presenting, self.width(), self.height())
            self.lanes.present(presenting, letters)
            self.sentences.set_presenting(presenting)
            self.lesson_bar.set_presenting(presenting)
            self.views.set_theme(self._theme_controller.theme, scale, wanted / scale)
            self.token_view.setFocus()
        elif presenting:
            self.presentation.show_parts(True, self.width(), self.height())
        self.views.update_request()

    def _end_presentation(self) -> None:
        self.presentation.show_parts(False, self.width(), self.height())

    def _say(self, text: str) -> None:
        """Say what a lesson did: in a presentation, where keys are said."""
        if self.panels.presenting:
            self.presentation.say(text)
        else:
            self.notices.inform(text)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show the settings as a rail where there is little room."""
        super().resizeEvent(event)
        self.panels.arrange()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Accept files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Open the first file of those dropped."""
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.files.open_path(Path(url.toLocalFile()))
                event.acceptProposedAction()
                return

    def stop(self) -> None:
        """Close without asking, as on a signal from the system or a terminal."""
        self.stopped = True
        for other in QApplication.topLevelWidgets():
            if other is not self:
                other.close()  # the question, too, whether to save
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Ask about unsaved edits; then stop exports, engine and canvas."""
        leaving = self.stopped or (
            self.exports.confirm_leaving(self.diagrams.unfinished)
            and self.files.confirm_leaving()
        )
        if not leaving and not self.stopped:  # `stop` may have been called meanwhile
            event.ignore()
            return
        self.panels.keep(self._settings)
        self.exports.close()
        self.diagrams.stop()
        self.transport.close()
        self.presentation.stop()
        self.lesson_controls.stop()
        self._session.close()
        self.lanes.close()
        super().closeEvent(event)
