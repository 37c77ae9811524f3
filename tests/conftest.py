"""Tests need no display and no GPU: Qt draws offscreen, OpenGL through EGL."""

from __future__ import annotations

import gc
import os
import signal
import sys
from functools import partial
from itertools import count

if sys.platform == "linux" and not os.environ.get("ORRERY_TEST_SCREEN"):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ.pop("DISPLAY", None)
    os.environ.pop("WAYLAND_DISPLAY", None)
if sys.platform == "linux":
    os.environ.setdefault("EGL_PLATFORM", "surfaceless")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # in the background of a shell
    signal.signal(signal.SIGINT, signal.default_int_handler)
if workers := int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "0")):
    # Two threads at least, so that sums are still shared; their bits are the same.
    share = str(max(2, (os.cpu_count() or 1) // workers))
    os.environ.setdefault("ORRERY_THREADS", share)
    os.environ.setdefault("LP_NUM_THREADS", share)  # of Mesa's drawing

import pytest
from helpers import oracles, sampling
from helpers.executors import Immediate

GARBAGE = 200_000  # objects that gather before a test without widgets cleans up
ROUNDS = 40  # of cleaning up after single tests before all is looked at
MAX_WAIT_MS = 60_000  # until a test gives up; what is waited for takes milliseconds


def pytest_addoption(parser):
    parser.addoption("--oracles", metavar="FILE", help="write the table of oracles")
    parser.addoption("--fast", action="store_true", help="leave slow tests out")
    parser.addoption("--long", action="store_true", help="draw more random examples")


def pytest_configure(config):
    oracles.writing = config.getoption("--oracles") is not None
    sampling.long = config.getoption("--long")


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers(config):
    """Return 0 where one process is better than the ``-n auto`` of pyproject.toml.

    A table of oracles is gathered in one process, windows on one screen would take the
    focus from each other, and single tests end before a second process has started.
    """
    table, screen = config.getoption("--oracles"), os.environ.get("ORRERY_TEST_SCREEN")
    single = any("::" in name for name in config.args)
    return 0 if table or screen or single else None


def pytest_collection_modifyitems(config, items):
    if config.getoption("--fast"):
        slow = [item for item in items if item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if not item.get_closest_marker("slow")]


def pytest_sessionfinish(session, exitstatus):
    if oracles.writing and exitstatus == pytest.ExitCode.OK:
        oracles.write(session.config.getoption("--oracles"))


@pytest.fixture(scope="session", autouse=True)
def _application(qapp):
    """Make Qt's application with widgets before anything makes one without.

    Cycles are collected on this thread alone, as in the program; see
    `app.system.gc_thread`.
    """
    from app.theme import typesetting

    # Pictures do not depend on when a formula is ready.
    typesetting.pool = Immediate()
    gc.disable()
    yield qapp
    gc.enable()


@pytest.fixture(autouse=True)
def _tidy(request):
    yield
    young, _, old = gc.get_count()
    if "qtbot" in request.fixturenames or young > GARBAGE:
        gc.collect(2 if old > ROUNDS else 1)  # looking at all there is takes time


@pytest.fixture(autouse=True)
def _own_theme(_application):
    """Take back what a test set for the whole application, such as larger letters."""
    app = _application
    sheet, font, palette = app.styleSheet(), app.font(), app.palette()
    yield
    if app.styleSheet() != sheet:
        app.setStyleSheet(sheet)
    if app.font() != font:
        app.setFont(font)
    if app.palette() != palette:
        app.setPalette(palette)


@pytest.fixture
def qtbot(qtbot):
    """Wait for a minute at most: only a test that fails takes that long."""
    qtbot.waitUntil = partial(qtbot.waitUntil, timeout=MAX_WAIT_MS)
    qtbot.waitSignal = partial(qtbot.waitSignal, timeout=MAX_WAIT_MS)
    return qtbot


@pytest.fixture
def curves(qtbot):
    """The dock of curves, as wide as it is in the window."""
    from app.plots.curves import Curves
    from app.theme.palette import DARK

    made = Curves(DARK)
    qtbot.addWidget(made)
    made.resize(328, 420)
    made.show()
    return made


@pytest.fixture
def seed():
    from sim.seed import Seed

    return Seed(7)


@pytest.fixture(scope="session")
def _homes(tmp_path_factory):
    """Name a folder for every test; pytest would look through all of them each time."""
    base = tmp_path_factory.mktemp("settings")
    return (base / str(k) for k in count())


@pytest.fixture(autouse=True)
def _own_settings(_homes, monkeypatch):
    """Keep the preferences of whoever runs the tests out of them."""
    home = next(_homes)
    home.mkdir()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home))
    monkeypatch.setenv("XDG_DATA_HOME", str(home))
    monkeypatch.setenv("XDG_STATE_HOME", str(home))
    if "PySide6.QtCore" in sys.modules:
        from PySide6.QtCore import QSettings

        for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
            QSettings.setPath(QSettings.Format.IniFormat, scope, str(home))
