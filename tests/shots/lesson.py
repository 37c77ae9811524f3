"""Draw a picture of every cue of a lesson for an audience: ``lesson.py 3 -o DIR``."""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("EGL_PLATFORM", "surfaceless")
sys.path[:0] = [str(Path(__file__).parents[k]) for k in (1, 2)]

from helpers.windows import opened
from PySide6.QtCore import QElapsedTimer, QEvent, QSettings
from PySide6.QtWidgets import QApplication

from app.document.loading import opening_document
from app.inspectors.trained.page import ModelPage
from app.theme import fonts
from app.theme.theme import ThemeController
from sim.lessons import lesson_file

SIZE = "1024x768"  # of a projector
SETTLE_MS = 500
PLAYED_SHARE = 0.6  # of a run, at which it is drawn


class Waiting:
    """Handles events, as pytest-qt does in a test."""

    def __init__(self, app):
        self._app = app

    def wait(self, ms):
        timer = QElapsedTimer()
        timer.start()
        while timer.elapsed() < ms:
            self._app.processEvents()

    def waitUntil(self, condition):  # noqa: N802 - as pytest-qt names it
        while not condition():
            self._app.processEvents()
            self._app.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def draw(window, waiting, folder, theme, only):
    """Draw every cue, or those in `only`, into `folder`."""
    player, shown = window.lesson_controls.player, []
    window.player.shown.connect(shown.append)
    window.panels.present(True)
    for place, cue in enumerate(player.lesson.cues):
        if only and place + 1 not in only:
            continue
        shown.clear()
        player.go(place)
        if not cue.lab:
            waiting.waitUntil(lambda: shown)
            waiting.wait(SETTLE_MS)
            goal = PLAYED_SHARE * cue.end
            window.player.seek(goal)
            waiting.waitUntil(lambda t=goal: window.player.t == t)
        page = window.inspectors.page(window.inspectors.kind)
        if cue.large and isinstance(page, ModelPage):
            waiting.waitUntil(lambda shown=page: shown.result is not None)
        waiting.waitUntil(lambda: not window.labs.busy)
        waiting.wait(SETTLE_MS)
        if cue.question:
            player.show_answer()
            waiting.waitUntil(lambda: not player.busy)
        waiting.wait(SETTLE_MS)
        window.token_view.catch_up()
        waiting.wait(SETTLE_MS)
        window.grab().save(str(folder / f"{theme}_{place + 1:02d}.png"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lesson")
    parser.add_argument("--theme", action="append", choices=["dark", "light"])
    parser.add_argument("--cue", action="append", type=int, help="only this one")
    parser.add_argument("--size", default=SIZE, metavar="WxH")
    parser.add_argument("-o", dest="folder", type=Path, required=True)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    fonts.install()
    waiting = Waiting(app)
    settings = QSettings(str(args.folder / "kept.ini"), QSettings.Format.IniFormat)
    for theme in args.theme or ("dark", "light"):
        controller = ThemeController(app, settings)
        controller.choose(theme)
        with opened(opening_document(), controller, settings, waiting) as window:
            window.resize(*map(int, args.size.split("x")))
            window.lesson_controls.player.open(lesson_file(args.lesson))
            draw(window, waiting, args.folder, theme, args.cue)


if __name__ == "__main__":
    main()
