"""How smooth the window is: ``python tests/benchmarks/bench_window.py [--help]``.

The whole window, 1440 x 900, with a running engine and no screen.  Prints how late a
timer of 5 ms comes on the window's thread, which is what a hand on a slider feels, and
how much of the latest gap that thread waited for a processor that others had; how long
an edit of β takes until a frame carries it; pictures and frames a second.  Every figure
is given of each of several runs, with the load of the machine.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("EGL_PLATFORM", "surfaceless")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from PySide6.QtCore import QObject, QSettings, Qt, QTimer

from app.document.document import Document
from app.document.session import Session
from app.system.application import application
from app.system.gc_thread import MainThreadGC
from app.theme.theme import ThemeController
from app.window import Window
from sim.engine import Engine
from sim.frame import FrameRequest
from sim.scenario import Scenario, edit
from sim.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.frame import Frame

SIZE = (1440, 900)
PROBE_MS = 5
WARM = 3.0  # seconds before measuring
EVERY = 5.0  # seconds between edits of β
BETAS = (6.0, 9.0)
GAP = 50.0  # ms that the window may not answer
MANY = 16_384  # tokens of that bound
BARE = FrameRequest(frozenset(), clusters=False)


@dataclass(frozen=True)
class Smoothness:
    """What one run measured: milliseconds, and times a second.

    Attributes
    ----------
    gap : float
        Longest gap of the timer.
    late : float
        What 95 % of its gaps are below.
    edits : tuple of float
        From an edit to the first frame that carries it.
    step, wait : float
        A step, and the mean time between frames.
    pictures, frames : float
        A second.
    load : float
        Of the machine over the last minute: processes that compute or would.
    queued : float
        How much of the longest gap was waiting for a processor; Linux only.
    own : float
        Longest gap less such waiting.
    """

    gap: float
    late: float
    edits: tuple[float, ...]
    step: float
    wait: float
    pictures: float
    frames: float
    load: float
    queued: float
    own: float


class Watch(QObject):
    """Watches the clock of the window's thread, turns β, and sees frames arrive."""

    def __init__(self, window: Window, session: Session, seconds: float) -> None:
        super().__init__()
        self._window, self._session = window, session
        self._begin = time.perf_counter() + WARM
        self._end, self._then = self._begin + seconds, time.perf_counter()
        self._gaps: list[float] = []
        self._queues: list[float] = []
        self._queued = queued()
        self._frames: list[float] = []
        self._edits: list[float] = []
        self._asked = self._begin
        self._wanted = 0.0
        session.arrived.connect(self._arrive)
        self._timers = [self._every(PROBE_MS, self._probe)]
        self._timers.append(self._every(int(1e3 * EVERY), self._edit))

    def _every(self, interval: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(slot)
        timer.start(interval)
        return timer

    def _probe(self) -> None:
        now, waited = time.perf_counter(), queued()
        if now > self._begin:
            self._gaps.append(1e3 * (now - self._then))
            self._queues.append(waited - self._queued)
        self._then, self._queued = now, waited
        if now > self._end:
            for timer in self._timers:
                timer.stop()
            self._window.stop()  # quitting would ask about unsaved edits
            application().exit()

    def _edit(self) -> None:
        if not self._wanted:
            self._wanted = BETAS[len(self._edits) % len(BETAS)]
            self._asked = time.perf_counter()
            self._session.edit("dynamics.beta", self._wanted)

    def _arrive(self, frames: tuple[Frame, ...]) -> None:
        now, frame = time.perf_counter(), frames[0]
        if now > self._begin:
            self._frames.append(now)
        if self._wanted and frame.scenario.dynamics.beta == self._wanted:
            self._edits.append(1e3 * (now - self._asked))
            self._wanted = 0.0

    def found(self) -> Smoothness:
        """Return what was seen."""
        seconds = self._end - self._begin
        painted = [t for t in self._window.token_view.paints if t > self._begin]
        return Smoothness(
            max(self._gaps),
            float(np.quantile(self._gaps, 0.95)),
            tuple(self._edits),
            self._session.engine.pace.step_ms,
            1e3 * seconds / max(1, len(self._frames)),
            len(painted) / seconds,
            len(self._frames) / seconds,
            os.getloadavg()[0],
            self._queues[int(np.argmax(self._gaps))],
            max(np.subtract(self._gaps, self._queues)),
        )


def queued() -> float:
    """Return for how many ms this thread has waited for a processor so far."""
    path = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
    return int(path.read_text().split()[1]) / 1e6 if path.exists() else 0.0


def measure(scenario: Scenario, seconds: float) -> Smoothness:
    """Open the window on `scenario`, watch it run, and close it."""
    app = application()
    with tempfile.TemporaryDirectory() as folder:
        ini = str(Path(folder) / "settings.ini")
        settings = QSettings(ini, QSettings.Format.IniFormat)
        theme_controller = ThemeController(app, settings)
        theme_controller.choose("dark")
        engine = Engine(Simulation(scenario, "numpy"))
        session = Session(Document(scenario), engine)
        window = Window(session, theme_controller, settings)
        window.resize(*SIZE)
        window.show()
        tidy = MainThreadGC(app)
        session.start()
        watch = Watch(window, session, seconds)
        app.exec()
        tidy.deleteLater()
    return watch.found()


def of(n: int, d: int = 3, precision: str = "float64") -> Scenario:
    """Return n uniform tokens at β = 9."""
    base = Scenario(tokens=n, dimension=d, seed=4, precision=precision)
    return edit(base, {"dynamics.beta": BETAS[-1]})


def told(found: Smoothness) -> str:
    """Return one run as a line."""
    edits = " ".join(f"{t:.0f}" for t in found.edits) or "none"
    return (
        f"longest gap {found.gap:5.1f} ms (95 % {found.late:4.1f}; waiting for a "
        f"processor {found.queued:.1f}; without such waits {found.own:.1f}), "
        f"edits {edits} ms, step {found.step:.0f} ms, frame every {found.wait:.0f} ms, "
        f"pictures {found.pictures:.0f}/s, frames {found.frames:.2g}/s, "
        f"load {found.load:.1f}"
    )


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tokens", type=int, default=MANY)
    parser.add_argument("--dimension", type=int, default=3)
    parser.add_argument("--precision", default="float64")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--load", help="a scenario to open instead of uniform tokens")
    args = parser.parse_args()
    scenario = of(args.tokens, args.dimension, args.precision)
    if args.load:
        scenario = Document.load(args.load).scenario
    runs = [measure(scenario, args.seconds) for _ in range(args.runs)]
    for run in runs:
        print(told(run))
    gap = float(np.median([run.gap for run in runs]))
    print(f"longest gap, median of {len(runs)} runs: {gap:.1f} ms, bound {GAP:g} ms")
    return int(gap > GAP)


if __name__ == "__main__":
    sys.exit(main())
