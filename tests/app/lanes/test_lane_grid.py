"""Lanes in the window: pictures, titles, curves, commands; chosen, closed, compared."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from app.actions import PAIR_TEXTS
from app.document.document import Document
from app.export.globe_drawing import LanesDrawing
from app.lanes.compare_dialog import CompareDialog, settings_of
from app.lanes.lane_bar import GAP, difference_parts
from app.lanes.lane_grid import best_columns
from app.lanes.pairs import PAIRS
from app.theme.theme import ThemeController
from sim.lanes import Comparison, LaneDifference
from sim.settings.knobs import get
from tests.helpers.windows import opened

BETA = "dynamics.beta"
START = Document().edit({"tokens": 12, "seed": 3, BETA: 2.0, "duration": 5.0})


@pytest.fixture
def window(qapp, tmp_path, qtbot):
    settings = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    with opened(START, ThemeController(qapp, settings), settings, qtbot) as made:
        yield made


def wait(qtbot, window, count, t=None):
    frames = window.player
    qtbot.waitUntil(
        lambda: (
            len(frames.frames) == count
            and (t is None or all(f.t == t for f in frames.frames))
        ),
        timeout=20_000,
    )


def compare(window, qtbot, *betas):
    window._session.lanes.compare([{BETA: beta} for beta in betas], "compare β")
    wait(qtbot, window, len(betas))


@pytest.mark.slow
def test_a_picture_a_title_and_a_curve_for_each_lane(window, qtbot):
    compare(window, qtbot, 1.0, 9.0)
    window.player.seek(0.6)
    wait(qtbot, window, 2, 0.6)
    lanes = window.lanes
    assert [h.title for h in lanes.headers] == ["β = 1", "β = 9"]
    assert len(lanes.panes) == 2
    assert all(pane.isVisible() for pane in lanes.panes)
    assert not lanes.bar.isHidden()
    said = "Lane 2 − lane 1:  mean angle "
    qtbot.waitUntil(lambda: lanes.bar.text.startswith(said))
    qtbot.waitUntil(
        lambda: all(p.info.frame and p.info.frame.t == 0.6 for p in lanes.panes)
    )
    for pane, frame in zip(lanes.panes, window.player.frames, strict=True):
        assert np.array_equal(pane.info.frame.x, frame.x)
    kind = window.curves.kinds[0]
    plot = window.curves._plots[kind]
    t, y = plot._others[1]
    samples = window.player.frames[1].record.samples
    assert np.array_equal(y[: len(t) - 1], samples.values[kind][: len(t) - 1])
    drawn = window.curves.figure().panels[0].parts
    assert [part.name for part in drawn] == ["β = 1", "β = 9"]
    for part, curve in zip(drawn, (plot.curve, (t, y)), strict=True):
        assert np.array_equal(part.x, curve[0]) and np.array_equal(part.y, curve[1])


@pytest.mark.slow
def test_the_figure_of_the_globe_has_every_lane(window, qtbot):
    compare(window, qtbot, 1.0, 9.0)
    window.player.seek(0.6)
    wait(qtbot, window, 2, 0.6)
    drawing = LanesDrawing(window._session, window.player, 100.0, window)
    with qtbot.waitSignal(drawing.drawn, timeout=60_000) as caught:
        drawing.start()
    (row,) = caught.args[0].panels
    assert row.titles == ("β = 1", "β = 9")
    columns = {column.name: column.values for column in row.data}
    for title, frame in zip(row.titles, window.player.frames, strict=True):
        assert np.array_equal(columns[f"{title}: x2"], frame.x[:, 1])


@pytest.mark.slow
def test_a_click_on_a_title_chooses_the_lane_that_settings_edit(window, qtbot):
    compare(window, qtbot, 1.0, 9.0)
    QTest.mouseClick(window.lanes.headers[1], Qt.MouseButton.LeftButton)
    assert window._session.document.place == 1
    assert window._session.document.get(BETA) == 9.0
    assert window.lanes.headers[1].property("chosen")
    assert window.player.frame is window.player.frames[1]


@pytest.mark.slow
def test_pictures_turn_together_and_tokens_are_chosen_in_all(window, qtbot):
    compare(window, qtbot, 1.0, 9.0)
    first, second = window.lanes.panes
    second.setFocus()
    before = second.orbit.camera.azimuth
    QTest.keyClick(second, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: second.orbit.camera.azimuth != before)
    qtbot.waitUntil(lambda: first.orbit.camera.azimuth == second.orbit.camera.azimuth)
    second.choose((3,))
    assert first.chosen == second.chosen == (3,)


@pytest.mark.slow
def test_a_token_is_asked_about_in_the_lane_in_which_it_is_clicked(window, qtbot):
    compare(window, qtbot, 1.0, 9.0)
    window.player.seek(0.6)
    wait(qtbot, window, 2, 0.6)
    first, second = window.lanes.panes
    qtbot.waitUntil(lambda: second.info.frame and second.info.frame.t == 0.6)
    xy, facing = second.camera.project(second.info.points)
    at = QPoint(*np.rint(xy[facing.argmax()] / second.camera.ratio).astype(int))
    row = second.token_at(QPointF(at))
    QTest.mouseMove(second, at)
    qtbot.waitUntil(lambda: first._lit == second._lit == (row,))  # the matched token
    QTest.mouseClick(second, Qt.MouseButton.LeftButton, pos=at)
    assert window._session.document.place == 1
    assert first.chosen == second.chosen == (row,)
    assert window.card.body.lane.text() == window.inspectors.lane.text == "β = 9"
    qtbot.waitUntil(lambda: window.card.facts is not None)
    QTest.keyPress(second, Qt.Key.Key_Shift)
    assert window.card.request().columns == (row,)
    QTest.keyRelease(second, Qt.Key.Key_Shift)
    assert window.card.request().rows == (row,)
    QTest.mouseClick(window.lanes.headers[0], Qt.MouseButton.LeftButton)
    QTest.mouseClick(second, Qt.MouseButton.LeftButton, pos=at)
    assert window._session.document.place == 1
    assert second.chosen == (row,)  # asked about, and not cleared
    QTest.mouseClick(second, Qt.MouseButton.LeftButton, pos=at)
    assert second.chosen == ()


@pytest.mark.slow
def test_a_presentation_shows_titles_without_buttons(window, qtbot):
    compare(window, qtbot, 1.0, 9.0)
    window.commands["present"].trigger()
    assert window.lanes.bar.isHidden()
    for header in window.lanes.headers:
        assert header.isVisible() and header.title
        assert not [b for b in header.findChildren(QToolButton) if b.isVisible()]
    window.commands["present"].trigger()
    assert not window.lanes.bar.isHidden()
    assert window.lanes.headers[0]._close.isVisible()


@pytest.mark.slow
def test_commands_fork_go_on_and_close(window, qtbot):
    window.player.seek(0.5)
    wait(qtbot, window, 1, 0.5)
    window.commands["fork"].trigger()
    wait(qtbot, window, 2, 0.5)
    window._session.edit(BETA, 7.0)
    qtbot.waitUntil(
        lambda: (
            [h.title for h in window.lanes.headers]
            == ["unchanged", "from t = 0.5: β = 7"]
        )
    )
    window.commands["next_lane"].trigger()
    assert window._session.document.place == 0
    window.commands["close_others"].trigger()
    wait(qtbot, window, 1)
    assert len(window.lanes.panes) == 1
    assert window.lanes.headers[0].isHidden()
    window.commands["undo"].trigger()
    wait(qtbot, window, 2)


@pytest.mark.slow
def test_the_dialog_says_what_the_lanes_will_be(window, qtbot):
    dialog = CompareDialog(START, window)
    dialog.setting.setCurrentIndex(dialog.setting.findData("tokens"))
    dialog.values.setText("12, 24")
    assert "Lane 2 has a start of its own: another n." in dialog.note.text()
    dialog.setting.setCurrentIndex(dialog.setting.findData(BETA))
    asked = []
    dialog.requested.connect(lambda lanes, text: asked.append((lanes, text)))
    assert (dialog.path, dialog.values.text()) == (BETA, "1, 9")
    assert "β = 1" in dialog.note.text()
    dialog.values.setText("1, nine")
    assert not dialog.go.isEnabled()
    assert "lane 2" in dialog.note.text()
    for text, words in (("", "2 to 4 values"), ("9, 9", "are the same")):
        dialog.values.setText(text)
        assert not dialog.go.isEnabled() and words in dialog.note.text()
    dialog.values.setText("1, 4, 16")
    dialog.accept()
    assert asked == [([{BETA: v} for v in ("1", "4", "16")], "Attention: β")]


@pytest.mark.slow
def test_the_dialog_checks_anew_where_two_settings_propose_the_same_values(window):
    dialog = CompareDialog(Document().edit({"seed": 3, "dimension": 3}), window)
    asked = []
    dialog.requested.connect(lambda lanes, _: asked.append(lanes))
    for path in ("dimension", "seed"):
        dialog.setting.setCurrentIndex(dialog.setting.findData(path))
        assert dialog.values.text() == "3, 6"
    assert "seed = 3" in dialog.note.text()
    dialog.accept()
    assert asked == [[{"seed": "3"}, {"seed": "6"}]]


def test_every_named_comparison_can_be_made():
    assert [pair.name for pair in PAIRS] == [name for name, _ in PAIR_TEXTS]
    for pair in PAIRS:
        assert pair.refusal(START) == ""
        runs = Comparison.of(START.run, pair.settings(START)).runs
        assert len(set(Comparison(runs).titles)) == len(runs), pair.name


def test_a_law_is_not_compared_by_what_it_lacks():
    law = START.edit({"dynamics": "bracket"})
    refused = [pair.name for pair in PAIRS if pair.refusal(law)]
    assert refused == ["beta", "signs", "masks"]


def test_all_settings_of_the_dialog_are_settings():
    for path, text in settings_of(START):
        get(START.scenario, path)
        assert ": " in text


def test_differences_in_words():
    found = LaneDifference(1.5, 0.25, -0.125, 12, 1)
    assert GAP.join(difference_parts(found)) == (
        "mean angle 14.3°   largest 85.9°   ΔF̂ −0.125   1 token left out"
    )
    nothing = LaneDifference(np.nan, np.nan, np.nan, 0, 3)
    assert GAP.join(difference_parts(nothing)) == "no token in both   3 tokens left out"


@pytest.mark.parametrize(
    ("count", "w", "h", "columns"),
    [
        (4, 1030, 740, 2),
        (4, 560, 400, 2),  # three columns would be as large, and leave two places empty
        (3, 900, 400, 3),
        (2, 300, 700, 1),
        (2, 900, 400, 2),
        (4, 1600, 330, 4),
    ],
)
def test_pictures_are_as_large_as_can_be_and_fill_the_grid(count, w, h, columns):
    assert best_columns(count, w, h, 30) == columns
