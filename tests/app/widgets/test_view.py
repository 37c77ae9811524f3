"""The abstract view: one signature for all, and nothing of it left out."""

from __future__ import annotations

import inspect

import pytest
from helpers.scenes import scene_of
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app import window as _window  # imports every view  # noqa: F401
from app.inspectors.page import Page
from app.inspectors.tabs import PAGES
from app.theme.palette import DARK, LIGHT
from app.widgets.view import NO_REQUEST, View
from app.widgets.view_set import ViewSet
from sim import Scenario, Simulation
from sim.frame import FrameRequest


class Recorder(View):
    """Keeps what it is passed."""

    enlarges = True

    def __init__(self, wanted=NO_REQUEST):
        super().__init__()
        self.wanted, self.calls = wanted, []

    def request(self):
        return self.wanted

    def show_frames(self, frames):
        self.calls.append(("frames", *frames))

    def set_theme(self, theme, scale):
        self.calls.append(("theme", theme, scale))

    def show_scenes(self, scenes):
        self.calls.append(("scenes", *scenes))

    def choose(self, tokens):
        self.calls.append(("chosen", *tokens))


class Hidden(Recorder):
    shows_hidden = True

    def needs_scene(self, frame):
        return True

    def build_scene(self, frame):
        self.calls.append(("build", frame))


def views(base=View):
    for view in base.__subclasses__():
        yield view
        yield from views(view)


OURS = [v for v in views() if v.__module__.startswith("app.")]
SPEED = frozenset({"speed"})
FRAME = Simulation(Scenario(tokens=6), "numpy").frame()


@pytest.fixture
def window(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    QVBoxLayout(made)
    return made


def test_every_view_of_the_window_is_among_them():
    names = {v.__name__ for v in OURS}
    assert {"TokenView", "Curves", "LayerStrip", "InspectorTabs"} <= names
    assert {p.__name__ for p in PAGES} <= names


@pytest.mark.parametrize("view", OURS, ids=lambda v: v.__name__)
def test_every_view_has_the_signatures_of_the_abstract_one(view):
    for name, method in vars(View).items():
        if inspect.isfunction(method):
            ours = inspect.signature(getattr(view, name))
            assert str(ours) == str(inspect.signature(method)), name


def test_what_is_abstract_cannot_be_made(qapp):
    with pytest.raises(TypeError, match="View does not implement request, set_theme"):
        View()
    with pytest.raises(TypeError, match="Page does not implement draw"):
        Page(DARK)


def test_frames_and_scenes_reach_the_views_on_show(window):
    seen, folded, kept = Recorder(), Recorder(), Hidden()
    shown = ViewSet(window)
    for view in (seen, folded, kept):
        window.layout().addWidget(view)
        shown.add(view)
    folded.hide()
    kept.hide()
    shown.show_frames((FRAME,))
    scene = scene_of(FRAME)
    seen.scenes_built.emit((scene,))
    assert seen.calls == [("frames", FRAME), ("scenes", scene)]
    assert kept.calls == [("build", FRAME), *seen.calls]
    assert folded.calls == []


def test_requests_of_views_on_show_are_joined(window):
    rows, speeds = Recorder(FrameRequest(frozenset(), False, rows=(2,))), Recorder()
    shown, asked = ViewSet(window), []
    shown.request_changed.connect(asked.append)
    for view in (rows, speeds):
        window.layout().addWidget(view)
        shown.add(view)
    shown.update_request()
    speeds.wanted = FrameRequest(frozenset({"order"}), False, quantities=SPEED)
    speeds.request_changed.emit()
    speeds.request_changed.emit()
    rows.hide()
    shown.update_request()
    both = FrameRequest(frozenset({"order"}), False, rows=(2,), quantities=SPEED)
    assert asked == [rows.wanted, both, speeds.wanted]


def test_theme_and_choice_reach_all(window):
    one, two = Recorder(), Recorder()
    shown = ViewSet(window)
    shown.add(one)
    shown.add(two)
    shown.set_theme(LIGHT, 1.5)
    shown.set_theme(DARK, 1.5, 2.0)
    two.tokens_chosen.emit((3, 1))
    assert one.calls == two.calls
    assert one.calls == [("theme", LIGHT, 1.5), ("theme", DARK, 3.0), ("chosen", 3, 1)]


def test_a_page_asks_for_nothing_while_it_is_hidden(qtbot, tmp_path):
    settings = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    from app.inspectors.tabs import PAGE_KEY, InspectorTabs

    settings.setValue(PAGE_KEY, "cosines")
    tabs = InspectorTabs(DARK, settings)
    qtbot.addWidget(tabs)
    assert tabs.request() == NO_REQUEST
    tabs.show()
    assert tabs.request() != NO_REQUEST
