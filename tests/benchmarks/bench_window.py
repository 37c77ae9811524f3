"""How smooth the window is: ``python tests/benchmarks/bench_window.py [N SECONDS]``.

The globe, the curves and the matrix of a window of 1440 x 900, fed by a running
engine, without a screen.  Prints pictures a second, and how late a timer of 5 ms comes
on the thread of the window: what a hand on a slider feels.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("EGL_PLATFORM", "surfaceless")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from app.document import Document
from app.dress import fonts
from app.dress.palette import DARK
from app.dress.theme import qpalette, sheet
from app.look import Look
from app.views.curves import Curves
from app.views.matrix import MatrixView
from app.views.sphere import SphereView
from sim.engine import Engine
from sim.scenario import Scenario, edit
from sim.simulation import Simulation

SIZE = (1140, 804)  # a window of 1440 x 900 without settings, bars and transport
SIDE = 328  # width of curves and matrix
FRAME_MS, PROBE_MS = 16, 5
WARM = 1.5  # seconds before measuring


class Bench(QObject):
    """Passes frames to the views, as the window does, and watches the clock."""

    def __init__(self, n: int, seconds: float) -> None:
        super().__init__()
        scenario = edit(Scenario(tokens=n, seed=4), {"dynamics.beta": 9.0})
        self.engine = Engine(Simulation(scenario), speed=0.2)
        self.window = QWidget()
        self.sphere, self.curves = SphereView(DARK), Curves(DARK)
        self.matrix = MatrixView(DARK)
        self.sphere.show_document(Document(scenario, Look(rotate=4.0)))
        self.seconds, self.frames = seconds, 0
        self.gaps: list[float] = []
        self.spent: dict[str, float] = {"frames to views": 0.0}
        self.then = self.start = 0.0
        self._lay_out()
        self._timers = [self._every(FRAME_MS, self._deliver)]
        self._timers.append(self._every(PROBE_MS, self._probe))

    def _lay_out(self) -> None:
        right = QWidget()
        right.setFixedWidth(SIDE)
        column, row = QVBoxLayout(right), QHBoxLayout(self.window)
        for box in (column, row):
            box.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.curves, 1)
        column.addWidget(self.matrix, 1)
        row.addWidget(self.sphere, 1)
        row.addWidget(right)
        self.window.resize(*SIZE)
        self.window.show()

    def _every(self, interval: int, slot: object) -> QTimer:
        timer = QTimer(self)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setInterval(interval)
        timer.timeout.connect(slot)
        return timer

    def run(self) -> None:
        """Start all clocks."""
        self.engine.start()
        self.start = self.then = time.perf_counter()
        for timer in self._timers:
            timer.start()

    def _deliver(self) -> None:
        frame = self.engine.latest()
        if frame is None:
            return
        begin = time.perf_counter()
        self.sphere.show_frame(frame)
        self.curves.show_frame(frame)
        director = self.sphere.director
        self.matrix.show_frame(frame, director.company, director.colours)
        wish = self.sphere.wish() | self.curves.wish() | self.matrix.wish()
        self.engine.wish(wish)
        if begin - self.start > WARM:
            self.frames += 1
            self.spent["frames to views"] += time.perf_counter() - begin

    def _probe(self) -> None:
        now = time.perf_counter()
        if now - self.start > WARM:
            self.gaps.append(now - self.then)
        self.then = now
        if now - self.start > WARM + self.seconds:
            for timer in self._timers:
                timer.stop()
            self._report()
            self.engine.close()
            self.sphere.close()
            QApplication.quit()

    def _report(self) -> None:
        painted = [t for t in self.sphere.paints if t > self.start + WARM]
        fps = (len(painted) - 1) / (painted[-1] - painted[0])
        between = 1e3 * np.diff(painted)
        gaps = 1e3 * np.array(self.gaps)
        low, high = np.quantile(between, [0.5, 0.95])
        print(f"{self.sphere.renderer}")
        print(
            f"pictures a second    {fps:6.1f}   median {low:.1f} ms, 95 % {high:.1f} ms"
        )
        print(f"frames a second      {self.frames / self.seconds:6.1f}")
        low, high = np.quantile(gaps, [0.5, 0.95])
        print(f"5 ms timer, ms       median {low:.1f}, 95 % {high:.1f}, ", end="")
        print(f"longest {gaps.max():.1f}")
        for name, seconds in self.spent.items():
            print(f"{name:<20} {1e3 * seconds / max(self.frames, 1):6.2f} ms a frame")
        print(f"step                 {self.engine.pace.step_ms:6.2f} ms")


def main() -> None:
    """Run and print."""
    given = sys.argv[1:]
    n, seconds = int(given[0]) if given else 240, float(given[1]) if given[1:] else 10.0
    app = QApplication([])
    app.setStyle("Fusion")
    fonts.install()
    app.setFont(fonts.font())
    app.setPalette(qpalette(DARK))
    app.setStyleSheet(sheet(DARK))
    bench = Bench(n, seconds)
    bench.run()
    app.exec()


if __name__ == "__main__":
    main()
