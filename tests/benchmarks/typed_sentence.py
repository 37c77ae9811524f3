"""From Enter in the field of a sentence to its picture, painted in the whole window."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest

from app.document.loading import opening_document, preset_document
from app.document.session import Session
from app.system.application import application
from app.theme.theme import ThemeController
from app.window import Window
from sim.engine import Engine
from sim.resources import presets
from sim.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.document.document import Document

SIZE = (1440, 900)
SENTENCES = (
    "The boat drifted to the bank of the river.",
    "She paid the money into her bank account.",
    "He ate a ripe apple from the tree.",
    "The apple computer firm sold its shares.",
    "Deep snow covers the quiet village.",
    "A small bird sings in the garden.",
)
REST_S, PATIENCE_S = 1.5, 60.0
Clock = tuple[float, float]
"""Seconds on the wall, and of the processor in all threads."""


def clock() -> Clock:
    """Return both times now."""
    return time.perf_counter(), time.process_time()


def opened(document: Document, folder: str) -> tuple[Session, Window]:
    """Return the window of a document, paused at its start."""
    settings = QSettings(f"{folder}/kept.ini", QSettings.Format.IniFormat)
    session = Session(document, Engine(Simulation(document.run)))
    window = Window(session, ThemeController(application(), settings), settings)
    window.resize(*SIZE)
    window.show()
    session.start(playing=False)
    until(lambda: window.player.frame is not None)
    rest()
    return session, window


def until(what: Callable[[], bool]) -> None:
    """Let the window go on until something holds."""
    end = time.monotonic() + PATIENCE_S
    while not what():
        if time.monotonic() > end:
            raise TimeoutError(f"nothing after {PATIENCE_S:g} s")
        application().processEvents()
        time.sleep(0.001)


def rest() -> None:
    """Let the window finish what it has begun."""
    end = time.monotonic() + REST_S
    until(lambda: time.monotonic() > end)


def painted(window: Window, word: str, start: Clock) -> Clock:
    """Return what passed from `start` until tokens with `word` are on the screen."""
    view = window.token_view

    def shown() -> bool:
        frame = view.info.frame
        return frame is not None and word in (frame.names or ())

    until(shown)
    built = time.perf_counter()
    until(lambda: bool(view.paints) and view.paints[-1] > built)
    wall, processor = clock()
    return 1e3 * (wall - start[0]), 1e3 * (processor - start[1])


def typed() -> list[Clock]:
    """Return the times of each sentence, typed in the preset's window in ms."""
    with tempfile.TemporaryDirectory() as folder:
        _session, window = opened(preset_document("sentence"), folder)
        found = []
        for text in SENTENCES:
            edit = window.sentences.fields[0].edit
            edit.setText(text)
            start = clock()
            QTest.keyClick(edit, Qt.Key.Key_Return)
            found.append(painted(window, text.rstrip(".").split()[-1], start))
            window.player.pause()
            rest()
        window.stop()
    return found


def opened_first() -> tuple[Clock, float]:
    """Return the times from choosing the preset to its picture, its model not yet read.

    And for how long the window's thread computed at once, in ms.
    """
    with tempfile.TemporaryDirectory() as folder:
        _session, window = opened(opening_document(), folder)
        start, thread = clock(), time.thread_time()
        window.files.open_preset(Path(presets()["sentence"]))
        held = 1e3 * (time.thread_time() - thread)
        found = painted(window, "apple", start)
        window.stop()
    return found, held
