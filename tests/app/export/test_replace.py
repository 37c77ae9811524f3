"""An export asks before it takes the place of files."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMessageBox, QWidget

from app.document.document import Document
from app.export.dialogs import TABLES, DataDialog, PictureDialog
from sim import Scenario

START = Document(Scenario(title="β = 2.5"))


@pytest.fixture
def asked(monkeypatch):
    """Return the texts of the questions; each is answered by its default button."""
    texts: list[str] = []

    def answer(box: QMessageBox) -> int:
        texts.append(box.text())
        box.defaultButton().click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", answer)
    return texts


@pytest.mark.parametrize(
    ("kind", "names"), [(PictureDialog, ("a=2.5.png",)), (DataDialog, TABLES)]
)
def test_what_exists_is_kept_unless_replaced(qtbot, tmp_path, asked, kind, names):
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = kind(START, tmp_path, parent)
    folder = kind is DataDialog
    dialog._path_edit.line.setText(str(tmp_path if folder else tmp_path / "a=2.5"))
    with qtbot.waitSignal(dialog.accepted):
        dialog._confirm()
    assert not asked
    (tmp_path / names[0]).write_text("mine")
    with qtbot.assertNotEmitted(dialog.accepted):
        dialog._confirm()
    assert names[0] in asked[0]
