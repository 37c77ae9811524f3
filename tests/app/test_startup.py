"""Starting: what is refused, what is caught, what is remembered."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from helpers.paths import ROOT
from PySide6.QtCore import QObject, QTimer, qInstallMessageHandler
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from app.document.autosave import Autosave
from app.document.document import Document
from app.system import application, display, error_reporting, startup
from app.system.application import spare_full_cache
from app.system.gc_thread import MainThreadGC
from app.system.opening_window import OpeningWindow, opened
from app.theme.fonts import BODY_PT
from app.theme.palette import LIGHT
from app.window import Window
from sim.cli.guard import STOPPING


def test_a_pyside_that_loses_none_is_refused(monkeypatch):
    application.check_reference_counts()
    counts = iter([10_000, 5_000])
    monkeypatch.setattr(sys, "version_info", (3, 11, 7))
    monkeypatch.setattr(sys, "getrefcount", lambda _: next(counts))
    with pytest.raises(RuntimeError, match="aborts within seconds"):
        application.check_reference_counts()


def test_there_is_one_application(qapp):
    assert application.application() is qapp


def test_preferences_of_another_version_are_dropped():
    settings = application.preferences()
    settings.setValue("version", 99)
    settings.setValue("theme", "light")
    settings.sync()
    again = application.preferences()
    assert again.value("theme") is None


@pytest.mark.parametrize(
    "damaged",
    [
        bytes(range(256)),
        b"\0" * 100,
        b"<html>\n</html>\n",
        b"[General]\ntheme=light\n",  # cut off: a version always follows
        b"[General\nversion=1\n",
        b"[General]\nversion=99\n",
    ],
)
def test_damaged_preferences_are_kept_aside(damaged):
    settings = application.preferences()
    settings.sync()
    assert application.set_preferences_aside() is None
    file = Path(settings.fileName())
    file.write_bytes(damaged)
    aside = application.set_preferences_aside()
    assert aside is not None and aside.read_bytes() == damaged
    assert not file.exists()
    assert application.preferences().value("theme") is None


@pytest.fixture
def hooks():
    import faulthandler
    import threading

    kept = sys.excepthook, threading.excepthook
    signals = [(s, signal.getsignal(s)) for s in (signal.SIGINT, *STOPPING)]
    handlers = list(error_reporting.log.handlers)
    yield
    sys.excepthook, threading.excepthook = kept
    for number, handler in signals:
        signal.signal(number, handler)
    for handler in set(error_reporting.log.handlers) - set(handlers):
        error_reporting.log.removeHandler(handler)
        handler.close()
    qInstallMessageHandler(None)
    faulthandler.disable()


class Closer(QObject):
    """Closes the window once it has shown a frame."""

    def __init__(self):
        super().__init__()
        self.seen = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(20)

    def look(self):
        for window in QApplication.topLevelWidgets():
            if isinstance(window, Window) and window.player.frame is not None:
                self.seen = True
                self._timer.stop()
                window.close()
                window.deleteLater()


@pytest.mark.slow
def test_the_window_opens_and_closes(qapp, hooks):
    font, palette = qapp.font(), qapp.palette()
    closer = Closer()
    code = startup.start(Document().edit({"tokens": 8}), "numpy", theme="light")
    assert code == 0
    assert closer.seen
    qapp.setStyleSheet("")
    qapp.setFont(font)
    qapp.setPalette(palette)


def test_the_layout_stands_where_the_window_will(qapp, qtbot):
    settings = application.preferences()
    first = OpeningWindow(LIGHT, 1.0, settings)
    qtbot.addWidget(first)
    assert (first.font().family(), first.font().pointSizeF()) == ("Inter", BODY_PT)
    first.resize(1440, 900)
    picture = first.grab().toImage()
    for at, colour in (((10, 10), LIGHT.panel), ((700, 60), LIGHT.canvas)):
        assert picture.pixelColor(*at).name() == colour.lower()


@pytest.mark.slow
def test_garbage_is_collected_on_this_thread_alone(qapp):
    class Knot(QObject):
        died_on = None

        def __del__(self):
            Knot.died_on = threading.current_thread()

    collector = MainThreadGC(qapp)
    try:
        assert not gc.isenabled()
        knot = Knot()
        knot.itself = knot
        del knot
        worker = threading.Thread(target=lambda: [[] for _ in range(100_000)])
        worker.start()
        worker.join()
        assert Knot.died_on is None
        kept = [[] for _ in range(2 * gc.get_threshold()[0])]
        collector.collect()
        assert Knot.died_on is threading.main_thread() and kept
    finally:
        collector.deleteLater()


@pytest.mark.slow
def test_what_is_old_is_looked_through_when_time_stands_still(qapp, monkeypatch):
    looked, counts = [], [(0, 0, 11)]
    monkeypatch.setattr(gc, "get_threshold", lambda: (700, 10, 10))
    engine = SimpleNamespace(playing=True)
    collector = MainThreadGC(qapp, engine)
    try:
        monkeypatch.setattr(gc, "get_count", lambda: counts[-1])
        monkeypatch.setattr(gc, "collect", looked.append)
        for count, playing, wanted in (
            ((0, 0, 11), True, []),
            ((0, 11, 11), True, [1]),
            ((701, 0, 101), True, [2]),
            ((0, 0, 11), False, [2]),
            ((701, 0, 10), False, [0]),
        ):
            counts.append(count)
            engine.playing = playing
            looked.clear()
            collector.collect()
            assert looked == wanted
    finally:
        collector.deleteLater()


def test_a_signal_closes_between_drawings_without_asking(qapp, qtbot, hooks):
    class Stopped(QObject):
        count = 0

        def stop(self):
            self.count += 1

    window = Stopped()
    error_reporting.install_handlers(window)
    signal.raise_signal(signal.SIGINT)
    assert window.count == 0
    qtbot.waitUntil(lambda: window.count == 1)


def test_a_home_that_cannot_be_written_stops_nothing(tmp_path, monkeypatch, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("XDG_STATE_HOME", str(blocked))
    assert error_reporting.start_log("orrery") is None
    assert "no log is kept" in capsys.readouterr().err

    class Session(QObject):
        document, dirty = Document(), True

    recovery = Autosave(Session(), blocked / "recovery")
    assert not recovery.kept
    recovery.write()
    recovery.close(write=True)
    assert blocked.read_text() == "in the way"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux asks for libraries")
def test_missing_libraries_are_one_line_to_copy(monkeypatch):
    monkeypatch.setattr(display, "_loads", lambda name: False)
    monkeypatch.setattr(display, "_has_driver", lambda: False)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    window, drawing = display.why_no_window(), display.why_no_drawing()
    words = window.partition("apt-get install -y ")[2].split()
    for package in ("libglib2.0-0", "libxcb-cursor0", "libegl1", "libgl1-mesa-dri"):
        assert package in words
    assert "apt-get update && " in window and "\n" not in window
    assert set(drawing.partition("install -y ")[2].split()) < set(words)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has such displays")
def test_a_display_that_does_not_answer_is_one_line(monkeypatch):
    monkeypatch.setattr(display, "missing_packages", lambda libraries: [])
    monkeypatch.setenv("DISPLAY", ":770")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    assert display.why_no_window().startswith("the display :770 does not answer. Use")
    monkeypatch.delenv("DISPLAY")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert display.why_no_window().startswith("no display: DISPLAY is not set. Use")
    monkeypatch.setenv("QT_QPA_PLATFORM", "cocoa")
    assert "does not have here. It has" in display.why_no_window()
    for there in ("offscreen", "offscreen:size=9x9", "cocoa;minimal", "wayland-egl"):
        monkeypatch.setenv("QT_QPA_PLATFORM", there)
        assert display.why_no_window() is None


@pytest.mark.slow
def test_what_is_closed_while_it_opens_does_not_open(qapp, hooks, monkeypatch, qtbot):
    monkeypatch.setattr(startup, "MainThreadGC", lambda *_: None)  # for a process alone
    font, palette = qapp.font(), qapp.palette()
    opening = opened("light")
    opening.shown.close()
    document = Document().edit({"tokens": 8})
    assert startup.start(document, "numpy", opening=opening) == 0  # it would stay open
    for made in [w for w in qapp.topLevelWidgets() if isinstance(w, Window)]:
        made.stop()
        made.deleteLater()
        qtbot.waitUntil(lambda made=made: not isValid(made))
    qapp.setStyleSheet("")
    qapp.setFont(font)
    qapp.setPalette(palette)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux asks for libraries")
def test_here_nothing_is_missing_to_draw():
    assert display.why_no_drawing() is None


def test_a_full_disk_has_no_cache_of_shaders(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "not" / "there"))
    for free, disabled in ((1 << 30, None), (4096, "true")):
        monkeypatch.delenv("MESA_SHADER_CACHE_DISABLE", raising=False)
        found = SimpleNamespace(free=free)
        monkeypatch.setattr("shutil.disk_usage", {tmp_path: found}.__getitem__)
        spare_full_cache()
        assert os.environ.pop("MESA_SHADER_CACHE_DISABLE", None) == disabled


@pytest.mark.parametrize("how", ["no folder", "read-only"])
def test_a_home_that_cannot_be_written_has_no_cache_of_shaders(
    monkeypatch, tmp_path, how
):
    home = tmp_path / "home"
    if how == "no folder":
        home.touch()
    else:
        home.mkdir()
        monkeypatch.setattr("os.access", lambda path, mode: path != home)
    monkeypatch.setenv("XDG_CACHE_HOME", str(home))
    monkeypatch.delenv("MESA_SHADER_CACHE_DISABLE", raising=False)
    spare_full_cache()
    assert os.environ.pop("MESA_SHADER_CACHE_DISABLE", None) == "true"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are another matter there")
@pytest.mark.parametrize("when", ["modules are read", "words are read"])
def test_ctrl_c_before_a_command_is_one_line(when):
    script = """
import signal, sys, types

def stop(*_):
    signal.raise_signal(signal.SIGINT)

class Command(types.ModuleType):
    main = property(stop) if sys.argv[1] == "modules are read" else stop

sys.modules["app.__main__"] = Command("app.__main__")
from app.entry import main
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", script, when], capture_output=True, text=True, cwd=ROOT
    )
    assert (done.returncode, done.stderr) == (130, "orrery: stopped.\n")


@pytest.mark.slow
def test_a_thread_that_goes_on_does_not_keep_a_stopped_command():
    script = """
import sys, threading, types

def run():
    threading.Thread(target=threading.Event().wait).start()
    return 130

program = sys.modules["app.__main__"] = types.ModuleType("app.__main__")
program.main = run
from app.entry import main
sys.exit(main())
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, timeout=60)
    assert done.returncode == 130
