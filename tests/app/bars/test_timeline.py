"""The timeline: click and drag to a time, marks of changes that move and go."""

from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt

from app.bars.timeline import MARK_OFFSET, SIDE_MARGIN, Timeline
from app.document.marks import Mark
from app.document.places import name_at, named_places
from app.theme.palette import DARK
from sim.scenario import Scenario, edit
from sim.schedule import Change, Run

MARKS = (Mark(2.0, 2.0, "β = 9", 0, 1), Mark(5.0, 6.0, "c = 2", 1, 9))


@pytest.fixture
def timeline(qtbot):
    made = Timeline(DARK)
    qtbot.addWidget(made)
    made.resize(1016, 32)  # 100 pixels for a unit of time
    made.show_time(3.0, 7.0, 10.0, [1.0])
    made.show_marks(MARKS)
    made.show()
    return made


def at(t, *, mark=False):
    return QPoint(round(SIDE_MARGIN + 100 * t), 16 + round(MARK_OFFSET if mark else 0))


def test_a_click_goes_to_a_time_also_one_that_was_not_reached(timeline, qtbot):
    with qtbot.waitSignal(timeline.sought) as sought:
        qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=at(4.0))
    assert sought.args[0] == pytest.approx(4.0, abs=0.01)
    with qtbot.waitSignal(timeline.sought) as sought:
        qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=at(9.0))
    assert sought.args[0] == pytest.approx(9.0, abs=0.01)


def test_a_click_on_a_mark_goes_to_its_exact_time(timeline, qtbot):
    moved = []
    timeline.mark_moved.connect(moved.append)
    with qtbot.waitSignal(timeline.sought) as sought:
        qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=at(2.03, mark=True))
    assert sought.args == [2.0]
    assert not moved


def test_a_mark_is_dragged_in_time(timeline, qtbot):
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(timeline, left, pos=at(2.0, mark=True))
    qtbot.mouseMove(timeline, at(4.0, mark=True))
    with qtbot.waitSignal(timeline.mark_moved) as moved:
        qtbot.mouseRelease(timeline, left, pos=at(4.0, mark=True))
    assert moved.args[0] is MARKS[0]
    assert moved.args[1] == pytest.approx(4.0, abs=0.01)


@pytest.mark.parametrize(
    ("entry", "signal", "value"), [(0, "sought", 5.0), (1, "mark_deleted", MARKS[1])]
)
def test_the_menu_of_a_mark_goes_there_or_deletes_it(
    timeline, qtbot, entry, signal, value
):
    timeline.contextMenuEvent(FakeEvent(at(5.0, mark=True)))
    actions = timeline._menu.actions()
    assert [a.text() for a in actions] == ["Go to t = 5.00", "Delete “c = 2”"]
    with qtbot.waitSignal(getattr(timeline, signal)) as chosen:
        actions[entry].trigger()
    assert chosen.args[0] == value
    timeline._menu.close()


class FakeEvent:
    """A request for a context menu."""

    def __init__(self, pos):
        self._pos = pos

    def pos(self):
        return self._pos

    def globalPos(self):  # noqa: N802
        return self._pos


def test_there_is_no_menu_beside_marks(timeline):
    timeline.contextMenuEvent(FakeEvent(at(8.0, mark=True)))
    assert timeline._menu is None


def test_half_layers_are_named_on_the_timeline(timeline, qtbot):
    """Time counts half layers while the law is that of a model, and not after it."""
    start = edit(Scenario(), {"dynamics": "trained", "space": "flat", "duration": 6.0})
    run = Run(start, (Change(3.5, {"dynamics": "softmax", "space": "sphere"}),))
    places = named_places(run, 6.0)
    assert places == (
        (0.0, "layer 1 attention"),
        (1.0, "layer 1 MLP"),
        (2.0, "layer 2 attention"),
        (3.0, "layer 2 MLP"),
        (3.5, ""),
    )
    assert named_places(Run(start), 6.0)[-1] == (4.0, "after layer 2")
    assert named_places(Run(Scenario()), 6.0) == ()
    before = timeline.grab().toImage()
    timeline.show_places(places)
    after = timeline.grab().toImage()
    assert after != before
    assert [name_at(places, t) for t in (0.9, 1.0, 3.4, 9.0)] == [
        "layer 1 attention",
        "layer 1 MLP",
        "layer 2 MLP",
        "",
    ]


def test_a_move_below_half_a_pixel_is_not_drawn(timeline, monkeypatch):
    updates = []
    timeline.show_time(1.0, 1.0, 10.0, [])
    monkeypatch.setattr(timeline, "update", partial(updates.append, True))
    pixel = 10.0 / (timeline.width() - 2 * SIDE_MARGIN)  # in time
    timeline.show_time(1.0 + 1e-3 * pixel, 1.0, 10.0, [])
    assert not updates
    timeline.show_time(1.0 + 0.6 * pixel, 1.0, 10.0, [])
    assert len(updates) == 1
    timeline.show_time(1.0 + 0.6 * pixel, 1.0, 10.0, [0.5])
    assert len(updates) == 2
