"""Take pictures of phase diagrams: python tests/shots/diagram_page.py FOLDER.

Dark at 1440 × 900 and light at 1024 × 768, with a small diagram and a cell in hand.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

PATIENCE = 240.0  # seconds a diagram may take
SIZES = (("dark", (1440, 900)), ("light", (1024, 768)))


def main() -> None:
    """Draw the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    from PySide6.QtCore import QSettings

    from app.document.document import Document
    from app.document.session import Session
    from app.system.application import application
    from app.theme.theme import ThemeController
    from app.window import Window
    from sim.engine import Engine
    from sim.resources import presets
    from sim.simulation import Simulation

    app = application()
    args.folder.mkdir(parents=True, exist_ok=True)

    def wait(done) -> None:
        end = time.monotonic() + PATIENCE
        while not done() and time.monotonic() < end:
            app.processEvents()
            time.sleep(0.01)

    with TemporaryDirectory() as home:
        settings = QSettings(f"{home}/orrery.ini", QSettings.Format.IniFormat)
        document = Document.load(presets()["five-tokens"])
        session = Session(document, Engine(Simulation(document.scenario)))
        themes = ThemeController(app, settings)
        window = Window(session, themes, settings)
        window.show()
        for theme, size in SIZES:
            themes.choose(theme)
            window.resize(*size)
            window.diagrams.open()
            page = window.diagrams.page
            assert page is not None
            page.form.preset.setCurrentIndex(2)
            page.form.preset.activated.emit(2)
            page.form.columns.setText("0.1:9:15")
            page.form.seeds.setText("4")
            page.toggle()
            wait(lambda page=page: page.shown is not None)
            page.grab().save(str(args.folder / f"diagram_begun_{theme}.png"))
            wait(lambda page=page: not page.work.busy)
            page.view.hovered.emit((8, 30))
            wait(lambda page=page: page.thumbnail.known)
            page.grab().save(str(args.folder / f"diagram_{theme}.png"))
            page.reject()
        window.stop()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main()
