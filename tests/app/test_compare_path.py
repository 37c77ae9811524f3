"""A newcomer compares β = 1 with β = 9, asks, drags, forks, and exports the pair."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QTabBar

from app.document.document import Document
from app.document.provenance import embedded_document
from app.export.preview import Preview
from app.theme import fonts
from app.theme.theme import ThemeController
from sim import Simulation
from tests.helpers.windows import opened

pytestmark = [pytest.mark.screen, pytest.mark.slow]
# The last merge is within a step, whose states are interpolated; the drag makes a step
# end there.  tests/sim/lanes/test_comparison.py shows that this is all.
INSIDE_A_STEP = 1e-7
LEFT = Qt.MouseButton.LeftButton
LIMIT_MS = 60_000


@pytest.fixture
def window(qapp, tmp_path, qtbot, monkeypatch):
    fonts.install()
    monkeypatch.setattr(Preview, "request", lambda *_: None)  # a child of its own
    settings = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    settings.setValue("exports", str(tmp_path))
    start = Document().edit({"tokens": 24, "seed": 3, "duration": 9, "title": "Pair"})
    with opened(start, ThemeController(qapp, settings), settings, qtbot) as made:
        yield made


def until(qtbot, condition):
    qtbot.waitUntil(lambda: bool(condition()), timeout=LIMIT_MS)


def dialog_of(window):
    """Return the dialog that is open."""
    return next(d for d in window.findChildren(QDialog) if d.isVisible())


def compare(window, qtbot):
    """C, and Compare: the values 1 and 9 of β are proposed."""
    window.commands["compare"].trigger()
    asked = dialog_of(window)
    assert "β = 1" in asked.note.text() and "β = 9" in asked.note.text()
    QTest.mouseClick(asked.go, LEFT)
    until(qtbot, lambda: len(window.player.frames) == 2)
    assert [h.title for h in window.lanes.headers] == ["β = 1", "β = 9"]
    window.player.seek(8.0)
    until(qtbot, lambda: all(f.t == 8.0 for f in window.player.frames))


def ask_for_the_last_merge(window, qtbot):
    """Go to the last merge of the second lane; return the page of merges."""
    QTest.mouseClick(window.lanes.headers[1], LEFT)
    tabs = window.inspectors.findChild(QTabBar)
    names = [tabs.accessibleTabName(k) for k in range(tabs.count())]
    QTest.mouseClick(tabs, LEFT, pos=tabs.tabRect(names.index("Merges")).center())
    page = window.inspectors.page("merges")
    assert page.isVisible() and window.inspectors.lane.text == "β = 9"
    until(qtbot, lambda: page.history is not None and page.history.t[-1] >= 8.0 - 0.2)
    x = float(page.bands.axis.x_of(page.history.times[-1]))
    QTest.mouseClick(page.bands, LEFT, pos=QPoint(round(x), 20))
    last = float(page.history.times[-1])
    until(qtbot, lambda: all(f.t == last for f in window.player.frames))
    return page


def merged_last_and_why(window, qtbot, page):
    """One token of each group is chosen; the card says to whom it attends."""
    history, chosen = page.history, window.token_view.chosen
    groups = [set(history.tokens[p].tolist()) for p in history.merges[-1].parts]
    assert len(groups) == len(chosen) >= 2
    assert all(t in group for t, group in zip(chosen, groups, strict=True))
    until(qtbot, lambda: page._tip.toolTip().startswith(f"t = {window.player.t:.4g}: "))
    until(qtbot, lambda: window.card.facts and window.card.facts.weights)
    facts, joined = window.card.facts, set().union(*groups)
    assert facts.token == chosen[-1] and window.card.body.lane.text() == "β = 9"
    most = [weight.token for weight in facts.weights[: len(joined)]]
    assert joined <= set(most)  # they merge since they attend to each other most


def drag_one_away(window, qtbot):
    """Drag a token of the cluster; the title of the lane says so."""
    view = window.lanes.panes[1]
    until(qtbot, lambda: view.info.frame and view.info.frame.t == window.player.t)
    token = view.chosen[-1]
    xy, _ = view.camera.project(view.info.points)
    at = QPoint(*np.rint(xy[token] / view.camera.ratio).astype(int).tolist())
    before = window.player.frames[1].x.copy()
    view.choose(())
    QTest.mouseClick(view, LEFT, pos=at)
    assert len(view.chosen) == 1
    QTest.mousePress(view, LEFT, pos=at)
    for k in (1, 2, 3):
        QTest.mouseMove(view, at + QPoint(0, -25 * k))
    QTest.mouseRelease(view, LEFT, pos=at + QPoint(0, -75))
    row = view.chosen[0]
    until(qtbot, lambda: not np.allclose(window.player.frames[1].x[row], before[row]))
    qtbot.waitUntil(lambda: not window._session._link.waits)
    until(qtbot, lambda: "1 token moved" in window.lanes.headers[1].title)
    now = window.player.frames[1].x
    apart = np.delete(now, row, 0) - np.delete(before, row, 0)
    assert np.abs(apart).max() < INSIDE_A_STEP


def fork(window, qtbot):
    """F: a third lane, which goes on as the second one, bit for bit."""
    window.commands["fork"].trigger()
    until(qtbot, lambda: len(window.player.frames) == 3)
    end = window.player.t + 0.5
    window.player.seek(end)
    until(qtbot, lambda: [f.t for f in window.player.frames] == [end] * 3)
    first, second, third = (frame.x for frame in window.player.frames)
    assert np.array_equal(second, third) and not np.array_equal(first, second)


def export(window, qtbot, out):
    """Ctrl+E, a file and a length, and Export."""
    window.commands["video"].trigger()
    asked = dialog_of(window)
    asked._path_edit.line.setText(str(out))
    asked._fps.setCurrentIndex(0)
    asked._seconds.setValue(0.1)
    asked._layout.setCurrentIndex(0)
    asked.go.click()
    until(qtbot, lambda: window.exports.jobs == [] and out.exists())
    assert window.notices.bars[-1].tone == "good"


def test_compare_ask_drag_fork_export_and_read_back(window, qtbot, tmp_path):
    compare(window, qtbot)
    page = ask_for_the_last_merge(window, qtbot)
    merged_last_and_why(window, qtbot, page)
    drag_one_away(window, qtbot)
    fork(window, qtbot)
    frames = window.player.frames
    titles = [header.title for header in window.lanes.headers]
    export(window, qtbot, tmp_path / "pair.mp4")
    film = embedded_document(tmp_path / "pair.mp4")
    assert [*film.comparison.titles] == titles
    for run, frame in zip(film.comparison.runs, frames, strict=True):
        alone = Simulation(run, "numpy")
        alone.advance(frame.t)
        assert np.array_equal(alone.frame().x, frame.x)
    assert window._session.open(tmp_path / "pair.mp4")
    until(qtbot, lambda: len(window.player.frames) == 3)
    assert [header.title for header in window.lanes.headers] == titles
