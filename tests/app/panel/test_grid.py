"""Tables of numbers in the settings: the grid, what it refuses, and undo."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.runs import Silent
from PySide6.QtCore import QEvent, QSettings, Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit

from app.document.document import Document
from app.document.session import Session
from app.panel.form import Form
from app.panel.grid import TableEntry
from app.panel.matrix_table import (
    MatrixTable,
    copied_matrix,
    matrix_table_of,
    split_cells,
)
from app.panel.toggles import LawActions
from app.theme import fonts
from app.theme.palette import DARK
from app.theme.theme import ThemeController
from sim.seed import Seed
from sim.settings.knobs import Knob

VALUE = "dynamics.heads.value"
MATRIX = f"{VALUE}.matrix"
EYE = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


@pytest.fixture
def session(qapp):
    fonts.install()
    return Session(Document().edit({VALUE: "explicit"}), Silent())


@pytest.fixture
def form(session, tmp_path, qtbot, qapp):
    font, palette = qapp.font(), qapp.palette()
    settings = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    ThemeController(qapp, settings).apply()
    made = Form(session, LawActions(session), DARK, settings)
    made.resize(300, 900)
    made.show()
    yield made
    made.close()
    made.deleteLater()
    QApplication.sendPostedEvents(made, QEvent.Type.DeferredDelete)
    qapp.setStyleSheet("")
    qapp.setFont(font)
    qapp.setPalette(palette)


@pytest.fixture
def table(form):
    field = form.row(MATRIX).field
    assert isinstance(field, TableEntry)
    field.open()
    yield field
    field.popover.hide()


def texts(table):
    return table.popover.cells._texts()


def write(table, i, j, text):
    table.popover.cells.item(i, j).setText(text)


@pytest.mark.slow
def test_an_empty_matrix_is_edited_as_the_identity(table, session):
    assert texts(table) == [["1", "0", "0"], ["0", "1", "0"], ["0", "0", "1"]]
    assert session.document.get(MATRIX) == ()
    assert table.entry.placeholderText() == "identity"


@pytest.mark.slow
def test_a_cell_takes_a_decimal_comma(table, session):
    write(table, 0, 0, "1,5")
    assert session.document.get(MATRIX)[0][0] == 1.5


@pytest.mark.slow
def test_a_cell_changes_the_setting_and_a_visit_undoes_as_one(table, session):
    write(table, 0, 1, "−0.25")
    write(table, 2, 2, "3e-1")
    found = session.document.get(MATRIX)
    assert found == ((1.0, -0.25, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 0.3))
    table.popover.hide()
    write(table, 1, 1, "7")
    assert session.document.get(MATRIX)[1][1] == 7
    session.undo()
    assert session.document.get(MATRIX) == found
    session.undo()
    assert session.document.get(MATRIX) == ()
    assert not session.undo_text


@pytest.mark.slow
@pytest.mark.parametrize("text", ["abc", "", "1001", "nan", "inf", "1,5,2"])
def test_a_wrong_cell_is_marked_and_changes_nothing(table, session, text):
    write(table, 0, 0, "2")
    before = session.document
    write(table, 1, 2, text)
    popover, bad = table.popover, QPalette.ColorRole.BrightText
    assert session.document is before
    assert f"takes numbers in [−1000, 1000], got “{text}”" in popover.doubt.text()
    assert popover.doubt.isVisibleTo(popover)
    item = popover.cells.item(1, 2)
    assert item.foreground().color() == popover.cells.palette().color(bad)
    write(table, 0, 1, "4")  # waits until all cells are numbers
    assert session.document is before
    write(table, 1, 2, "5")
    assert session.document.get(MATRIX)[:2] == ((2.0, 4.0, 0.0), (0.0, 1.0, 5.0))
    assert not popover.doubt.isVisibleTo(popover)


@pytest.mark.slow
def test_a_spreadsheet_is_pasted_from_the_current_cell_on(table, session, qtbot):
    cells = table.popover.cells
    cells.setCurrentCell(1, 1)
    QGuiApplication.clipboard().setText("2\t-3\r\n4.5\t0,\r\n9\t9\r\n")
    qtbot.keyClick(cells, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert session.document.get(MATRIX) == (
        (1.0, 0.0, 0.0), (0.0, 2.0, -3.0), (0.0, 4.5, 0.0),
    )  # fmt: skip
    qtbot.keyClick(cells, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "1\t0\t0\n0\t2\t-3\n0\t4.5\t0"
    session.release()
    session.undo()
    assert session.document.get(MATRIX) == ()


@pytest.mark.parametrize("text", ["1 2; 3 4", "1,2\n3,4\n", "1\t2\n\n3\t4", "1, 2;3 4"])
def test_spreadsheets_and_csv_are_read_alike(text):
    assert split_cells(text) == [["1", "2"], ["3", "4"]]


@pytest.mark.slow
def test_keys_move_through_the_cells(table, session, qtbot):
    cells = table.popover.cells
    assert (cells.currentRow(), cells.currentColumn()) == (0, 0)
    qtbot.keyClick(cells, Qt.Key.Key_Right)
    qtbot.keyClick(cells, Qt.Key.Key_Return)
    assert (cells.currentRow(), cells.currentColumn()) == (1, 1)
    qtbot.keyClick(cells, Qt.Key.Key_Tab)
    assert (cells.currentRow(), cells.currentColumn()) == (1, 2)
    qtbot.keyClicks(cells, "8")
    editor = cells.findChild(QLineEdit)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert session.document.get(MATRIX)[1] == (0.0, 1.0, 8.0)


@pytest.mark.slow
def test_heads_may_have_a_matrix_each(form, session):
    session.edit("dynamics.heads.count", 2)
    table = form.row(MATRIX).field
    table.open()
    popover = table.popover
    write(table, 0, 2, "5")
    popover.more.click()
    one = ((1.0, 0.0, 5.0), *EYE[1:])
    assert session.document.get(MATRIX) == one + one
    assert popover.cells.verticalHeaderItem(4).text() == "2·2"
    assert not popover.more.isVisibleTo(popover)
    write(table, 3, 0, "9")
    popover.less.click()
    assert session.document.get(MATRIX) == one
    popover.hide()


@pytest.mark.slow
def test_rows_of_a_list_come_and_go(form, session):
    session.edit("initial", "quantile")
    table = form.row("initial.modes").field
    table.open()
    table.popover.more.click()
    assert session.document.get("initial.modes") == ((0.2, 0.0), (0.0, 0.1), (0.0, 0.0))
    table.popover.less.click()
    table.popover.less.click()
    assert session.document.get("initial.modes") == ((0.2, 0.0),)
    assert not table.popover.less.isVisibleTo(table.popover)
    table.popover.hide()


@pytest.mark.slow
def test_masses_stand_in_a_column(form, session):
    session.edit("tokens", 4)
    session.edit("dynamics.heads.masses", "explicit")
    path = "dynamics.heads.masses.masses"
    table = form.row(path).field
    table.open()
    assert texts(table) == [["1"]] * 4
    write(table, 2, 0, "2.5")
    assert session.document.get(path) == ((1.0, 1.0, 2.5, 1.0),)
    write(table, 1, 0, "-1")
    assert "takes numbers in [0, 1e+06]" in table.popover.doubt.text()
    table.popover.hide()
    session.edit(path, ())
    session.edit("tokens", 65)
    assert not table.button.isEnabled()


@pytest.mark.slow
def test_a_large_matrix_is_left_to_files(form, session):
    session.edit("dimension", 9)
    table = form.row(MATRIX).field
    assert not table.button.isEnabled()
    assert table.entry.isReadOnly()
    assert "load a file" in table.button.toolTip()
    session.edit("dimension", 8)
    assert table.button.isEnabled()
    assert not table.entry.isReadOnly()


@pytest.mark.slow
def test_choosing_explicit_starts_from_the_matrix_in_force(form, session):
    session.change({VALUE: "gaussian", "dynamics.heads.count": 2}, "V")
    s = session.document.scenario
    drawn = s.dynamics.heads.value.draw(2, 3, Seed(s.seed).rng("value"))
    form.row(VALUE).field.edited.emit("explicit")
    np.testing.assert_array_equal(session.document.get(MATRIX), drawn.reshape(6, 3))
    session.undo()
    assert session.document.get(VALUE).kind == "gaussian"
    edited = Document().edit({VALUE: "rotation"})
    assert len(copied_matrix(edited, VALUE, "explicit")[MATRIX]) == 3
    assert copied_matrix(edited, VALUE, "gaussian") == {}
    assert copied_matrix(edited.edit({"dimension": 65}), VALUE, "explicit") == {}
    assert copied_matrix(edited, "dynamics.heads.masses", "explicit") == {}


@pytest.mark.slow
def test_numbers_that_are_not_touched_stay_exact(form, session):
    third = 1 / 3
    session.edit(MATRIX, ((third, 0.0, 0.0), *EYE[1:]))
    table = form.row(MATRIX).field
    table.open()
    write(table, 1, 0, "2")
    assert session.document.get(MATRIX)[0][0] == third
    table.popover.hide()


def test_a_sheet_knows_its_name_and_bounds():
    document = Document().edit({VALUE: "explicit"})
    table = matrix_table_of(document, MATRIX)
    assert (table.rows, table.sizes, table.large) == (EYE, (3,), False)
    assert MatrixTable((), Knob("a", -2, 2)).sized(2) == ((0.0, 0.0), (0.0, 0.0))
