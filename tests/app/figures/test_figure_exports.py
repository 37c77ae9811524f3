"""Copying and saving figures in the window."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.windows import opened
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QMessageBox

from app.document.document import Document
from app.export.dialogs import PictureDialog
from app.export.figure_dialog import DEFAULT_WIDTH_MM, FigureDialog
from app.export.globe_figure import globe_side
from app.figures import files
from app.theme import fonts
from app.theme.theme import ThemeController

pytestmark = [pytest.mark.screen, pytest.mark.slow]


@pytest.fixture
def window(qtbot, qapp, tmp_path, monkeypatch):
    discard = QMessageBox.StandardButton.Discard
    monkeypatch.setattr(QMessageBox, "question", lambda *_: discard)
    fonts.install()
    settings = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    settings.setValue("exports", str(tmp_path))
    document = Document().edit({"tokens": 24, "title": "A test"})
    themes = ThemeController(qapp, settings)
    with opened(document, themes, settings, qtbot) as made:
        qtbot.waitUntil(lambda: made.token_view.info.frame is not None)
        yield made


def choose(view, text):
    """Choose an entry of the menu that a right-click on the middle of `view` opens."""
    middle = view.rect().center()
    child = view.childAt(middle) or view
    at = child.mapFrom(view, middle)
    reason = QContextMenuEvent.Reason.Mouse
    event = QContextMenuEvent(reason, at, view.mapToGlobal(middle))
    QApplication.sendEvent(child, event)
    menu = QApplication.activePopupWidget()
    next(a for a in menu.actions() if a.text() == text).trigger()
    menu.close()


def test_the_globe_is_copied_as_numbers_and_as_a_picture(window, qtbot):
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    choose(window.token_view, "Copy data")
    qtbot.waitUntil(lambda: clipboard.text() != "")
    rows = [row.split("\t") for row in clipboard.text().rstrip("\n").split("\n")]
    assert rows[0] == ["token", "cluster", "x1", "x2", "x3"]
    x = np.array([[float(v) for v in row[2:]] for row in rows[1:]])
    assert np.array_equal(x, window.player.frame.x)
    choose(window.token_view, "Copy picture")
    qtbot.waitUntil(lambda: not clipboard.image().isNull())
    wide = clipboard.image().width()
    assert wide == round(DEFAULT_WIDTH_MM / 25.4 * files.CLIPBOARD_DPI)
    assert clipboard.image().pixelColor(0, 0).name() == "#ffffff"


def press_save(dialog, answer):
    """Press the button of a dialog, and answer the one question that it asks."""
    asked = []

    def press():
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        next(b for b in box.buttons() if b.text().strip("&") == answer).click()

    QTimer.singleShot(0, press)
    dialog.findChild(QDialogButtonBox).accepted.emit()
    assert len(asked) == 1 and "exists" in asked[0]


def test_a_picture_that_exists_is_replaced_if_asked(window, qtbot, tmp_path):
    out = tmp_path / "a-test.png"
    out.write_bytes(b"kept")
    window.exports.picture()
    (dialog,) = window.findChildren(PictureDialog)
    assert dialog.out == out
    dialog._size.setItemData(dialog._size.currentIndex(), (96, 64))
    press_save(dialog, "Cancel")
    assert dialog.isVisible() and out.read_bytes() == b"kept"
    press_save(dialog, "Replace")
    qtbot.waitUntil(lambda: out.read_bytes()[1:4] == b"PNG")
    assert [file.name for file in tmp_path.glob("a-test*")] == [out.name]


def test_curves_are_saved_as_the_dialog_says(window, qtbot, tmp_path):
    choose(window.curves, "Save figure…")
    (dialog,) = window.findChildren(FigureDialog)
    assert dialog.out == tmp_path / "a-test-curves.svg"
    dialog._format.setCurrentIndex(1)
    dialog._width.setValue(120)
    assert dialog.out.suffix == ".pdf"
    dialog._path_edit.line.setText(str(tmp_path / "beta=2.5"))
    assert dialog.out.name == "beta=2.5.pdf"
    (tmp_path / "beta=2.5.pdf").write_text("kept")
    press_save(dialog, "Cancel")
    assert dialog.isVisible()
    assert (tmp_path / "beta=2.5.pdf").read_text() == "kept"
    press_save(dialog, "Replace")
    qtbot.waitUntil(lambda: (tmp_path / "beta=2.5.pdf").read_bytes()[:4] == b"%PDF")
    data = (tmp_path / "beta=2.5.pdf").read_bytes()
    assert b"/MediaBox [0 0 340.15" in data  # 120 mm


def test_a_file_that_cannot_be_written_is_one_message(window, qtbot, tmp_path):
    told = []
    window.exports.figures.report = told.append
    figure = window.curves.figure()
    window.exports.figures.save(figure, tmp_path / "no" / "a.svg", 86, True)
    qtbot.waitUntil(lambda: told != [])
    assert len(told) == 1 and "a.svg was not saved: cannot write" in told[0]


def test_the_globe_has_450_pixels_per_inch():
    assert globe_side(86) == round(84 / 25.4 * 450)
