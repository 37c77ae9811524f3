"""The run before is covered while the first picture of another one is made."""

import time

import pytest
from helpers.windows import opened
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget

from app.document.document import Document
from app.theme.palette import DARK
from app.theme.theme import ThemeController
from app.widgets.preparing_cover import DELAY_MS, PreparingCover
from sim.engine.loop import EngineLoop


def test_a_cover_comes_after_a_while_and_follows_what_it_covers(qtbot):
    view = QWidget()
    qtbot.addWidget(view)
    view.resize(300, 200)
    view.show()
    cover = PreparingCover(view, DARK)
    cover.begin("Preparing a test…")
    assert not cover.isVisible()
    qtbot.waitUntil(cover.isVisible)
    assert cover.geometry() == view.rect()
    view.resize(310, 190)
    qtbot.waitUntil(lambda: cover.geometry() == view.rect())
    assert cover.accessibleName() == "Preparing a test…"
    cover.end()
    assert not cover.isVisible()
    cover.begin("Another…")
    cover.end()
    qtbot.wait(DELAY_MS + 50)
    assert not cover.isVisible()


@pytest.mark.screen
@pytest.mark.slow
def test_a_slow_start_is_covered_until_it_is_drawn(qapp, tmp_path, qtbot, monkeypatch):
    settings = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    themes = ThemeController(qapp, settings)
    real = EngineLoop.make_frame

    def slow(self):
        time.sleep(0.6 if len(self.playback.simulation.ids) == 30 else 0)
        real(self)

    monkeypatch.setattr(EngineLoop, "make_frame", slow)
    other = Document().edit({"title": "Slow", "tokens": 30})
    with opened(Document(), themes, settings, qtbot) as window:
        first, *others = window.first_picture.covers
        window._session.load(other)
        qtbot.waitUntil(first.isVisible)
        assert first.text == "Preparing Slow (n = 30, d = 3)…"
        assert first.geometry() == window.lanes.rect()
        assert all(cover.isVisible() for cover in others)
        qtbot.waitUntil(lambda: not first.isVisible())
        assert window.token_view.info.frame.scenario.tokens == 30
        assert not any(cover.isVisible() for cover in others)
        window._session.load(Document())
        qtbot.waitUntil(lambda: window.token_view.info.frame.scenario.tokens != 30)
        first.begin("Preparing…")
        qtbot.waitUntil(first.isVisible)
        window._session.refused.emit("It was not opened.")
        assert not first.isVisible()
