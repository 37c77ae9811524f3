"""The page of labs: what it draws, edits, computes and exports."""

import dataclasses
import threading
from functools import partial

import numpy as np
import pytest
from helpers.windows import opened
from PySide6.QtCore import QPointF, QRectF, QSettings, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from app.document.document import Document
from app.figures import layout
from app.figures.table import tab_separated
from app.labs.axes import axes_of
from app.labs.chart import draw_chart
from app.labs.figure import figure_of
from app.labs.ink import Ink, texts_of
from app.labs.page import LabPage
from app.labs.plate_painter import columns_for, places
from app.labs.work import LabWork
from app.pages.gallery import Gallery
from app.theme.palette import DARK, LIGHT
from app.theme.theme import ThemeController
from sim.labs import in_order
from sim.labs.look_up import LookUp
from sim.plate import Bars, Curve, Panel, Plate, Points, Text


@pytest.fixture
def page(qtbot):
    """A page, shown, with the first lab on it."""
    made = LabPage(DARK)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    qtbot.waitUntil(lambda: not made.busy)
    return made


def drawn(draw, size=(400, 300)):
    """Return the colours of what `draw` paints, as uint8 (height, width, 4)."""
    image = QImage(*size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    draw(painter, QRectF(0, 0, *size))
    painter.end()
    return np.array(image.constBits(), np.uint8).reshape(size[1], size[0], 4)


def test_labs_have_their_numbers_in_order():
    labs = in_order()
    assert [lab.number for lab in labs] == list(range(1, len(labs) + 1))
    assert all(lab.title and lab.summary() for lab in labs)


def test_a_plate_follows_its_settings(page, qtbot):
    before = page.plate
    page.edit("beta", "0")
    qtbot.waitUntil(lambda: page.plate is not before)
    weights = next(i for i in page.plate.items if i.name == "weights")
    np.testing.assert_allclose(weights.heights, 0.2)
    page.reset()
    assert page.lab == LookUp()


def test_what_is_refused_is_said_and_taken_back(page, qtbot):
    page.edit("beta", "-1")
    assert page.lab.beta == 1.0
    assert "beta" in page._doubt.text() and page._doubt.isVisible()
    page.edit("scores", "1, 2")
    qtbot.waitUntil(lambda: "same length" in page._doubt.text())
    assert page.plate is not None
    page.edit("values", "1, 2")
    qtbot.waitUntil(lambda: not page._doubt.isVisible() and not page.busy)


def test_typing_in_a_field_edits_the_lab(page):
    entry = page.knobs.field("beta").entry
    entry.setFocus()
    entry.selectAll()
    QTest.keyClicks(entry, "4")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert page.lab.beta == 4.0


def test_only_the_latest_of_what_is_asked_meanwhile_is_computed(page, qtbot):
    gate, computed = threading.Event(), []

    class Slow(LookUp):
        def compute(self):
            gate.wait(60)
            computed.append(self.beta)
            return super().compute()

    work = LabWork(page)
    for beta in (1.0, 2.0, 3.0, 4.0):
        work.ask(Slow(beta=beta))
    assert work.busy and not computed
    gate.set()
    qtbot.waitUntil(lambda: not work.busy)
    assert computed == [1.0, 4.0]


def test_a_curve_passes_through_its_points():
    x = np.linspace(0, 10, 50)
    panel = Panel("", (Curve("line", x, 2 * x),))
    ink = Ink(DARK, 12.0)

    def draw(p, box):
        draw_chart(p, panel, box, ink)

    pixels = drawn(draw)
    axes = axes_of(panel, QRectF(0, 0.3 * 12, 400, 300 - 0.3 * 12), ink)
    orange = np.abs(pixels[..., 2].astype(int) - 230) < 12
    orange &= np.abs(pixels[..., 1].astype(int) - 159) < 12
    for value in (2.0, 5.0, 8.0):
        at = axes.at(value, 2 * value)
        near = orange[round(at.y()) - 2 : round(at.y()) + 3, round(at.x())]
        assert near.any()


def test_bars_begin_at_zero_and_spans_hold_everything():
    panel = Panel("", (Bars("b", np.array([-2.0, 3.0])),))
    axes = axes_of(panel, QRectF(0, 0, 300, 200), Ink(LIGHT, 12.0))
    low, high = axes.y.span
    assert low < -2 and high > 3
    assert axes.x.span == (-0.5, 1.5)
    equal = dataclasses.replace(
        panel, items=(Points("p", np.array([0, 4.0]), np.array([0, 1.0])),), equal=True
    )
    axes = axes_of(equal, QRectF(0, 0, 300, 200), Ink(LIGHT, 12.0))
    across = axes.at(1, 0).x() - axes.at(0, 0).x()
    assert across == pytest.approx(axes.at(0, 0).y() - axes.at(0, 1).y())


def test_panels_lie_apart_inside_the_box():
    plate = Plate(tuple(Panel(str(k), (Bars("b", np.ones(2)),)) for k in range(7)))
    box = QRectF(10, 20, 800, 500)
    found = places(plate, box, Ink(DARK, 14.0))
    assert len(found) == 7 and all(box.contains(r) for r in found)
    assert not any(a.intersects(b) for i, a in enumerate(found) for b in found[:i])
    alone = places(plate, box, Ink(DARK, 14.0), 3)
    assert alone[3] == box and alone[0].isEmpty()
    assert columns_for(1, 3.0) == 1 and columns_for(4, 1.5) == 2


def test_numbers_of_a_table_have_the_same_decimals():
    assert texts_of(np.array([0.5, -1, 2.341])) == ["0.50", "−1.00", "2.34"]
    assert texts_of(np.array([1, -2, -np.inf])) == ["1", "−2", "−∞"]
    assert texts_of(np.array([12.34, 1])) == ["12.3", "1.0"]


@pytest.mark.parametrize("lab", in_order(), ids=[lab.kind for lab in in_order()])
def test_every_lab_is_drawn_and_its_numbers_are_in_the_figure(lab):
    made = lab()
    plate = made.compute()
    figure = figure_of(made, plate)

    def draw(p, box):
        p.scale(0.05, 0.05)
        layout.draw(figure, p, 160.0)

    assert (drawn(draw)[..., 3] > 0).sum() > 500
    table = tab_separated(figure)
    last = next(i for i in plate.items[::-1] if not isinstance(i, Text))
    assert last.name in table.partition("\n")[0]


@pytest.mark.slow
def test_the_window_shows_labs_over_its_panels(tmp_path, qapp, qtbot):
    kept = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    document = Document().edit({"tokens": 8})
    with opened(document, ThemeController(qapp, kept), kept, qtbot) as window:
        assert not window.labs.isVisible()
        entries = {e.key: e for e in window._all_entries()}
        entries["lab basis"].run()
        assert window.labs.isVisible() and window.labs.lab.kind == "basis"
        assert window.commands["labs"].isChecked()
        qtbot.waitUntil(lambda: window.labs.plate is not None)
        assert window.labs.side.isVisible()
        window.panels.present(True)
        assert window.labs.view.ink.letter >= window.height() / 28
        assert (
            not window.labs.side.isVisible()
            and not window.presentation.panel.isVisible()
        )
        window.commands["settings"].trigger()
        assert window.labs.side.isVisible()
        window.commands["leave"].trigger()
        assert not window.labs.isVisible() and window.presentation.panel.isVisible()
        window.panels.present(False)
        assert window.form.isVisible()
        window.commands["labs"].trigger()
        assert window.labs.isVisible() and not window.player.playing


def test_the_gallery_leads_to_labs(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    gallery, asked = Gallery(DARK, 1.0, parent), []
    gallery.labs_requested.connect(partial(asked.append, True))
    button = next(b for b in gallery.findChildren(QPushButton) if b.text() == "Labs")
    button.click()
    assert asked and gallery.result() == QDialog.DialogCode.Accepted


def test_the_mouse_reads_numbers_off_a_panel(page, qtbot):
    bars = next(i for i in page.plate.items if i.name == "weights")
    view = page.view
    box = places(page.plate, view._inside(view.ink), view.ink)[1]
    words = [
        view.text_at(QPointF(box.left() + share * box.width(), box.center().y()))
        for share in np.linspace(0, 1, 60)
    ]
    found = list(dict.fromkeys(w for w in words if w))
    assert found == [f"weights, {k + 1}: {h:.6g}" for k, h in enumerate(bars.heights)]
    page.show_lab("layer-norm")
    qtbot.waitUntil(lambda: page.view._plate is page.plate and page.lab is page._of)
    box = places(page.plate, view._inside(view.ink), view.ink)[0]
    near = QPointF(box.left() + 4 * view.ink.letter, box.top() + 2 * view.ink.letter)
    assert view.text_at(near) == "token 1, column 1: 1"
    assert view.text_at(QPointF(0, 0)) == ""


def test_arrows_go_from_panel_to_panel(page):
    keys = Qt.Key
    seen = []
    for key in (keys.Key_Right, keys.Key_Right, keys.Key_Left, keys.Key_Left):
        QTest.keyClick(page.view, key)
        seen.append(page.view._alone)
    QTest.keyClick(page.view, keys.Key_Left)
    assert seen == [0, 1, 0, None]
    assert page.view._alone == len(page.plate.panels) - 1


def test_a_table_without_numbers_is_refused(page):
    page.edit("scores", "")
    assert "Type one at least" in page._doubt.text()
    assert page.lab == LookUp()
