"""The path of a file in the panel: a file that travelled inside has only a name."""

import pytest

from app.panel.fields import FileEntry
from sim.io.embedded_files import Entry, extracted

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
