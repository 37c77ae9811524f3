"""Take pictures of the window as people see it: python tests/shots/shoot.py FOLDER.

Each shot opens the real window in a process of its own (a scale factor is for life),
plays its preset until a stated time, and grabs what is on screen.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 150.0  # seconds a shot may take


@dataclass(frozen=True)
class Shot:
    """One picture: which preset, when, how large, in which colours."""

    preset: str
    at: float
    theme: str = "dark"
    size: tuple[int, int] = (1440, 900)
    scale: str = "1"
    changes: tuple[tuple[str, object], ...] = ()
    choose: int | None = None
    present: bool = False
    page: str = ""
    press: str = ""


SHOTS = {
    "window_dark_sphere": Shot("opening", 3.4, choose=5),
    "window_light_sphere": Shot("opening", 3.4, "light", choose=5),
    "window_dark_circle": Shot("circle-modes", 7.5),
    "window_light_circle": Shot("circle-modes", 7.5, "light"),
    "window_dark_words": Shot("words", 18.0),
    "window_light_words": Shot("words", 30.0, "light"),
    "window_dark_sixteen": Shot("opening", 4.0, changes=(("dimension", 16),)),
    "window_dark_graph": Shot("graph-double-bracket", 2.0),
    "window_light_graph": Shot("graph-wave", 2.0, "light"),
    "window_dark_icosahedron": Shot("repulsion-platonic", 20.0),
    "window_dark_1024": Shot("opening", 3.4, size=(1024, 768), choose=5),
    "window_light_1024": Shot("words", 12.0, "light", (1024, 768)),
    "window_dark_scale2": Shot("opening", 2.4, scale="2", choose=5),
    "window_dark_1024_scale2": Shot("opening", 2.4, size=(1024, 768), scale="2"),
    "window_dark_spectra": Shot("rotating", 3.0, page="spectra"),
    "window_light_spectra": Shot("tug-of-war", 3.0, "light", page="spectra"),
    "window_dark_cosines": Shot("opening", 3.4, page="cosines"),
    "window_light_cosines_1024": Shot(
        "heads", 3.0, "light", (1024, 768), page="cosines"
    ),
    "window_dark_checks_1024": Shot("opening", 2.0, size=(1024, 768), page="checks"),
    "window_light_checks": Shot(
        "graph-wave", 2.0, "light", changes=(("integrator", "rk4"),), page="checks"
    ),
    "window_dark_spectra_scale2": Shot("words", 2.0, scale="2", page="spectra"),
    "window_dark_present": Shot("words", 20.0, present=True),
    "window_dark_formula": Shot("opening", 3.4, press="formula"),
    "window_light_formula_1024": Shot(
        "mlp", 2.0, "light", (1024, 768), press="formula"
    ),
    "window_light_present_formula": Shot(
        "opening", 3.4, "light", (1920, 1080), present=True, press="formula"
    ),
    "window_dark_palette": Shot("words", 2.0, press="palette"),
    "window_light_palette_1024": Shot(
        "opening", 2.0, "light", (1024, 768), press="palette"
    ),
}


def take(name: str, folder: Path) -> None:
    """Open the window, play, and save what is seen."""
    from PySide6.QtCore import QSettings

    from app.document.document import Document
    from app.document.session import Session
    from app.system.application import application
    from app.theme.theme import ThemeController
    from app.window import Window
    from sim.engine import Engine
    from sim.resources import presets
    from sim.simulation import Simulation

    shot, app = SHOTS[name], application()
    document = Document.load(presets()[shot.preset]).edit(dict(shot.changes))
    settings = QSettings(str(folder / f".{name}.ini"), QSettings.Format.IniFormat)
    theme_controller = ThemeController(app, settings)
    theme_controller.choose(shot.theme)
    engine = Engine(Simulation(document.run))
    session = Session(document, engine)
    theme_controller.apply()
    window = Window(session, theme_controller, settings)
    times = [0.0]

    def note(frames) -> None:
        times.append(frames[0].t)

    session.arrived.connect(note)
    session.start()
    window.resize(*shot.size)
    window.show()
    if shot.page:
        window.inspectors.choose_page(shot.page)
    if shot.present:
        window.commands["present"].trigger()
    if shot.press:
        window.commands[shot.press].trigger()
    if shot.choose is not None:
        window.token_view.choose((shot.choose,))
    end = time.monotonic() + PATIENCE
    while times[-1] < shot.at and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.002)
    engine.pause()
    rest = time.monotonic() + 1.0
    while time.monotonic() < rest:
        app.processEvents()
    window.grab().save(str(folder / f"{name}.png"))
    window.close()
    (folder / f".{name}.ini").unlink(missing_ok=True)
    print(f"{name}: t = {times[-1]:.2f}", flush=True)


def main() -> int:
    """Take the shots that are asked for, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", help=", ".join(SHOTS))
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    if args.here:
        take(args.names[0], args.folder)
        return 0
    bad = 0
    for name in args.names or SHOTS:
        env = {"QT_QPA_PLATFORM": "offscreen", "EGL_PLATFORM": "surfaceless"}
        env |= {**os.environ, "QT_SCALE_FACTOR": SHOTS[name].scale}
        env.setdefault("OPENBLAS_NUM_THREADS", "1")
        command = [sys.executable, __file__, str(args.folder), name, "--here"]
        bad += subprocess.run(command, env=env, check=False).returncode != 0
    return bad


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    sys.exit(main())
