"""Pictures and films of sentences in a trained model, to be looked at.

python tests/shots/sentences.py OUT [NAME ...]; all by default.  Pictures are of the
window; films are those of `orrery render`.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("EGL_PLATFORM", "surfaceless")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[2]))

PATIENCE = 120.0  # seconds until a time of the run is there
REST = 1.2  # until labels have faded in
SIZES = {"1440": (1440, 900), "1024": (1024, 768)}
FILM_SIZE, FPS, SECONDS = (1280, 720), 30.0, 12.0


@dataclass(frozen=True)
class Picture:
    """A window at a time: what is edited, typed and taken over before."""

    preset: str
    at: float
    changes: tuple[tuple[str, object], ...] = ()
    typed: str = ""
    law: tuple[float, int, int] | None = None
    choose: tuple[int, ...] = ()


HEAD_OFF = (
    ("dynamics.intervention.action", "off"),
    ("dynamics.intervention.layer", 3),
    ("dynamics.intervention.head", 5),
)
PICTURES = {
    "apple": Picture("apple", 12.0),
    "bank": Picture("bank", 7.5),
    "typed": Picture("sentence", 4.5, typed="Reeds sway beside the towpath."),
    "refused": Picture("sentence", 2.0, typed="word " * 600),
    "intervention": Picture("sentence", 9.0, HEAD_OFF),
    "law": Picture("sentence", 6.0, law=(9.0, 0, 0)),
    "head": Picture("sentence", 6.0, law=(200.0, 5, 2)),
    "words": Picture("sentence", 6.0, (("look.special", False),), choose=(5,)),
}


def wait(app, until, patience: float = PATIENCE) -> None:
    """Let the window go on until something holds."""
    end = time.monotonic() + patience
    while not until() and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.002)


def shoot(name: str, out: Path) -> None:
    """Take one picture, in both themes and sizes."""
    from PySide6.QtCore import QSettings

    from app.document.document import Document
    from app.document.session import Session
    from app.sentences.take_over import TakingOver
    from app.system.application import application
    from app.theme.theme import ThemeController
    from app.window import Window
    from sim.engine import Engine
    from sim.resources import presets
    from sim.simulation import Simulation

    picture, app = PICTURES[name], application()
    document = Document.load(presets()[picture.preset]).edit(dict(picture.changes))
    settings = QSettings(str(out / f".{name}.ini"), QSettings.Format.IniFormat)
    themes = ThemeController(app, settings)
    session = Session(document, Engine(Simulation(document.run)))
    themes.choose("dark")
    window = Window(session, themes, settings)
    session.start(playing=False)
    window.show()
    wait(app, lambda: window.player.frame is not None)
    if picture.typed:
        window.sentences.fields[0].edit.setText(picture.typed)
        window.sentences.fields[0].edit.returnPressed.emit()
        wait(app, lambda: window.sentences.note, 10.0)
    if picture.law is not None:
        at = picture.at - 2.0
        window.player.seek(at)
        wait(app, lambda: window.player.t == at)
        window.sentence_actions._take_over(TakingOver(*picture.law))
        wait(app, lambda: len(window.player.frames) > 1)
    window.player.seek(picture.at)
    wait(app, lambda: all(f.t == picture.at for f in window.player.frames))
    window.lanes.choose(picture.choose)
    for theme in ("dark", "light"):
        themes.choose(theme)
        for size, pixels in SIZES.items():
            window.resize(*pixels)
            wait(app, bool, REST)
            window.grab().save(str(out / f"{name}_{theme}_{size}.png"))
    window.stop()
    (out / f".{name}.ini").unlink(missing_ok=True)
    print(f"{name}: t = {picture.at:g}", flush=True)


def film(name: str, out: Path) -> None:
    """Make the film of a preset, with its last picture beside it."""
    from dataclasses import replace

    from app.document.document import Document
    from app.export.render_file import render_file
    from app.export.render_options import RenderOptions
    from sim.resources import presets

    document = Document.load(presets()[name])
    options = RenderOptions(FILM_SIZE, FPS, SECONDS)
    render_file(document, out / f"{name}.mp4", options)
    for theme in ("dark", "light"):
        still = replace(options, at=document.scenario.duration, theme=theme)
        render_file(document, out / f"{name}_film_{theme}.png", still)
    print(f"{name}: film", flush=True)


def main(out: Path, names: list[str]) -> None:
    """Make those that are asked for, films by their presets after ``film:``."""
    out.mkdir(parents=True, exist_ok=True)
    for name in names or [*PICTURES, "film:apple", "film:bank"]:
        if name.startswith("film:"):
            film(name.removeprefix("film:"), out)
        else:
            shoot(name, out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
