"""Take pictures of labs in the window: python tests/shots/lab_pages.py FOLDER [LAB …].

Each lab is drawn dark at 1440 × 900 and light at 1024 × 768, and in a presentation.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

PATIENCE = 60.0  # seconds a lab may take
SIZES = (
    ("dark", (1440, 900), False),
    ("light", (1024, 768), False),
    ("dark", (1024, 768), True),
)


def main() -> None:
    """Draw the labs that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("labs", nargs="*")
    args = parser.parse_args()
    from PySide6.QtCore import QSettings

    from app.document.document import Document
    from app.document.session import Session
    from app.system.application import application
    from app.theme.theme import ThemeController
    from app.window import Window
    from sim.engine import Engine
    from sim.labs import in_order
    from sim.resources import presets
    from sim.simulation import Simulation

    app = application()
    args.folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as home:
        settings = QSettings(f"{home}/orrery.ini", QSettings.Format.IniFormat)
        document = Document.load(presets()["five-tokens"])
        session = Session(document, Engine(Simulation(document.scenario)))
        themes = ThemeController(app, settings)
        window = Window(session, themes, settings)
        window.show()
        for kind in args.labs or [lab.kind for lab in in_order()]:
            for theme, size, presenting in SIZES:
                themes.choose(theme)
                window.resize(*size)
                window.panels.present(presenting)
                window.show_lab(kind)
                end = time.monotonic() + PATIENCE
                while window.labs.busy and time.monotonic() < end:
                    app.processEvents()
                    time.sleep(0.01)
                for _ in range(10):
                    app.processEvents()
                how = f"{kind}_{'present' if presenting else theme}_{size[0]}.png"
                window.grab().save(str(args.folder / how))
        window.stop()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main()
