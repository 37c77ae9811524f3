"""Find texts that cannot be read: python tests/shots/legible.py [OUT] [NAME ...].

Every preset, in both themes, on screens of 1024 × 768 and 1440 × 900 with a frame, at
scales 1 to 2, and with letters of 150 %.  With OUT, a folder, what fails is drawn.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("EGL_PLATFORM", "surfaceless")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

MOST = 3000  # tokens: larger runs take minutes
WAIT = 1200  # times 0.05 s, for a first frame


def opened_alone(document, folder):
    """Return a window of a document, its theme, and what pumps events."""
    from PySide6.QtCore import QDeadlineTimer, QSettings
    from PySide6.QtWidgets import QApplication

    from app.document.session import Session
    from app.theme.theme import ThemeController
    from app.window import Window
    from sim import Engine, Simulation

    app = QApplication.instance() or QApplication([])
    settings = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    theme = ThemeController(app, settings)
    theme.apply()
    session = Session(document, Engine(Simulation(document.scenario, "numpy")))
    window = Window(session, theme, settings)
    window.show()

    def pump(seconds: float = 0.2) -> None:
        end = QDeadlineTimer(round(1000 * seconds))
        while not end.hasExpired():
            app.processEvents()

    session.start(playing=False)
    return window, session, theme, pump


def shown(window, session, document, pump):
    """Open a document, and wait for its first frame."""
    session.load(document)
    for _ in range(WAIT):
        pump(0.05)
        frame = window.player.frame
        if frame is not None and frame.scenario == document.scenario:
            break
    pump(0.3)  # the layout follows the texts


def stretched(window, situation) -> list[str]:
    """Return a fault if what is shown made a window larger than its screen."""
    wide, tall = situation.size
    if window.width() <= wide and window.height() <= tall:
        return []
    return [f"the window is {window.width()} × {window.height()}"]


def main(names: list[str], out: Path | None) -> int:
    """Look at presets; return 1 if a situation has a fault."""
    from helpers.legibility import SITUATIONS, Looker, faults

    from app.document.document import Document
    from app.document.loading import presets

    documents = {n: Document.load(presets()[n]) for n in names or sorted(presets())}
    small = {n: d for n, d in documents.items() if d.scenario.tokens <= MOST}
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        window, session, theme, pump = opened_alone(Document(), Path(folder))
        look = Looker(window, theme, pump)
        for situation in SITUATIONS:
            in_general = set(look(situation))
            for name, document in small.items():
                shown(window, session, document, pump)
                found = [f for f in faults(window) if f not in in_general]
                found += stretched(window, situation)
                if found:  # what a slow machine has not laid out yet
                    pump(1.0)
                    now = [*faults(window), *stretched(window, situation)]
                    found = [fault for fault in now if fault in found]
                window.resize(*situation.size)
                failed += bool(found)
                for fault in found:
                    print(f"{name}, {situation}: {fault}", flush=True)
                if out is not None and found:
                    window.grab().save(str(out / f"{name}-{situation}.png"))
            for fault in in_general:
                print(f"{situation}: {fault}", flush=True)
            failed += bool(in_general)
            print(f"{situation}: {failed} faults until here", flush=True)
        window.stop()
    print(f"{failed} situations with a fault")
    return min(failed, 1)


if __name__ == "__main__":
    given = sys.argv[1:]
    folder = Path(given.pop(0)) if given and os.sep in given[0] else None
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    sys.exit(main(given, folder))
