"""The path of a file in the panel: a file that travelled inside has only a name."""

import pytest
from PySide6.QtWidgets import QFileDialog

from app.document.document import Document
from app.panel.fields import FileEntry, FolderEntry
from app.panel.rows import field_of
from sim.io.embedded_files import Entry, extracted
from sim.resources import presets

pytestmark = pytest.mark.screen


def test_a_file_that_came_inside_is_shown_by_its_name(qtbot):
    entry, entered = FileEntry(), []
    qtbot.addWidget(entry)
    entry.edited.connect(entered.append)
    entry.show_value("/somewhere/tokens.csv")
    assert entry.entry.text() == "/somewhere/tokens.csv"
    assert entry.entry.toolTip() == ""
    entry.show_value(str(extracted("tokens.csv", Entry.of(b"1,2\n3,4\n"))))
    assert entry.entry.text() == "tokens.csv"
    assert "inside" in entry.entry.toolTip()
    entry._enter("tokens.csv")  # nothing was typed
    assert entered == []
    entry._enter("other.csv")
    assert entered == ["other.csv"]


def test_a_model_is_a_folder_and_a_table_is_a_file(qtbot, monkeypatch, tmp_path):
    folder = str(tmp_path)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: folder)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("a.csv", ""))
    trained, words = (Document.load(presets()[name]) for name in ("sentence", "words"))
    for document, path, kind, want in (
        (trained, "initial.path", FolderEntry, folder),
        (trained, "dynamics.path", FolderEntry, folder),
        (words, "initial.path", FileEntry, "a.csv"),
    ):
        field, entered = field_of(document, path), []
        qtbot.addWidget(field)
        assert type(field) is kind
        field.edited.connect(entered.append)
        field.button.click()
        assert entered == [want]
