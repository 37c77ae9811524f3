"""The table of commands: complete, without conflicts, and it calls what there is."""

from __future__ import annotations

from operator import attrgetter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from app.actions import COMMANDS, MENUS, Commands
from app.command_palette.palette import CommandPalette
from app.diagrams.actions import DiagramActions
from app.document.player import Player
from app.document.session import Session
from app.equation.copies import FormulaCopies
from app.export.controller import ExportController
from app.export.recording import Recording
from app.file_actions import FileActions
from app.inspectors.merge_steps import MergeSteps
from app.inspectors.tabs import InspectorTabs
from app.lanes.lane_actions import LaneActions
from app.lessons.controls import LessonControls
from app.lessons.player import LessonPlayer
from app.panel.toggles import LawActions
from app.panel_layout import PanelLayout
from app.presenter.presentation import Presentation
from app.sentences.actions import SentenceActions
from app.theme import icons
from app.theme.theme import ThemeController
from app.token_card.card import TokenCard
from app.token_card.find_panel import FindPanel
from app.token_edits.painting import TokenPainter
from app.token_edits.token_actions import TokenActions
from app.widgets.button_keys import keeps

PARTS = {
    "session": Session,
    "player": Player,
    "law": LawActions,
    "files": FileActions,
    "exports": ExportController,
    "recording": Recording,
    "theme": ThemeController,
    "panels": PanelLayout,
    "inspectors": InspectorTabs,
    "card": TokenCard,
    "merges": MergeSteps,
    "finder": FindPanel,
    "formula": FormulaCopies,
    "lanes": LaneActions,
    "palette": CommandPalette,
    "tokens": TokenActions,
    "presentation": Presentation,
    "lesson": LessonPlayer,
    "lesson_controls": LessonControls,
    "painter": TokenPainter,
    "sentences": SentenceActions,
    "diagrams": DiagramActions,
}


def test_no_two_commands_share_a_key():
    seen = {}
    for command in COMMANDS:
        for key in command.keys.split():
            text = QKeySequence(key).toString()
            assert text, f"{command.id}: {key} is no key"
            assert text not in seen, f"{key}: {command.id} and {seen.get(text)}"
            seen[text] = command.id


def test_ids_are_unique_and_texts_are_said():
    assert len({c.id for c in COMMANDS}) == len(COMMANDS)
    for command in COMMANDS:
        assert command.text
        assert not command.text.endswith("...")
        assert not command.tip or command.tip.endswith(".")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.id)
def test_what_is_called_is_there(command):
    part, _, name = command.call.partition(".")
    assert callable(attrgetter(name)(PARTS[part]))


def test_every_icon_is_shipped():
    for command in COMMANDS:
        assert not command.icon or (icons.FOLDER / f"{command.icon}.svg").is_file()


class Recorder:
    """Notes every call of any method."""

    def __init__(self):
        self.calls = []

    def __getattr__(self, name):
        def call(*args):
            self.calls.append((name, *args))

        return call


@pytest.fixture
def window(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_actions_call_with_their_arguments(window):
    parts = {name: Recorder() for name in PARTS}
    commands = Commands(window, parts)
    for name in ("undo", "larger", "dark"):
        commands[name].trigger()
    commands["measures"].trigger()
    assert parts["session"].calls == [("undo",)]
    assert parts["theme"].calls == [("grow", 1), ("choose", "dark")]
    assert parts["panels"].calls == [("show_measures", True)]


def test_menus_hold_every_command_and_lines_between_parts(window):
    commands = Commands(window, {name: Recorder() for name in PARTS})
    held = [a for menu in MENUS for a in commands.of(menu)]
    assert [a for a in held if a is not None] == [commands[c.id] for c in COMMANDS]
    for menu in MENUS:
        entries = commands.of(menu)
        assert entries[0] is not None
        assert entries[-1] is not None


def test_tooltips_name_the_key(window):
    commands = Commands(window, {name: Recorder() for name in PARTS})
    assert commands["reset"].toolTip().endswith("(R)")
    commands.rename("undo", "Undo β")
    assert commands["undo"].text() == "Undo β"
    assert "Ctrl+Z" in commands["undo"].toolTip()


def test_space_belongs_to_the_button_that_has_the_focus(window):
    button = QPushButton(window)
    assert keeps(button, Qt.Key.Key_Space)
    assert not keeps(button, Qt.Key.Key_R)
    assert not keeps(window, Qt.Key.Key_Space)
    assert not keeps(None, Qt.Key.Key_Space)
