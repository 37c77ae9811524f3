"""``orrery FILE``: tables show their columns, and only scenarios are saved to."""

import subprocess
import sys
from pathlib import Path

import pytest
from helpers.paths import ROOT

from app import __main__ as program
from app.system import opening_window, startup, window_command
from sim import Scenario

TABLE = "word,x,y,z\nsun,1,0,0\nmoon,0,1,0\nstar,0,0,1\n"


class Shown:
    """Stands for the first picture of the window."""

    def close(self):
        """Close nothing."""


@pytest.fixture
def started(monkeypatch):
    """Return what the window is started with by a command line."""
    given = {}

    def start(document, _backend, **rest):
        given.update(rest, document=document)
        return 0

    monkeypatch.setattr(startup, "start", start)
    monkeypatch.setattr(opening_window, "opened", lambda _theme: Shown())
    monkeypatch.setattr(window_command, "why_no_window", lambda: None)

    def by(*args):
        given.clear()
        assert program.main([str(a) for a in args]) == 0
        return dict(given)

    return by


def test_only_a_scenario_is_saved_to(started, tmp_path):
    table, run = tmp_path / "words.csv", tmp_path / "run.json"
    table.write_text(TABLE)
    Scenario(tokens=8).save(run)
    assert started(run)["path"] == run
    for words in ([table], [table, "--set", "dynamics.beta=2"], ["opening"], []):
        assert started(*words)["path"] is None, words
    assert table.read_text() == TABLE


def test_the_columns_of_a_table_are_shown_first(started, tmp_path, capsys):
    table = Path(tmp_path, "words.csv")
    table.write_text(TABLE)
    given = started(table)
    assert given["table"] == table
    assert given["document"].scenario.tokens == started()["document"].scenario.tokens
    given = started(table, "--set", "dynamics.beta=2")
    assert given["table"] is None
    assert given["document"].scenario.initial.path == str(table)
    assert "3 tokens in 3 dimensions; names from column 1" in capsys.readouterr().out


def test_missing_libraries_are_said_before_qt_is_imported():
    check = (
        "import sys\n"
        "from app.system import display, window_command\n"
        "window_command.why_no_window = lambda: 'a library is missing'\n"
        "from app.__main__ import main\n"
        "assert main([]) == 2\n"
        "assert not [m for m in sys.modules if m.startswith('PySide6')]\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == "orrery: a library is missing\n"
