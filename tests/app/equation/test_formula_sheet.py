"""The sheet of the formula: its symbols are where they are drawn, and lead on."""

from functools import partial

import numpy as np
import pytest
from helpers.formula_parts import cases, scenario
from helpers.windows import opened
from PySide6.QtCore import QPoint, QPointF, QRectF, QSettings, Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from app.actions import Commands
from app.annotations.text_cache import screen_font
from app.document.document import Document
from app.equation.drawing import Drawing, MarkedLines
from app.equation.painting import MEANING_PT
from app.equation.sheet import HINT, FormulaSheet
from app.equation.values import value_in_force
from app.panel.rows import paths
from app.theme import fonts
from app.theme.palette import DARK
from app.theme.theme import ThemeController
from app.theme.typesetting import INK, svg
from app.widgets.highlight import Highlight
from sim.expressions.formula import to_latex
from sim.formula import formula
from sim.formula_script import script
from sim.scenario import Scenario, edit

HEADS = "dynamics.heads"
RICH = {
    f"{HEADS}.mask": "window",
    f"{HEADS}.count": 2,
    f"{HEADS}.value": "gaussian",
    f"{HEADS}.mlp": "additive",
    f"{HEADS}.depth.dropout": 0.25,
    "integrator": "layer",
}
SCALE = 4  # pixels per unit of a drawing


@pytest.fixture
def rich():
    return Document(edit(Scenario(tokens=8), RICH))


@pytest.fixture
def sheet(rich, qtbot):
    """Return a sheet on a picture of 900 × 640, with the formula of `rich`."""
    window = QMainWindow()
    qtbot.addWidget(window)
    picture = QWidget()
    window.setCentralWidget(picture)
    parts = dict.fromkeys(("session", "player", "recording", "law", "files"), window)
    made = FormulaSheet(DARK, picture, Commands(window, parts))
    window.resize(900, 640)
    window.show()
    made.show_document(rich)
    made.set_theme(DARK, 1.0)
    made.show()
    assert len(made.lines.paths) >= 8
    return made


def painted(drawing, path):
    """Return where the ink of one setting is, in the units of the drawing."""
    box = drawing.box
    size = box.size().toSize() * SCALE
    picture = QImage(size, QImage.Format.Format_RGB32)
    picture.fill(0xFFFFFFFF)
    painter = QPainter(picture)
    others = dict.fromkeys({s.path for s in drawing.spots}, "#ffffff")
    whole = QRectF(0, 0, size.width(), size.height())
    drawing.render(painter, whole, "#ffffff", {**others, path: "#ff0000"})
    painter.end()
    bytes_ = np.frombuffer(picture.constBits(), np.uint8)
    rgb = bytes_.reshape(size.height(), -1, 4)[:, : size.width()]
    rows, columns = np.nonzero(rgb[..., 0] < 128)
    x, y = columns / SCALE + box.left(), rows / SCALE + box.top()
    return np.stack([x, y], -1)


def test_spots_are_where_the_ink_of_their_symbols_is(rich):
    found = MarkedLines.of(rich.scenario)
    spots = 0
    for line in found.lines:
        drawing = Drawing(svg(line, INK).decode(), found.paths)
        for path in {s.path for s in drawing.spots}:
            mine = [s.box for s in drawing.spots if s.path == path]
            boxes = [box.adjusted(-1, -1, 1, 1) for box in mine]
            ink = painted(drawing, path)
            inside = [any(b.contains(QPointF(*at)) for b in boxes) for at in ink]
            assert len(ink) > 20 and all(inside)
            for box in boxes:
                assert any(box.contains(QPointF(*at)) for at in ink)
            spots += len(boxes)
    assert spots > len(found.paths)


@pytest.mark.slow
def test_every_symbol_of_every_law_has_a_control(tmp_path):
    seen = set()
    for kind, _, changes in cases():
        try:
            chosen = scenario(kind, changes, 3, tmp_path)
            shown = {symbol.path for symbol in formula(chosen).symbols()}
        except ValueError:  # parts that do not fit together
            continue
        if not (key := frozenset({kind, *shown})) <= seen:
            assert shown <= set(paths(Document(chosen)))
            seen |= key
    assert len(seen) > 40


