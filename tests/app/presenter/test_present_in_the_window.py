"""Present, in the window: what is shown, what keys and wheel change, how to leave."""

import pytest
from helpers.windows import opened
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QFontInfo, QWheelEvent
from PySide6.QtWidgets import QApplication

from app.document.document import Document
from app.presenter import lettering
from app.theme import fonts
from app.theme.theme import ThemeController
from app.widgets.font_sizes import small_font


@pytest.fixture
def window(qapp, tmp_path, qtbot):
    fonts.install()
    settings = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    theme = ThemeController(qapp, settings)
    theme.choose("dark")
    document = Document().edit({"tokens": 12, "title": "A test"})
    with opened(document, theme, settings, qtbot) as made:
        made.activateWindow()
        qtbot.waitUntil(made.isActiveWindow)
        yield made


def wheel(widget, notches):
    at = QPointF(widget.rect().center())
    turn = QPoint(0, 120 * notches)
    none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    modifiers = Qt.KeyboardModifier.NoModifier
    place = widget.mapToGlobal(at)
    event = QWheelEvent(at, place, QPoint(), turn, none, modifiers, phase, False)
    QApplication.sendEvent(widget, event)


@pytest.mark.slow
def test_keys_and_wheel_change_the_star_setting(window, qtbot):
    view, presentation, key = window.token_view, window.presentation, Qt.Key
    beta = lambda: window._session.document.scenario.dynamics.beta  # noqa: E731
    camera = view.orbit.camera
    qtbot.keyClick(view, key.Key_Up)
    assert beta() == 4.0  # outside a presentation it turns the globe
    assert view.orbit.camera != camera
    window.resize(1024, 768)
    qtbot.keyClick(view, key.Key_F5)
    shown = (presentation.header, presentation.panel, presentation.footer)
    assert all(part.isVisible() for part in shown)
    assert not window.bar.isVisible() and not window.transport.isVisible()
    qtbot.keyClick(view, key.Key_Up)
    assert beta() == 5.0
    assert presentation.footer.key == ("↑", "β 5")
    assert presentation.panel.facts().star == ("β", "5")
    wheel(view, -2)
    assert beta() == 3.0
    assert view.orbit.camera.zoom == camera.zoom
    qtbot.keyClick(view, key.Key_B)
    assert presentation.cover.mode == "blank"
    qtbot.keyClick(view, key.Key_S)
    assert presentation.cover.mode == "spotlight"
    qtbot.keyClick(view, key.Key_Escape)
    assert not any(part.isVisible() for part in shown)
    assert presentation.cover.mode == ""
    assert window.bar.isVisible()
    wheel(view, 1)
    assert beta() == 3.0


@pytest.mark.slow
def test_four_lanes_fit_a_projector(window, qtbot):
    window.resize(1024, 768)
    window.panels.present(True)
    values = [{"dynamics.beta": float(beta)} for beta in (1, 2, 4, 8)]
    window.presentation.show_words("A title", "words " * 60, "3 of 9")
    assert window._session.lanes.compare(values, "four")
    qtbot.waitUntil(lambda: len(window.lanes.panes) == 4)
    qtbot.wait(50)
    assert (window.width(), window.height()) == (1024, 768)
    assert window.minimumSizeHint().height() <= 768
    window.panels.enlarge(True)
    for kind in window.inspectors.fitting:
        window.inspectors.show_page(kind)
        qtbot.wait(1)
        assert (window.width(), window.height()) == (1024, 768), kind
        letters = QFontInfo(small_font(window.inspectors.page(kind))).pixelSize()
        assert letters >= int(768 / lettering.UNITS), kind
    window.lanes.choose((1,))
    assert not window.card.isVisible()
    assert not window.presentation.footer.isVisible()
    window.panels.present(False)
    assert window.card.isVisible()
    window.panels.enlarge(False)
    qtbot.wait(1)
    assert (window.width(), window.height()) == (1024, 768)
    window.panels.present(True)  # with the lanes that are there
    qtbot.wait(1)
    assert (window.width(), window.height()) == (1024, 768)
