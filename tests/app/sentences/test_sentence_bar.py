"""Sentences above the globe: typed, one more in a lane beside, refused, undone."""

from __future__ import annotations

import json

import pytest
from helpers.checkpoints import TINY, tiny_copy
from PySide6.QtCore import QMimeData, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest

from app.document.document import Document
from app.document.loading import preset_document
from app.sentences.edits import sentence_groups, with_sentence
from app.sentences.models_first import model_folders
from app.theme.theme import ThemeController
from sim.io.named_files import ForeignFilesError
from sim.resources import presets
from sim.schedule import Change, Run
from tests.helpers.windows import opened

RIVER, MONEY = "The boat drifted to the bank.", "The bank raised its fees."


@pytest.fixture
def window(qapp, tmp_path, qtbot):
    settings = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    document = preset_document("sentence")
    with opened(document, ThemeController(qapp, settings), settings, qtbot) as made:
        yield made


def enter(field, text):
    field.edit.setFocus()
    field.edit.selectAll()
    QTest.keyClicks(field.edit, text)
    QTest.keyClick(field.edit, Qt.Key.Key_Return)


def names(window):
    return [frame.names for frame in window.player.frames]


@pytest.mark.slow
def test_a_sentence_is_typed_and_a_second_one_is_a_lane(window, qtbot, tmp_path):
    bar = window.sentences
    first, second = bar.fields
    assert first.edit.text() == "He ate a ripe apple from the tree."
    assert second.edit.text() == "" and "lane beside" in second.edit.placeholderText()
    enter(first, RIVER)
    qtbot.waitUntil(lambda: "boat" in names(window)[0] and window.player.playing)
    assert window.windowTitle().startswith(RIVER)
    enter(second, MONEY)
    qtbot.waitUntil(lambda: len(names(window)) == 2 and "fees" in names(window)[1])
    assert [f.edit.text() for f in bar.fields] == [RIVER, MONEY]
    qtbot.waitUntil(lambda: window.lanes.bar.text.startswith("Cosine in both:  bank "))
    enter(bar.fields[0], "   ")
    qtbot.waitUntil(lambda: bar.note == "The sentence is empty. Type some words.")
    assert bar.isVisible() and "boat" in names(window)[0]
    window.commands["undo"].trigger()
    qtbot.waitUntil(lambda: len(names(window)) == 1)
    window.commands["undo"].trigger()
    qtbot.waitUntil(lambda: "apple" in names(window)[0])
    check_what_is_said_below(window, qtbot)
    check_folders(window, qtbot, tmp_path)
    window.files.new()
    qtbot.waitUntil(bar.isHidden)
    window.files.open_preset(presets()["bank"])
    assert bar.isHidden()  # until its model has been read on another thread
    qtbot.waitUntil(lambda: len(names(window)) == 2 and "fished" in names(window)[0])
    assert bar.isVisible() and window._session.path is None


def check_what_is_said_below(window, qtbot):
    bar, field = window.sentences, window.sentences.fields[0]
    enter(field, "word " * 600)
    qtbot.waitUntil(lambda: "takes 1 to 512. Type a shorter" in bar.note)
    enter(field, "Reeds sway.")
    qtbot.waitUntil(lambda: bar.note.startswith("Split into pieces: "))
    assert "sway = s + ##way" in bar.note
    QTest.keyClicks(field.edit, "xyz")
    QTest.keyClick(field.edit, Qt.Key.Key_Escape)
    assert field.edit.text() == "Reeds sway."
    window.commands["present"].trigger()
    assert bar.isHidden()
    window.commands["present"].trigger()
    assert bar.isVisible()


def drop(window, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    at, none = QPointF(9, 9), Qt.KeyboardModifier.NoModifier
    button, action = Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction
    window.dropEvent(QDropEvent(at, action, data, button, none))


def check_folders(window, qtbot, tmp_path):
    def said():
        return [bar.text for bar in window.notices.bars]

    enter(window.sentences.fields[0], RIVER)
    qtbot.waitUntil(lambda: "boat" in names(window)[0])
    bad = tiny_copy(tmp_path / "bad")
    (bad / "tokenizer.json").unlink()
    drop(window, bad)
    qtbot.waitUntil(lambda: any("there is no tokenizer.json" in s for s in said()))
    assert "boat" in names(window)[0]
    drop(window, TINY)
    qtbot.waitUntil(lambda: window.player.frames[0].x.shape[1] == 64)
    assert window._session.document.get("initial.text") == RIVER
    assert window._session.path is None
    [text] = [s for s in said() if s.startswith("tiny_wordnet: gpt2, 4 layers")]
    assert "licence not stated" in text and "Not known: its licence, and" in text


def test_models_of_a_file_are_known_before_it_is_opened(tmp_path):
    assert model_folders(presets()["sentence"]) == ("asset:minilm",)
    assert model_folders(presets()["words"]) == ()
    assert model_folders(tmp_path / "none.json") == ()
    run = {"initial": {"kind": "sentence", "path": str(TINY)}}
    file = tmp_path / "run.json"
    file.write_text(json.dumps(run), encoding="utf-8")
    with pytest.raises(ForeignFilesError):
        model_folders(file)
    assert model_folders(file, allow_files=True) == (str(TINY.resolve()),)


def test_a_lane_of_the_same_sentence_is_typed_with_it_if_a_law_takes_over():
    start = preset_document("sentence").scenario
    law = Run(start, (Change(4.0, {"space": "sphere"}),))
    base = Document.of_run(Run(start))
    two = base.with_comparison(type(base.comparison)((Run(start), law, Run(start))))
    assert sentence_groups(two) == [(0, 1), (2,)]
    new = with_sentence(two, (0, 1), RIVER)
    assert [lane.run.start.initial.text for lane in new.lanes] == [
        RIVER,
        RIVER,
        start.initial.text,
    ]
    assert new.lanes[1].run.changes == law.changes
    assert sentence_groups(new) == [(0, 1), (2,)]
    assert {lane.scenario.title for lane in new.lanes} == {"Sentences in a transformer"}
