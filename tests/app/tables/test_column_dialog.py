"""The dialog of a table's columns: what is decided, ticked, read and kept."""

import pytest
from helpers.paths import ROOT
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QDialogButtonBox, QWidget

from app.document.document import Document
from app.document.session import Session
from app.file_actions import FileActions
from app.panel.columns_entry import ColumnsEntry
from app.tables.column_dialog import ColumnDialog
from app.tables.column_grid import COORDINATE, GROUP, LEFT_OUT, NAME
from app.theme.theme import ThemeController
from app.widgets.background import CancelledError
from app.widgets.notifications import Notifications
from sim import Engine, Simulation
from sim.initial.file import EmbeddingFile
from sim.scenario import Scenario

CASES = ROOT / "tests" / "data" / "tables"
OPEN = QDialogButtonBox.StandardButton.Open


@pytest.fixture
def shown(qtbot):
    """Return a function that shows the dialog of a file, with its first rows."""

    def show(path, columns="", metadata=""):
        dialog = ColumnDialog(path, columns, metadata, None)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitUntil(lambda: dialog.grid.columnCount() > 0)
        return dialog

    return show


def ticked(dialog, column):
    """Return which rows of ticks are set for a column."""
    items = [dialog.grid.item(row, column) for row in range(4)]
    return [k for k, i in enumerate(items) if i.checkState() == Qt.CheckState.Checked]


def test_what_is_decided_is_shown(shown, qtbot):
    dialog = shown(CASES / "numeric-labels-target" / "iris.csv")
    assert [ticked(dialog, c) for c in range(5)] == [[COORDINATE]] * 4 + [[GROUP]]
    assert "groups from column 5 'target'" in dialog.said.text()
    assert dialog.titles.isChecked()
    with qtbot.waitSignal(dialog.opened) as told:
        dialog.buttons.button(OPEN).click()
    assert told.args[0] == ""
    assert "18 tokens in 4 dimensions" in told.args[1]


def test_ticks_are_the_choice(shown, qtbot):
    dialog = shown(CASES / "numeric-labels-target" / "iris.csv")
    dialog.grid.item(LEFT_OUT, 1).setCheckState(Qt.CheckState.Checked)
    dialog.grid.item(NAME, 4).setCheckState(Qt.CheckState.Checked)
    assert (ticked(dialog, 1), ticked(dialog, 4)) == ([LEFT_OUT], [NAME])
    dialog.grid.item(NAME, 4).setCheckState(Qt.CheckState.Unchecked)
    assert ticked(dialog, 4) == [NAME]  # a column is always something
    wanted = "name=target coordinates=sepal_l,petal_l,petal_w titles=yes"
    assert dialog.columns() == wanted
    with qtbot.waitSignal(dialog.opened) as told:
        dialog.buttons.button(OPEN).click()
    assert told.args[0] == wanted
    assert "18 tokens in 3 dimensions; names from column 5" in told.args[1]


def test_a_doubt_is_settled_by_ticks(shown, tmp_path, qtbot):
    file = tmp_path / "t.csv"
    file.write_text("0,0.5,0.25\n1,0.75,0.5\n2,0.125,1.5\n")
    dialog = shown(file)
    assert "an index, or a coordinate?" in dialog.said.text()
    assert not dialog.buttons.button(OPEN).isEnabled()
    dialog.grid.choose(0, LEFT_OUT)
    assert dialog.buttons.button(OPEN).isEnabled()
    with qtbot.waitSignal(dialog.opened) as told:
        dialog.buttons.button(OPEN).click()
    assert told.args[0] == "coordinates=2-3 titles=no"


def test_one_coordinate_is_too_few_and_the_grid_stays_in_place(shown):
    dialog = shown(CASES / "numeric-labels-target" / "iris.csv")
    place = dialog.grid.pos()
    for column in range(3):
        dialog.grid.choose(column, LEFT_OUT)
        dialog.layout().activate()
        assert dialog.grid.pos() == place
    assert dialog.said.text().endswith("Tick two columns or more as coordinates.")
    assert not dialog.buttons.button(OPEN).isEnabled()
    dialog.grid.choose(4, COORDINATE)
    assert dialog.buttons.button(OPEN).isEnabled()


