"""The whole window, offscreen: it opens, follows, folds, exports and closes cleanly."""

from __future__ import annotations

import dataclasses
import gc
import threading
from pathlib import Path
from types import SimpleNamespace

import av
import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QToolButton, QWidget
from shiboken6 import isValid

from app.document.document import Document
from app.document.player import Player
from app.document.provenance import embedded_document
from app.document.session import Session
from app.export.render_file import render_file
from app.export.render_options import RenderOptions
from app.export.subprocess_jobs import ExportJob
from app.pages.cheatsheet import CheatSheet
from app.pages.gallery import Card, Gallery
from app.pages.help import About, Help, pages
from app.theme import fonts
from app.theme.palette import DARK
from app.theme.theme import ThemeController
from app.widgets import notifications
from app.widgets.notifications import JobNotice, Notifications
from app.widgets.view import NO_REQUEST, View
from app.window import Window
from sim.engine import Engine
from sim.frame import FrameRequest
from sim.lanes import compare
from sim.recording.run_folder import record_run
from sim.simulation import Simulation

pytestmark = pytest.mark.screen

QUIET = "This plugin does not support"


@pytest.fixture
def settings(tmp_path):
    return QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def theme_controller(qapp, settings):
    fonts.install()
    kept = qapp.font(), qapp.palette()
    made = ThemeController(qapp, settings)
    made.choose("dark")
    yield made
    qapp.setStyleSheet("")
    qapp.setFont(kept[0])
    qapp.setPalette(kept[1])


@pytest.fixture
def document():
    return Document().edit({"tokens": 24, "title": "A test"})


@pytest.fixture
def window(document, theme_controller, settings, qtbot, monkeypatch):
    discard = QMessageBox.StandardButton.Discard
    monkeypatch.setattr(QMessageBox, "question", lambda *_: discard)
    session = Session(document, Engine(Simulation(document.scenario, "numpy")))
    made = Window(session, theme_controller, settings)
    made.resize(1440, 900)
    made.show()
    made.activateWindow()  # a screen without a window manager gives no focus by itself
    qtbot.waitUntil(made.isActiveWindow)
    session.start(playing=False)
    qtbot.waitUntil(lambda: made.player.frame is not None)
    yield made
    made.close()
    session.engine._thread.join(30)  # a busy machine may take longer than closing waits
    assert not session.engine._thread.is_alive()
    made.deleteLater()
    qtbot.waitUntil(lambda: not isValid(made))


@pytest.mark.slow
def test_it_shows_what_there_is(window, qtbot):
    assert window.windowTitle() == "A test[*] – Attention Orrery"
    assert not window.isWindowModified()
    assert window.token_view.width() >= 0.5 * window.width()
    assert window.form.isVisible()
    assert window.rail.isHidden()
    visible = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    assert visible == [window]


