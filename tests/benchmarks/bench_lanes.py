"""How many pictures a second lanes show, side by side, in the window.

    xvfb-run -a -s "-screen 0 1600x1000x24" python tests/benchmarks/bench_lanes.py

Prints, for two lanes of 240 tokens on the sphere, two of the preset *words*, and four
lanes, the pictures of each lane in a second, and how far the lanes' times were apart.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from app.document.document import Document
from app.document.session import Session
from app.system.application import application
from app.theme.theme import ThemeController
from app.window import Window
from sim.engine import Engine
from sim.simulation import Simulation

ROOT = Path(__file__).parents[2]
SECONDS = 8.0
SIZE = (1440, 900)
BETA = "dynamics.beta"
START = Document().edit({"tokens": 240, "dimension": 3, "duration": 60.0})


def wait(seconds: float) -> None:
    """Let the window work for a while."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        QApplication.processEvents()
        time.sleep(0.002)


def measure(name: str, document: Document, betas: tuple[float, ...]) -> None:
    """Play the lanes, and print what was seen."""
    app = application()
    with tempfile.TemporaryDirectory() as folder:
        settings = QSettings(f"{folder}/kept.ini", QSettings.Format.IniFormat)
        session = Session(document, Engine(Simulation(document.run, "numpy")))
        window = Window(session, ThemeController(app, settings), settings)
        window.resize(*SIZE)
        window.show()
        session.start()
        session.lanes.compare([{BETA: beta} for beta in betas], "compare")
        window.player.play()
        wait(3.0)
        for pane in window.lanes.panes:
            pane.paints.clear()
        wait(SECONDS)
        rates = [len(pane.paints) / SECONDS for pane in window.lanes.panes]
        apart = {round(frame.t - window.player.t, 9) for frame in window.player.frames}
        print(
            f"{name}: {', '.join(f'{rate:.1f}' for rate in rates)} pictures/s", end=""
        )
        print(f", times apart by {max(map(abs, apart)):g}")
        window.stop()


def main() -> int:
    """Measure all."""
    words = Document.load(ROOT / "assets" / "scenarios" / "words.json")
    measure("two lanes, n = 240, d = 3", START, (1.0, 9.0))
    measure("two lanes, words", words, (1.0, 9.0))
    measure("four lanes, n = 240, d = 3", START, (1.0, 4.0, 9.0, 25.0))
    return 0


if __name__ == "__main__":
    sys.exit(main())
