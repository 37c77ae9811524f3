"""A window notes the moment on show, and shows it again; it asks before it reads."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from helpers.windows import opened
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from shiboken6 import isValid

from app.document.document import Document
from app.document.moment import Moment
from app.document.provenance import embedded_document
from app.document.session import Session
from app.system.startup import Window
from app.theme.theme import ThemeController
from sim.engine import Engine
from sim.io.embedded_files import _folder
from sim.scenario import Scenario, edit
from sim.schedule import Change, Run
from sim.simulation import Simulation
from sim.tokens.edits import AddedToken, TokenEdits

pytestmark = pytest.mark.screen


@pytest.fixture
def window(qapp, tmp_path, qtbot):
    document = Document().edit({"tokens": 12})
    settings = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    themes = ThemeController(qapp, settings)
    with opened(document, themes, settings, qtbot) as made:
        yield made


@pytest.fixture
def answers(monkeypatch):
    """The buttons to press in questions, and the texts that were asked."""
    asked, presses = [], []

    def execute(box):
        asked.append(f"{box.text()}\n{box.informativeText()}")
        wanted = presses.pop(0)
        QTimer.singleShot(0, next(b for b in box.buttons() if b.text() == wanted).click)
        box.open()
        while box.isVisible():
            QApplication.processEvents()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", execute)
    return asked, presses


@pytest.fixture
def foreign(tmp_path):
    """A scenario that names a table of another folder."""
    (tmp_path / "far").mkdir()
    (tmp_path / "near").mkdir()
    table = tmp_path / "far" / "tokens.npy"
    np.save(table, np.random.default_rng(0).normal(size=(9, 3)))
    start = {"initial": "file", "initial.path": str(table)}
    document = Document(edit(Scenario(title="Foreign"), start))
    file = tmp_path / "near" / "foreign.json"
    file.write_text(document.to_json(), encoding="utf-8")
    return file


@pytest.mark.slow
def test_a_saved_moment_is_shown_again(window, tmp_path, qtbot):
    session, file = window._session, tmp_path / "kept.json"
    window.player.seek(1.23)
    qtbot.waitUntil(lambda: window.player.t == 1.23)
    window.token_view.choose((2, 5))
    window.inspectors.choose_page("cosines")
    window.curves.kinds = ("order", "f_hat")
    session.turn_camera(77.0, -12.0, 1.5)
    session.save(file)
    x = window.player.frame.x.copy()
    saved = Document.load(file)
    moment = Moment(window.player.t, (2, 5), "cosines", ("order", "f_hat"))
    assert saved.moment == moment
    assert not session.dirty

    law = {"tokens": 3, "dynamics": "linear"}
    session.load(Document().edit(law))
    qtbot.waitUntil(lambda: len(window.player.frame.x) == 3)
    window.inspectors.choose_page("attention")
    assert window.token_view.chosen == ()
    assert window.curves.kinds != moment.curves

    assert session.open(file)
    qtbot.waitUntil(lambda: window.token_view.chosen == (2, 5))
    qtbot.waitUntil(lambda: window.player.t == moment.t)
    assert not window.player.playing
    assert np.array_equal(window.player.frame.x, x)
    assert window.inspectors.kind == "cosines"
    qtbot.waitUntil(lambda: window.curves.kinds == ("order", "f_hat"))
    assert session.document.look.camera.azimuth == 77.0
    camera = window.token_view.orbit
    qtbot.waitUntil(lambda: camera.camera.azimuth == pytest.approx(77.0, abs=1.0))


@pytest.mark.slow
def test_a_moment_that_is_on_its_way_is_saved(window, tmp_path, qtbot):
    file, again = tmp_path / "kept.json", tmp_path / "again.json"
    window._session.load(Document(edit(Scenario(tokens=12), {})).at(2.5))
    assert window._session.save(file)
    assert window.player.t < 2.5
    assert Document.load(file).moment.t == 2.5
    qtbot.waitUntil(lambda: window.player.t == 2.5)
    window.player.step()
    qtbot.waitUntil(lambda: window.player.t > 2.5)
    assert window._session.save(again)
    assert Document.load(again).moment.t == window.player.t


@pytest.mark.slow
def test_a_picture_has_the_moment_that_it_shows(window, tmp_path, qtbot):
    for _ in range(3):
        before = window.player.t
        window.player.step()
        qtbot.waitUntil(lambda before=before: window.player.t > before)
    t, out = window.player.t, tmp_path / "now.png"
    window.token_view.choose((1,))
    window.exports.export_picture(out, (96, 64), "dark")
    qtbot.waitUntil(out.exists, timeout=20_000)
    found = embedded_document(out)
    assert found is not None
    assert found.moment == Moment(t, (1,), window.inspectors.kind, window.curves.kinds)


@pytest.mark.slow
def test_foreign_files_are_read_after_consent_only(window, foreign, answers, qtbot):
    asked, presses = answers
    shutil.rmtree(foreign.parent.parent / "far")  # a question even if it is not there
    presses.append("Do not open")
    window.files.open_path(foreign)
    assert window._session.document.scenario.title == ""
    assert "foreign.json names files outside its own folder" in asked[0]
    assert "tokens.npy" in asked[0]

    (foreign.parent.parent / "far").mkdir()
    table = foreign.parent.parent / "far" / "tokens.npy"
    np.save(table, np.random.default_rng(0).normal(size=(9, 3)))
    presses.append("Read")
    window.files.open_path(foreign)
    assert window._session.document.scenario.title == "Foreign"
    qtbot.waitUntil(lambda: window.player.frame.x.shape == (9, 3))
    assert len(asked) == 2


@pytest.mark.slow
def test_escape_does_not_open(window, foreign, monkeypatch):
    def execute(box):
        QTest.keyClick(box, Qt.Key.Key_Escape)
        return 0

    monkeypatch.setattr(QMessageBox, "exec", execute)
    window.files.open_path(foreign)
    assert window._session.document.scenario.title == ""


@pytest.mark.slow
def test_a_changed_source_is_reported_once(window, foreign, tmp_path):
    reports = []
    window._session.reported.connect(reports.append)
    document = Document.load(foreign, allow_files=True)
    file = tmp_path / "far" / "beside.json"
    document.save(file)
    assert window._session.open(file)
    assert reports == []
    np.save(tmp_path / "far" / "tokens.npy", np.ones((4, 3)))
    assert window._session.open(file)
    assert [r for r in reports if "tokens.npy has changed since" in r] == reports
    assert len(reports) == 1
    assert window._session.document.scenario.tokens == 4


@pytest.mark.slow
def test_a_window_starts_at_the_moment_of_its_file(qapp, tmp_path, qtbot):
    run = Run(Scenario(tokens=12), (Change(0.4, {"dynamics.beta": 3.0}),))
    document = Document.of_run(run, moment=Moment(0.7, (3,), "cosines", ("order",)))
    settings = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    session = Session(document, Engine(Simulation(document.run, "numpy")))
    window = Window(session, ThemeController(qapp, settings), settings)
    window.show()
    session.start(playing=False)
    qtbot.waitUntil(lambda: window.player.frame is not None and window.player.t == 0.7)
    assert window.player.frame.scenario.dynamics.beta == 3.0
    qtbot.waitUntil(lambda: window.token_view.chosen == (3,))
    assert window.inspectors.kind == "cosines"
    qtbot.waitUntil(lambda: window.curves.kinds == ("order",))
    window.stop()
    session.engine._thread.join(30)
    window.deleteLater()
    qtbot.waitUntil(lambda: not isValid(window))


@pytest.mark.slow
def test_a_token_that_comes_later_is_chosen_there(window, tmp_path, qtbot):
    x = (0.0, 0.0, 1.0)
    added = Change(0.4, tokens=TokenEdits(add=(AddedToken(x),)))
    run = Run(Scenario(tokens=5), (added,))
    file = tmp_path / "added.json"
    Document.of_run(run, moment=Moment(0.6, (2, 5))).save(file)
    assert window._session.open(file)
    qtbot.waitUntil(lambda: window.token_view.chosen == (2, 5))
    qtbot.waitUntil(lambda: window.player.t == 0.6)
    Document.of_run(run, moment=Moment(0.2, (2, 77))).save(file)
    assert window._session.open(file)
    qtbot.waitUntil(lambda: window.token_view.chosen == (2,))


@pytest.mark.slow
def test_a_child_exports_files_of_the_user(window, tmp_path, qtbot):
    source, away = tmp_path / "source", tmp_path / "away"
    source.mkdir()
    away.mkdir()
    table = source / "tokens.npy"
    np.save(table, np.random.default_rng(0).normal(size=(7, 3)))
    window.files.open_path(table)
    window._session.edit("duration", 0.5)
    flags = ("render", "--size", "96x64", "--fps", "10", "--seconds", "0.2")
    window.exports.start_job(flags, away / "film.mp4")
    window.exports.start_job(("run",), away / "run")
    qtbot.waitUntil(lambda: not window.exports.jobs, timeout=60_000)
    shutil.rmtree(source)
    for name in ("film.mp4", "run/trajectory.csv", "run/scenario.json"):
        again = embedded_document(away / name)
        assert again is not None
        assert again.scenario.tokens == 7
    # what came out of an export is recovered after a crash, without its folder
    assert window._session.open(away / "film.mp4")
    lost = tmp_path / "recovery.json"
    window._session.recorded().save(lost, local=True)
    assert "base64" in lost.read_text() or '"text"' in lost.read_text()
    assert str(_folder()) not in lost.read_text()


@pytest.mark.parametrize("typed", ["beta=2.5", "a"])
def test_a_name_with_a_dot_is_kept_and_nothing_replaced_unasked(
    window, tmp_path, monkeypatch, answers, typed
):
    asked, presses = answers
    chosen = (str(tmp_path / typed), "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: chosen)
    assert window.files.save_as() and not asked
    file = tmp_path / f"{typed}.json"
    kept = file.read_bytes()
    assert Document.load(file)
    presses.append("Cancel")
    window.player._session.edit("dynamics.beta", 7.0)
    assert not window.files.save_as()
    assert file.name in asked[0] and file.read_bytes() == kept