@pytest.mark.slow
def test_an_edit_is_undone_by_its_key(window, qtbot):
    session = window._session
    session.edit("dynamics.beta", 9.0)
    assert window.isWindowModified()
    assert window.commands["undo"].text() == "Undo β"
    qtbot.keyClick(window.token_view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert session.document.scenario.dynamics.beta == 4.0
    assert not window.isWindowModified()


@pytest.mark.slow
def test_keys_toggle_the_laws(window, qtbot):
    scenario = lambda: window._session.document.scenario  # noqa: E731
    qtbot.keyClick(window.token_view, Qt.Key.Key_U)
    assert scenario().dynamics.kind == "unnormalised"
    qtbot.keyClick(window.token_view, Qt.Key.Key_V)
    assert scenario().dynamics.heads.value.scale == -1.0
    qtbot.keyClick(window.token_view, Qt.Key.Key_H)
    assert (scenario().dynamics.kind, scenario().space.kind) == ("bracket", "flat")
    qtbot.keyClick(window.token_view, Qt.Key.Key_H)
    assert scenario().dynamics.gamma == 0.5
    qtbot.keyClick(window.token_view, Qt.Key.Key_A)
    assert scenario().dynamics.kind == "unnormalised"


@pytest.mark.slow
def test_space_plays_and_pauses(window, qtbot):
    qtbot.keyClick(window.token_view, Qt.Key.Key_Space)
    assert window.player.playing
    qtbot.waitUntil(lambda: window.player.t > 0.2)
    qtbot.keyClick(window.token_view, Qt.Key.Key_Space)
    assert not window.player.playing
    assert window.commands["play"].text() == "Play"


@pytest.mark.slow
def test_looking_back_and_going_on_from_there(window, qtbot):
    player = window.player
    player.play()
    qtbot.waitUntil(lambda: player.t > 0.5)
    player.seek(0.2)
    qtbot.waitUntil(lambda: player.t == 0.2)
    assert player.looking_back
    assert not player.playing
    end = player.end
    player.step_back()
    qtbot.waitUntil(lambda: player.t == pytest.approx(0.15))
    player.to_end()
    qtbot.waitUntil(lambda: player.t == end)
    assert not player.looking_back
    player.seek(0.2)
    player.play()
    qtbot.waitUntil(lambda: player.t > 0.3)
    player.pause()
    assert player.end >= end
    player.play_backwards()
    qtbot.waitUntil(lambda: player.t == 0.0)
    qtbot.waitUntil(lambda: not player.playing)


@pytest.mark.slow
def test_an_edit_while_looking_back_goes_on_from_what_is_seen(window, qtbot):
    player = window.player
    player.seek(0.3)
    qtbot.waitUntil(lambda: player.t == 0.3)
    player.to_start()
    qtbot.waitUntil(lambda: player.t == 0.0)
    window._session.edit("dynamics.beta", 2.0)
    qtbot.waitUntil(lambda: player.end == 0.0)
    assert player.frame.scenario.dynamics.beta == 2.0


@pytest.mark.slow
def test_a_refused_edit_is_reported_until_closed(window, qtbot):
    window._session.edit("dynamics.beta", 1e6)
    (bar,) = window.notices.bars
    assert bar.tone == "bad"
    assert "must be in [-64, 100000]" in bar.text
    window._session.edit("dynamics.beta", 1e6)
    assert len(window.notices.bars) == 1
    window.notices.bars[0].close_now()
    assert window.notices.bars == []


@pytest.mark.slow
def test_a_refusal_that_was_read_goes_with_the_next_edit(window, monkeypatch):
    window._session.edit("dynamics.beta", 1e6)
    window._session.edit("dynamics.beta", 5)
    assert len(window.notices.bars) == 1
    monkeypatch.setattr(notifications, "READ_S", 0.0)
    window.notices.warn("The disk is full.")
    window._session.edit("dynamics.beta", 6)
    assert [bar.text for bar in window.notices.bars] == ["The disk is full."]


@pytest.mark.slow
@pytest.mark.parametrize(("wide", "rail"), [(1024, True), (1440, False)])
def test_a_narrow_window_has_a_rail(window, qtbot, wide, rail):
    window.resize(wide, 768)
    qtbot.waitUntil(lambda: window.rail.isVisible() is rail)
    assert window.form.isHidden() is rail
    assert window.token_view.width() >= 0.5 * window.width()
    assert window.width() == wide


@pytest.mark.slow
def test_nothing_is_cut_off_in_the_bars(window, qtbot):
    for wide in (1024, 1210, 1270, 1440):
        window.resize(wide, 768)
        qtbot.wait(20)
        for button in window.findChildren(QToolButton):
            if button.isVisible():
                hint = button.minimumSizeHint()
                assert button.width() >= hint.width(), button.accessibleName()
        assert window.transport.timeline.width() >= 120


def test_the_time_of_a_step_is_of_the_run_on_show(window, qtbot):
    player, text = window.player, window.transport._status.text
    player.play()
    qtbot.waitUntil(lambda: player.pace.step_ms > 0 and " ms" in text())
    player.pause()
    window._session.edit("tokens", 5)
    assert not player.playing and " ms" not in text()
    player.play()
    qtbot.waitUntil(lambda: " ms" in text())


@pytest.mark.slow
def test_a_slow_frame_is_reported(window, qtbot, monkeypatch):
    status = window.transport._status
    monkeypatch.setattr(Player, "seconds_waiting", property(lambda _: 12.0))
    qtbot.waitUntil(lambda: "computing for 12 s" in status.text())
    assert status.property("role") == "warn"
    monkeypatch.undo()
    qtbot.waitUntil(lambda: "paused" in status.text() or "fps" in status.text())
    assert window.player.seconds_waiting == 0  # nothing is due while time stands
    window.player.play()
    assert 0 < window.player.seconds_waiting < 60


@pytest.mark.slow
def test_large_letters_fit_a_small_screen(window, theme_controller, qtbot):
    for scale, wide in ((2.0, 1600), (1.5, 1024)):
        window.resize(wide, 800)
        while theme_controller.scale < scale:
            theme_controller.grow(+1)
        while theme_controller.scale > scale:
            theme_controller.grow(-1)
        qtbot.wait(20)  # the layout learns of the letters
        window.resize(wide, 800)
        qtbot.waitUntil(lambda wide=wide: window.width() == wide)
        assert window.page.layout().minimumSize().width() <= wide
    assert window.bar._signs.isHidden()  # the rail has them, and the key V
    theme_controller.grow(0)
    window.resize(1440, 900)
    qtbot.waitUntil(lambda: not window.bar._signs.isHidden())


@pytest.mark.slow
def test_presenting_hides_all_but_the_picture(window, qtbot):
    window.panels.present(True)
    for part in (window.bar, window.form, window.page.right, window.transport):
        assert part.isHidden()
    sides = window.token_view, window.presentation.panel
    qtbot.waitUntil(lambda: sum(x.width() for x in sides) == window.width())
    qtbot.keyClick(window.token_view, Qt.Key.Key_Escape)
    assert window.bar.isVisible()
    assert window.form.isVisible()


@pytest.mark.slow
def test_a_panel_is_as_large_as_the_picture_and_stays_in_a_presentation(window, qtbot):
    window.commands["large_panel"].trigger()
    assert window.curves.isHidden() and window.form.isHidden()
    view, right = window.token_view, window.page.right
    qtbot.waitUntil(lambda: abs(view.width() - right.width()) < 60)
    window.panels.present(True)
    assert right.isVisible() and window.presentation.panel.isHidden()
    window.panels.leave()
    window.commands["large_panel"].trigger()
    assert window.curves.isVisible() and window.form.isVisible()


@pytest.mark.slow
def test_only_what_is_shown_is_measured(window, qtbot):
    assert window.views.request.matrix > 0
    window.panels.show_measures(False)
    assert window.views.request.matrix == 0
    assert isinstance(window.views.request, FrameRequest)


@pytest.mark.slow
def test_a_view_is_added_in_one_place(window, theme_controller, qtbot):
    class Stub(View):
        frames, themes = (), ()

        def request(self):
            return dataclasses.replace(NO_REQUEST, quantities=frozenset({"speed"}))

        def show_frames(self, frames):
            self.frames = frames

        def set_theme(self, theme, scale):
            self.themes = (*self.themes, theme.dark)

    stub = Stub()
    window.page.right.layout().addWidget(stub)
    window.views.add(stub)
    stub.show()
    stub.request_changed.emit()
    assert "speed" in window.views.request.quantities
    window.player.step()
    qtbot.waitUntil(lambda: any(f.t > 0 and f.speed is not None for f in stub.frames))
    theme_controller.choose("light")
    assert stub.themes == (False,)


@pytest.mark.slow
def test_colours_and_sizes_change_while_running(window, theme_controller, qtbot):
    theme_controller.choose("light")
    assert window.commands["light"].isChecked()
    assert not window.commands["dark"].isChecked()
    wide = window.form.width()
    theme_controller.grow(+1)
    qtbot.waitUntil(lambda: window.form.width() > wide)
    theme_controller.grow(0)


@pytest.mark.slow
def test_the_camera_is_kept_but_not_undone(window, qtbot):
    window.token_view.camera_turned.emit(10.0, 20.0, 1.5)
    assert window._session.document.look.camera.azimuth == 10.0
    assert not window.commands["undo"].isEnabled()


@pytest.mark.slow
def test_a_dropped_file_is_opened(window, tmp_path, qtbot):
    file = tmp_path / "dropped.json"
    Document().edit({"title": "Dropped"}).save(file)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    at, copy = QPointF(window.rect().center()), Qt.DropAction.CopyAction
    window.dropEvent(QDropEvent(at, copy, data, left, none))
    assert window.windowTitle().startswith("dropped.json")
    assert window.files.recent() == [file]


@pytest.mark.slow
def test_a_table_of_embeddings_is_opened(window, tmp_path, qtbot):
    file = tmp_path / "table.npy"
    np.save(file, np.random.default_rng(0).normal(size=(9, 5)))
    window.files.open_path(file)
    scenario = window._session.document.scenario
    assert (scenario.tokens, scenario.dimension) == (9, 5)
    qtbot.waitUntil(lambda: window.player.frame.x.shape == (9, 5))


@pytest.mark.slow
def test_unsaved_edits_are_asked_about(window, monkeypatch):
    window._session.edit("dynamics.beta", 9.0)
    cancel = QMessageBox.StandardButton.Cancel
    monkeypatch.setattr(QMessageBox, "question", lambda *_: cancel)
    assert not window.close()
    assert window._session.engine._thread.is_alive()
    discard = QMessageBox.StandardButton.Discard
    monkeypatch.setattr(QMessageBox, "question", lambda *_: discard)


@pytest.mark.slow
def test_what_is_not_finished_is_asked_about(window, monkeypatch):
    asked, film = [], SimpleNamespace(out=Path("film.mp4"))
    film.cancel = film.ask_to_stop = lambda: None

    def go_on(box):
        asked.append(box.text())
        box.defaultButton().click()

    monkeypatch.setattr(QMessageBox, "exec", go_on)
    monkeypatch.setattr(window.exports, "jobs", [film])
    assert not window.close()
    page = SimpleNamespace(work=SimpleNamespace(busy=True), halt=lambda: None)
    monkeypatch.setattr(window.diagrams, "page", page)
    assert not window.close()
    assert asked == [
        "film.mp4 is not finished.",
        "film.mp4, Phase diagram are not finished.",
    ]
    assert window._session.engine._thread.is_alive()
    window.stop()  # a signal does not ask


@pytest.mark.slow
def test_frames_of_the_run_before_cannot_be_shown(window, qtbot):
    session, player, refusals = window._session, window.player, []
    session.refused.connect(refusals.append)
    for _ in range(2):
        before = player.t
        player.step()
        qtbot.waitUntil(lambda t=before: player.t > t)
    session.edit("tokens", 9)  # no frame of it has come
    player.seek(0.0)
    player.play()
    qtbot.waitUntil(lambda: len(player.frame.x) == 9 and player.t > 0)
    assert not refusals


@pytest.mark.slow
def test_a_window_can_be_stopped_while_it_asks(window, monkeypatch):
    def stop_while_asking(*_):
        about = QDialog(window)
        about.open()
        window.stop()
        assert about.isHidden()
        return QMessageBox.StandardButton.Cancel  # as of a question that is closed

    window._session.edit("dynamics.beta", 9.0)
    monkeypatch.setattr(QMessageBox, "question", stop_while_asking)
    assert window.close()


@pytest.mark.slow
def test_the_gallery_opens_a_preset(window, qtbot):
    window.files.gallery()
    (gallery,) = window.findChildren(Gallery)
    card = gallery.findChildren(Card)[0]
    gallery._search.setText("no such preset")
    assert gallery._shown() == []
    gallery._search.setText("")
    qtbot.keyClick(gallery, Qt.Key.Key_Down)
    assert gallery.focusWidget() is gallery._cards[0]
    card.click()
    assert window._session.document.scenario.title == card.preset.title
    assert window._session.path is None
    assert not window._session.dirty


@pytest.mark.slow
def test_help_shows_every_page_and_follows_links(window, qtbot):
    for page in pages():
        window.files.help(page)
    for shown in window.findChildren(Help):
        assert len(shown.browser.toPlainText()) > 100
    first = window.findChildren(Help)[0]
    first.browser.anchorClicked.emit(QUrl("window.md"))
    assert first.list.currentItem().text() == pages()["window"]
    assert first.browser.toPlainText().startswith("The window")


@pytest.mark.slow
def test_the_other_dialogs_open(window, qtbot):
    window.files.keys()
    window.files.about()
    window.exports.video()
    window.exports.picture()
    window.exports.data()
    kinds = {type(d).__name__ for d in window.findChildren(QDialog)}
    assert {CheatSheet.__name__, About.__name__, "VideoDialog"} <= kinds
    for dialog in window.findChildren(QDialog):
        dialog.close()


@pytest.mark.slow
def test_a_picture_of_this_moment(window, tmp_path, qtbot):
    window.exports.export_picture(tmp_path / "moment.png", (320, 200), "dark")
    qtbot.waitUntil(lambda: bool(window.notices.bars))
    assert window.notices.bars[-1].tone == "good"
    assert (tmp_path / "moment.png").stat().st_size > 1000
    assert window._session.open(tmp_path / "moment.png")


@pytest.mark.slow
def test_a_picture_of_lanes_holds_all_of_them(window, tmp_path, qtbot):
    one = window._session.document
    window._session.load(one.with_comparison(compare(one.run, {"step": [0.1, 0.2]})))
    out = tmp_path / "lanes.png"
    window.exports.export_picture(out, (320, 200), "dark")
    qtbot.waitUntil(lambda: not window.exports.jobs)
    assert window.notices.bars[-1].tone == "good"
    assert embedded_document(out).comparison.titles == ("h = 0.1", "h = 0.2")


@pytest.mark.slow
def test_data_are_written_by_a_child(window, tmp_path, qtbot):
    window._session.edit("duration", 0.5)
    window.exports.start_job(("run",), tmp_path / "run")
    assert isinstance(window.notices.bars[-1], JobNotice)
    qtbot.waitUntil(lambda: not window.exports.jobs)
    assert window.notices.bars[-1].tone == "good"
    shown = window._session.recorded()
    record_run(shown.run, tmp_path / "again", window=shown.window)
    for name in ("trajectory.csv", "observables.csv"):
        made, again = (tmp_path / k / name for k in ("run", "again"))
        assert made.read_bytes() == again.read_bytes()


@pytest.mark.slow
def test_a_film_is_the_one_that_the_command_line_makes(window, tmp_path, qtbot):
    out, again = tmp_path / "window.mp4", tmp_path / "again.mp4"
    flags = ("--size", "192x128", "--fps", "10", "--seconds", "0.5", "--samples", "1")
    window.exports.start_job(("render", *flags), out)
    qtbot.waitUntil(lambda: not window.exports.jobs)
    document = window._session.document
    options = RenderOptions(size=(192, 128), fps=10, seconds=0.5, samples=1)
    render_file(document, again, options)
    films = []
    for path in (out, again):
        with av.open(str(path)) as film:
            films.append([f.to_ndarray(format="rgb24") for f in film.decode(video=0)])
    assert len(films[0]) == len(films[1]) == 5
    assert all((a == b).all() for a, b in zip(*films, strict=True))


@pytest.mark.slow
def test_a_cancelled_export_leaves_nothing(window, tmp_path, qtbot):
    command = ("render", "--size", "160x96", "--seconds", "600")
    job = window.exports.start_job(command, tmp_path / "film.mp4")
    with qtbot.waitSignal(job.progressed):
        pass
    job.cancel()
    qtbot.waitUntil(lambda: not window.exports.jobs)
    assert list(tmp_path.glob("*film*")) == []
    assert "cancelled" in window.notices.bars[-1].text


@pytest.mark.slow
def test_a_failed_export_says_why(window, tmp_path, qtbot):
    window.exports.start_job(("render", "--size", "1x1"), tmp_path / "film.mp4")
    qtbot.waitUntil(lambda: not window.exports.jobs)
    assert "film.mp4 was not exported" in window.notices.bars[-1].text
    assert "[64, 7680]" in window.notices.bars[-1].text


def test_a_job_that_cannot_start_is_reported(
    document, tmp_path, qtbot, monkeypatch, qapp
):
    monkeypatch.setattr("sys.executable", "/no/such/python")
    job = ExportJob(document, ("run",), tmp_path / "x", qapp)
    with qtbot.waitSignal(job.ended) as ended:
        job.start()
    assert ended.args[0] is False
    job.deleteLater()


@pytest.mark.slow
def test_the_preferences_are_kept(window, settings, theme_controller):
    window.form.groups["look"].fold(True)
    window.close()
    assert settings.value("geometry") is not None
    assert "look" in settings.value("folded")


def test_notices_go_by_themselves_but_errors_stay(qtbot, monkeypatch):
    monkeypatch.setitem(Notifications.__init__.__globals__["SHOWN_MS"], "info", 20)
    over = QWidget()
    qtbot.addWidget(over)
    over.resize(800, 600)
    over.show()
    notices = Notifications(over, DARK)
    notices.inform("Saved.")
    notices.warn("Not saved.")
    qtbot.waitUntil(lambda: len(notices.bars) == 1)
    assert notices.bars[0].tone == "bad"
    assert over.rect().contains(notices.geometry())
    assert notices.pos() != QPoint()


@pytest.mark.slow
def test_motion_is_reduced_for_good(window, theme_controller, settings):
    assert not window.token_view.orbit.reduced_motion
    window.commands["reduced_motion"].trigger()
    assert window.token_view.orbit.reduced_motion
    assert ThemeController(theme_controller.parent(), settings).reduced_motion
    window.commands["reduced_motion"].trigger()
    assert not window.token_view.orbit.reduced_motion


@pytest.mark.slow
def test_windows_leave_nothing_behind(document, theme_controller, settings, qtbot):
    for _ in range(2):
        session = Session(document, Engine(Simulation(document.scenario, "numpy")))
        made = Window(session, theme_controller, settings)
        made.show()
        session.start()
        qtbot.waitUntil(lambda made=made: made.player.frame is not None)
        made.close()
        made.deleteLater()
        qtbot.waitUntil(lambda made=made: not isValid(made))
    gc.collect()
    names = [t.name for t in threading.enumerate() if t.name == "engine"]
    assert names == []
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, Window)]


@pytest.mark.slow
def test_curves_after_a_presentation_are_those_of_a_run_without_a_window(window, qtbot):
    window.commands["present"].trigger()
    assert not window.curves.isVisible()
    window.player.play()
    qtbot.waitUntil(lambda: window.player.t > 2)
    window.player.pause()
    window.commands["present"].trigger()
    qtbot.waitUntil(window.curves.isVisible)
    qtbot.waitUntil(lambda: len(window.curves._plots["energy"].curve[0]) > 20)
    t, energy = window.curves._plots["energy"].curve
    run = Simulation(window._session.document.run, "numpy")
    for when, value in zip(t, energy, strict=True):
        run.reach(when)
        at = None if when > run.t - 1e-9 else when
        assert run.frame(at).measures["energy"] == value
