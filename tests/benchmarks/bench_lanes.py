"""How many pictures a second lanes show side by side in the window, and what they cost.

    xvfb-run -a -s "-screen 0 1600x1000x24" python tests/benchmarks/bench_lanes.py \
        [one] [two] [words] [four]

Prints, for each case, the pictures of each lane in a second, how many were of a new
frame, how fast the run went, how far the lanes' times were apart, and the processor
time of one picture of all lanes: of the window, the engines, the threads and processes
that draw, and OpenGL's own.  Where other programs run, only the processor time can be
compared, and only with that of another version measured in turn: threads that share a
core take longer.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from sim.cli.guard import share_processors

share_processors()  # before NumPy is imported, as `orrery` does

from PySide6.QtCore import QEventLoop, QSettings, QTimer

from app.document.document import Document
from app.document.session import Session
from app.system.application import application
from app.theme.theme import ThemeController
from app.window import Window
from sim.engine import Engine
from sim.simulation import Simulation

if TYPE_CHECKING:
    from sim.frame import Frame

WARM_UP_S, SECONDS = 6.0, 8.0
SIZE = (1440, 900)
BETA = "dynamics.beta"
START = Document().edit({"tokens": 240, "dimension": 3, "duration": 60.0})
PARTS = {"MainThread": "window", "painter": "drawing", "llvmpipe": "OpenGL's threads"}


def wait(seconds: float) -> None:
    """Let the window work for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(1e3 * seconds), loop.quit)
    loop.exec()


def processor_times() -> dict[str, float]:
    """Return the seconds that each part has taken: threads here, and processes."""
    lists = Path("/proc/self/task").glob("*/children")
    children = [child for one in lists for child in one.read_text().split()]
    spent = sum(process_time(child) for child in children)
    return thread_times() | {"drawing processes": spent}


def process_time(process: str) -> float:
    """Return the seconds that all threads of a process have taken."""
    threads = Path("/proc", process, "task").glob("*/schedstat")
    return sum(int(one.read_text().split()[0]) / 1e9 for one in threads)


def thread_times() -> dict[str, float]:
    """Return the seconds that the threads of each part have taken, as Linux knows."""
    names = {thread.native_id: thread.name for thread in threading.enumerate()}
    out: dict[str, float] = defaultdict(float)
    for folder in Path("/proc/self/task").iterdir():
        try:
            spent = int((folder / "schedstat").read_text().split()[0]) / 1e9
            name = names.get(int(folder.name), (folder / "comm").read_text().strip())
        except OSError:  # it has ended
            continue
        part = next((PARTS[k] for k in PARTS if name.startswith(k)), name)
        out[part.split("_")[0]] += spent
    return out


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
        if len(betas) > 1:
            session.lanes.compare([{BETA: beta} for beta in betas], "compare")
        window.player.play()
        wait(WARM_UP_S)
        shown: list[Frame] = []
        window.player.shown.connect(shown.append)
        for pane in window.lanes.panes:
            pane.paints.clear()
        then = window.player.t
        before, start = processor_times(), time.perf_counter()
        wait(SECONDS)
        passed, after = time.perf_counter() - start, processor_times()
        counts = [len(pane.paints) for pane in window.lanes.panes]
        gained = window.player.t - then
        apart = [abs(frame.t - window.player.t) for frame in window.player.frames]
        window.stop()
    rates = ", ".join(f"{count / passed:.1f}" for count in counts)
    print(
        f"{name}: {rates} pictures/s, {len(shown) / passed:.1f} of new frames,", end=""
    )
    print(f" {gained / passed:.2f} of the run's time a second")
    spent = {part: after[part] - before.get(part, 0.0) for part in after}
    one = 1e3 / max(counts)
    print(f"  times apart by {max(apart):g}; processors in use", end=" ")
    print(
        f"{sum(spent.values()) / passed:.2f}; {one * sum(spent.values()):.1f} ms each:"
    )
    for part, seconds in sorted(spent.items(), key=lambda pair: -pair[1]):
        if one * seconds > 0.2:
            print(f"  {one * seconds:8.1f} ms  {part}")


def main() -> int:
    """Measure all cases, or those that are named."""
    words = Document.load(ROOT / "assets" / "scenarios" / "words.json")
    cases = {
        "one": ("one lane, n = 240, d = 3", START, (4.0,)),
        "two": ("two lanes, n = 240, d = 3", START, (1.0, 9.0)),
        "words": ("two lanes, words", words, (1.0, 9.0)),
        "four": ("four lanes, n = 240, d = 3", START, (1.0, 4.0, 9.0, 25.0)),
    }
    for case in sys.argv[1:] or cases:
        measure(*cases[case])
    return 0


if __name__ == "__main__":
    sys.exit(main())
