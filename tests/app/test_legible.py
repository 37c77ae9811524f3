"""Texts of the window can be read on small screens, and opening asks nothing.

With --long, every preset is looked at in every situation, by tests/shots/legible.py.
"""

import subprocess
import sys
from pathlib import Path

import pytest
from helpers import sampling
from helpers.legibility import SITUATIONS, Looker, faults
from helpers.windows import opened
from PySide6.QtCore import QSettings
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QLabel, QMessageBox

from app.annotations.legends import LegendRow, wrapped_rows
from app.document.document import Document
from app.document.loading import presets
from app.theme import fonts
from app.theme.theme import ThemeController

pytestmark = pytest.mark.screen
SAMPLE = [s for s in SITUATIONS if (s.width, s.letters) == (1024, 1.5)][:1]
SAMPLE += [s for s in SITUATIONS if s.ratio == 2.0][1:]


@pytest.fixture
def settings(tmp_path):
    return QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def window(qapp, settings, qtbot):
    fonts.install()
    kept = qapp.font(), qapp.palette()
    theme = ThemeController(qapp, settings)
    theme.choose("dark")
    document = Document.load(presets()["words"]).edit_start({"initial.limit": 60})
    with opened(document, theme, settings, qtbot) as made:
        made.theme_controller = theme
        yield made
    qapp.setStyleSheet("")
    qapp.setFont(kept[0])
    qapp.setPalette(kept[1])


@pytest.mark.slow
def test_all_can_be_read_and_a_preset_opens_unasked(window, qtbot, monkeypatch):
    look = Looker(window, window.theme_controller, lambda: qtbot.wait(60))
    assert {str(s): look(s) for s in SAMPLE} == {str(s): [] for s in SAMPLE}
    broken = QLabel("a text that is far too long for its place", window)
    broken.setGeometry(10, 10, 30, 20)
    broken.show()
    assert any("cut off" in fault for fault in faults(window))
    broken.setGeometry(2, 2, 400, 40)
    other = QLabel("another", window)
    other.setGeometry(5, 5, 80, 20)
    other.show()
    assert any("on each other" in fault for fault in faults(window))
    broken.hide()
    other.hide()
    opens_without_a_question(window, monkeypatch)


@pytest.mark.timeout(3600)
def test_every_preset_can_be_read_in_every_situation():
    if not sampling.long:
        pytest.skip("a quarter of an hour: only with --long")
    script = Path(__file__).parents[1] / "shots" / "legible.py"
    done = subprocess.run([sys.executable, script], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def opens_without_a_question(window, monkeypatch):
    """A preset replaces an edited run at once, and undo brings that back."""

    def asked(*_):
        raise AssertionError("a question")

    session = window._session
    session.edit("dynamics.beta", 9.5)
    edited = session.document.scenario
    with monkeypatch.context() as patched:
        patched.setattr(QMessageBox, "question", asked)
        window.files.open_preset(presets()["five-tokens"])
        assert session.document.scenario.tokens == 5
        session.undo()
        assert session.document.scenario == edited
        session.undo()
        assert session.document.scenario.dynamics.beta != 9.5


def test_notes_of_the_legend_take_as_many_lines_as_they_need(qapp):
    metrics = QFontMetricsF(qapp.font())
    text = "shown by a linear map that separates groups, onto three axes"
    swatch = LegendRow("a name", colours=[(1.0, 0.0, 0.0)])
    for room in (120.0, 300.0, 2000.0):
        rows = wrapped_rows([LegendRow(text), swatch], room, metrics)
        assert all(metrics.horizontalAdvance(row.text) <= room for row in rows)
        assert " ".join(row.text for row in rows[:-1]) == text
        assert rows[-1] is swatch
    assert len(wrapped_rows([LegendRow(text)], 2000.0, metrics)) == 1
    (long,) = wrapped_rows([LegendRow("word" * 60)], 90.0, metrics)
    assert long.text.endswith("…") and metrics.horizontalAdvance(long.text) <= 90.0