def test_the_first_row_is_taken_as_titles_if_that_is_ticked(shown, tmp_path, qtbot):
    file = tmp_path / "t.csv"
    file.write_text("0,1\n0.5,0.25\n0.75,0.5\n")
    dialog = shown(file)
    assert "may be titles or the first token" in dialog.said.text()
    dialog.titles.click()
    qtbot.waitUntil(lambda: dialog.grid.item(4, 0).text() == "0.5")
    with qtbot.waitSignal(dialog.opened) as told:
        dialog.buttons.button(OPEN).click()
    assert told.args[0] == "coordinates=1-2 titles=yes"
    assert "2 tokens in 2 dimensions" in told.args[1]


def test_a_bad_row_is_named_and_nothing_opens(shown, qtbot):
    dialog = shown(CASES / "mostly-missing-column" / "t.csv")
    dialog.buttons.button(OPEN).click()
    qtbot.waitUntil(lambda: "line 2, column 4 'c'" in dialog.said.text())
    assert dialog.isVisible()
    dialog.grid.choose(3, LEFT_OUT)
    with qtbot.waitSignal(dialog.opened) as told:
        dialog.buttons.button(OPEN).click()
    assert "4 tokens in 2 dimensions" in told.args[1]


def test_a_file_that_changes_is_shown_again(shown, tmp_path, qtbot):
    file = tmp_path / "t.csv"
    file.write_text("p,q,r\n0.5,0.25,1.5\n0.75,0.5,2.5\n")
    dialog = shown(file)
    dialog.grid.choose(0, LEFT_OUT)
    file.write_text("r,q,p,s\n0.5,0.25,1.5,2\n0.75,0.5,2.5,3.5\n")
    dialog.buttons.button(OPEN).click()
    qtbot.waitUntil(lambda: dialog.grid.columnCount() == 4)
    assert dialog.said.text().startswith("The file has changed. Now it has: Coord")
    with qtbot.waitSignal(dialog.opened) as told:
        dialog.buttons.button(OPEN).click()
    assert told.args[0] == ""
    assert "2 tokens in 4 dimensions" in told.args[1]


def test_a_long_reading_is_cancelled(shown, tmp_path, qtbot):
    file = tmp_path / "long.csv"
    file.write_text("0.5,0.25,1.5,2.5\n" * 200_000)
    dialog = shown(file)
    dialog.buttons.button(OPEN).click()
    work = dialog._work._work
    qtbot.waitUntil(lambda: work._share > 0)
    dialog.reject()
    with pytest.raises(CancelledError):
        work._work.result(timeout=20)


def test_an_opened_table_keeps_its_columns(qapp, tmp_path, qtbot):
    start = Document(Scenario(tokens=6))
    session = Session(start, Engine(Simulation(start.scenario, "numpy")))
    kept = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    window = QWidget()
    qtbot.addWidget(window)
    themes = ThemeController(qapp, kept)
    notices = Notifications(window, themes.theme)
    files = FileActions(session, themes, kept, notices, window)
    table = CASES / "numeric-labels-target" / "iris.csv"
    with qtbot.waitSignal(session.reported) as told:
        files.open_path(table)
        dialog = window.findChild(ColumnDialog)
        qtbot.waitUntil(lambda: dialog.grid.columnCount() == 5)
        dialog.grid.choose(0, LEFT_OUT)
        dialog.buttons.button(OPEN).click()
    assert "18 tokens in 3 dimensions" in told.args[0]
    scenario = session.document.scenario
    assert (scenario.tokens, scenario.dimension) == (18, 3)
    assert isinstance(scenario.initial, EmbeddingFile)
    assert "coordinates=sepal_w,petal_l,petal_w" in scenario.initial.columns
    assert files.recent() == [table]
    session.close()


def test_the_panel_shows_the_columns_in_force(qtbot):
    entry = ColumnsEntry()
    qtbot.addWidget(entry)
    columns = "coordinates=sepal_w,petal_l titles=yes"
    path = CASES / "numeric-labels-target" / "iris.csv"
    entry.show_initial(EmbeddingFile(path=str(path), columns=columns))
    entry.show_columns()
    dialog = entry.findChild(ColumnDialog)
    qtbot.waitUntil(lambda: dialog.grid.columnCount() == 5)
    assert dialog.columns() == columns
    dialog.grid.choose(4, GROUP)
    with qtbot.waitSignal(entry.edited) as told:
        dialog.buttons.button(OPEN).click()
    assert told.args[0] == "group=target coordinates=sepal_w,petal_l titles=yes"
