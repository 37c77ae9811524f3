"""The readouts below the curves: their tabs, and what each page says in numbers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSettings, Qt

from app.dress.palette import DARK, LIGHT
from app.views import readouts
from app.views.matrix import MatrixView
from app.views.page import NOTHING, Page
from app.views.readouts import Readouts
from sim import Scenario, edit
from sim.frame import Wish

SMALL = Scenario(tokens=12)


class Counted(Page):
    """A page that fits laws with more than 20 tokens, and says so with a dot."""

    kind, title, icon = "counted", "Counted", "tokens"
    wants = Wish(frozenset({"order"}), clusters=False)

    @classmethod
    def fits(cls, scenario):
        return scenario.tokens > 20

    @classmethod
    def flag(cls, scenario):
        return "Fifty." if scenario.tokens == 50 else ""

    def draw(self, frame, numbers, colours):
        self._tip.setText(f"{frame.t:g}")


@pytest.fixture
def settings(tmp_path):
    return QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def stack(qtbot, settings, monkeypatch):
    monkeypatch.setattr(readouts, "PAGES", (Counted, MatrixView))
    made = Readouts(DARK, settings)
    qtbot.addWidget(made)
    made.resize(327, 360)
    made.show()
    made.follow(edit(SMALL, {"tokens": 30}))
    return made


def test_a_page_that_does_not_fit_gives_way_and_comes_back(stack):
    stack.choose_page("counted")
    assert (stack.kind, stack.fitting) == ("counted", ("counted", "matrix"))
    stack.follow(SMALL)
    assert (stack.kind, stack.fitting) == ("matrix", ("matrix",))
    assert stack.page("matrix").isVisible()
    assert not stack.page("counted").isVisible()
    stack.follow(edit(SMALL, {"tokens": 30}))
    assert stack.kind == "counted"
    assert stack.page("counted").isVisible()


def test_the_choice_is_remembered_also_while_it_does_not_fit(stack, settings, qtbot):
    stack.choose_page("counted")
    stack.follow(SMALL)
    again = Readouts(DARK, settings)
    qtbot.addWidget(again)
    again.follow(SMALL)
    assert again.kind == "matrix"
    again.follow(edit(SMALL, {"tokens": 30}))
    assert again.kind == "counted"


def test_an_unknown_remembered_page_is_forgotten(settings, qtbot):
    settings.setValue(readouts.KEPT, "nonsense")
    made = Readouts(DARK, settings)
    qtbot.addWidget(made)
    assert made.kind == readouts.PAGES[0].kind


def test_only_the_page_in_front_wishes(stack):
    stack.choose_page("counted")
    assert stack.wish() == Counted.wants
    with_matrix = stack.page("matrix").wish()
    assert with_matrix == NOTHING
    stack.choose_page("matrix")
    assert stack.wish().matrix == 288
    stack.hide()
    assert stack.wish() == NOTHING


def test_arrows_turn_the_pages(stack, qtbot):
    stack.choose_page("counted")
    with qtbot.waitSignal(stack.turned):
        qtbot.keyClick(stack._tabs, Qt.Key.Key_Right)
    assert stack.kind == "matrix"
    stack.turn(1)
    assert stack.kind == "counted"
    stack.turn(-1)
    assert stack.kind == "matrix"


def test_tabs_say_their_names_and_a_dot_its_reason(stack):
    assert [stack._tabs.tabToolTip(k) for k in range(2)] == ["Counted", "Attention A"]
    plain = stack._tabs.tabIcon(0).pixmap(18).toImage()
    stack.follow(edit(SMALL, {"tokens": 50}))
    assert stack._tabs.tabToolTip(0) == "Counted. Fifty."
    assert stack._tabs.tabIcon(0).pixmap(18).toImage() != plain
    stack.follow(SMALL)
    assert not stack._tabs.isTabVisible(0)


def test_every_page_is_in_the_table_once_and_the_last_always_fits():
    kinds = [page.kind for page in readouts.PAGES]
    assert len(set(kinds)) == len(kinds)
    assert all(page.title and page.icon for page in readouts.PAGES)


def test_pages_change_clothes(stack):
    before = stack.grab().toImage()
    stack.dress(LIGHT, 2.0)
    assert stack.grab().toImage() != before
    assert stack._tabs.iconSize().width() == 36