def test_a_symbol_under_the_mouse_is_its_setting(sheet, qtbot):
    for path in sheet.lines.paths:
        assert sheet.lines.setting_at(sheet.lines.box_of(path).center()) == path
    assert sheet.lines.setting_at(QPointF(2, 2)) == ""
    chosen = []
    sheet.setting_chosen.connect(chosen.append)
    at = sheet.lines.box_of("dynamics.beta").center().toPoint()
    QTest.mouseMove(sheet, at)
    qtbot.waitUntil(lambda: sheet.words()[0] == "β = 4")
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert chosen == ["dynamics.beta"]


def test_lines_do_not_overlap_and_stay_inside(sheet):
    boxes = [place.box for place, _ in sheet.lines.placed]
    for k, box in enumerate(boxes):
        assert QRectF(sheet.rect()).contains(box)
        assert not any(box.intersects(other) for other in boxes[:k])


def test_a_symbol_is_lit_while_its_setting_changes(sheet, rich):
    assert not sheet.marks.lit
    sheet.show_document(rich.edit({"dynamics.beta": 7.0}))
    assert sheet.marks.lit == {"dynamics.beta"}
    assert sheet.words()[0] == "β = 7"
    sheet._lit_timer.timeout.emit()
    assert not sheet.marks.lit
    sheet.hide()
    sheet.show_document(rich)
    assert not sheet.marks.lit


def test_keys_go_from_symbol_to_symbol(sheet):
    chosen, known = [], sheet.lines.paths
    sheet.setting_chosen.connect(chosen.append)
    for _ in range(len(known) + 1):
        QTest.keyClick(sheet, Qt.Key.Key_Right)
        QTest.keyClick(sheet, Qt.Key.Key_Return)
    assert chosen == [*known, known[0]]


def test_a_matrix_is_read_out_with_its_shape(rich):
    text = value_in_force(rich, f"{HEADS}.value", 3)
    assert text.startswith("V: Gaussian, 2 of 3 × 3, largest norm ")


def copied(text):
    """Whether the clipboard has this text."""
    return QGuiApplication.clipboard().text() == text


@pytest.mark.slow
@pytest.mark.screen
def test_a_symbol_leads_to_its_control(rich, qtbot, qapp, tmp_path):
    fonts.install()
    kept = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    controller = ThemeController(qapp, kept)
    controller.choose("dark")
    with opened(rich, controller, kept, qtbot) as window:
        window.activateWindow()  # a screen without a window manager does not
        qtbot.waitUntil(window.isActiveWindow)
        window.commands["formula"].trigger()
        assert window.sheet.isVisible() and window.commands["formula"].isChecked()
        for width, path in ((1440, f"{HEADS}.mlp.strength"), (1024, f"{HEADS}.mask")):
            window.resize(width, 600)
            qtbot.wait(1)
            window.sheet.setting_chosen.emit(path)
            row = window.form.row(path)
            assert row.isVisible() and row.isAncestorOf(QApplication.focusWidget())
            qtbot.waitUntil(lambda row=row: bool(row.findChildren(Highlight)))
            qtbot.waitUntil(lambda row=row: row.visibleRegion().contains(row.rect()))
        copies = {
            "copy_latex": to_latex(formula(rich.scenario)),
            "copy_python": script(rich.scenario),
        }
        for name, wanted in copies.items():
            window.commands[name].trigger()
            qtbot.waitUntil(partial(copied, wanted), timeout=60_000)
        window.commands["leave"].trigger()
        assert not window.sheet.isVisible()
        assert not window.commands["formula"].isChecked()


@pytest.mark.parametrize("width", [300, 420, 700])
def test_what_to_do_with_symbols_is_whole_in_a_narrow_picture(sheet, width):
    over = sheet.parentWidget()
    over.resize(width, 600)
    sheet._point("")
    sheet._place()
    sheet.layout().activate()
    room = sheet.words_room
    font = screen_font(MEANING_PT, 1.0)
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
    assert room.contains(QFontMetricsF(font).boundingRect(room, flags, HINT))
    assert not room.intersects(QRectF(sheet._buttons.geometry()))


def test_the_sheet_is_whole_in_a_low_picture(sheet):
    over = sheet.parentWidget()
    over.resize(300, 110)
    sheet._place()
    assert sheet.geometry().bottom() <= over.height()
