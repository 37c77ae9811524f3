"""The palette in the window: it finds all there is, does it, and remembers it."""

import dataclasses

import pytest
from helpers.windows import opened
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.actions import COMMANDS
from app.command_palette.entries import PALETTE, Entry, found
from app.command_palette.palette import MAX_RECENT, CommandPalette
from app.document.document import Document
from app.pages.help import pages
from app.theme.theme import ThemeController
from sim.resources import presets

Key = Qt.Key


@pytest.fixture
def kept(tmp_path):
    return QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)


def entry(key, text="", kind="View"):
    return Entry(key, text or key, kind, lambda: None)


def keys_of(entries):
    return [one.key for one, _ in entries]


def test_what_was_used_lately_comes_first():
    entries = [entry(k) for k in ("play", "plan", "play on")]
    assert keys_of(found(entries, "", ["plan"])) == ["plan", "play", "play on"]
    assert keys_of(found(entries, "pl", ["plan"]))[0] == "plan"
    assert keys_of(found(entries, "play", ["play on"])) == ["play", "play on"]


def test_tokens_are_found_by_name_only():
    entries = [entry("token a", "river", "Token"), entry("b", "Rivers")]
    assert keys_of(found(entries, "", [])) == ["b"]
    assert keys_of(found(entries, "river", [])) == ["token a", "b"]


def test_keys_move_run_and_close(kept, qtbot):
    from PySide6.QtWidgets import QWidget

    ran = []
    names = [f"Command {k}" for k in range(12)]
    entries = [Entry(n, n, "View", lambda n=n: ran.append(n)) for n in names]
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    palette = CommandPalette(lambda: entries, kept, window)
    palette.open()
    QTest.keyClick(palette.field, Key.Key_Down)
    QTest.keyClick(palette.field, Key.Key_Return)
    assert ran == ["Command 1"] and not palette.isVisible()
    palette.open()
    assert palette.shown()[0].key == "Command 1"
    palette.field.setText("xyz")
    QTest.keyClick(palette.field, Key.Key_Return)
    assert palette.isVisible() and palette.note.isVisible()
    QTest.keyClick(palette.field, Key.Key_Escape)
    assert not palette.isVisible() and ran == ["Command 1"]
    for name in names:
        palette.open()
        palette.field.setText(name)
        QTest.keyClick(palette.field, Key.Key_Return)
    assert palette.recent() == names[::-1][:MAX_RECENT]


@pytest.mark.slow
@pytest.mark.screen
def test_it_finds_everything_there_is(kept, qapp, qtbot):
    themes = ThemeController(qapp, kept)
    themes.choose("dark")
    document = Document().edit({"tokens": 12, "title": "A test"})
    with opened(document, themes, kept, qtbot) as window:
        window.activateWindow()  # a screen without a window manager does not
        qtbot.waitUntil(window.isActiveWindow)
        frame = window.player.frame
        names = ("river", "bank", "money", *[""] * 9)
        window.player._frame = dataclasses.replace(frame, names=names)
        window.commands[PALETTE].trigger()
        palette = window.entries
        assert palette.isVisible() and palette.field.hasFocus()
        every = {e.key for e in palette._entries}
        enabled = {c.id for c in COMMANDS if window.commands[c.id].isEnabled()}
        assert every >= {f"command {c}" for c in enabled - {PALETTE}}
        assert every >= {f"setting {path}" for path in window.form.paths()}
        assert every >= {f"preset {name}" for name in presets()}
        assert every >= {f"help {page}" for page in pages()}
        assert every >= {f"panel {kind}" for kind in window.inspectors.fitting}
        assert every >= {"token river", "token bank", "token money"}
        assert next(e for e in palette.shown() if e.key == "command play").keys

        for typed, key in (
            ("plbk", "command backwards"),
            ("beta", "setting dynamics.beta"),
            ("metastable", "preset metastable"),
            ("bank", "token bank"),
            ("dark", "command dark"),
            ("gram", "panel gram"),
        ):
            palette.field.setText(typed)
            assert palette.shown()[0].key == key
        window.panels.show_measures(False)
        QTest.keyClick(palette.field, Key.Key_Return)
        assert window.inspectors.isVisible() and window.inspectors.kind == "gram"
        window.commands[PALETTE].trigger()
        palette.field.setText("bank")
        QTest.keyClick(palette.field, Key.Key_Return)
        assert window.token_view.chosen == (1,)

        window.commands["present"].trigger()
        window.commands[PALETTE].trigger()
        QTest.keyClick(palette.field, Key.Key_Escape)  # closes this alone
        assert not palette.isVisible() and window.panels.presenting
        window.commands["leave"].trigger()
        window.commands[PALETTE].trigger()
        palette.field.setText("beta")
        QTest.keyClick(palette.field, Key.Key_Return)
        row = window.form.row("dynamics.beta")
        assert row.isAncestorOf(QApplication.focusWidget())
