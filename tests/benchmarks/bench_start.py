"""How soon something is seen after the command, on a warm disk.

    python tests/benchmarks/bench_start.py

Prints seconds of processor and of wall time until the layout of the window is painted,
and until the window is shown, each the median of some starts.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST_S = 1.0  # of the processor, until something is seen
PROBE = """
import os, sys, time
from app import __main__ as program
from app.system import opening_window

def note(what):
    print(what, time.process_time(), time.time() - float(sys.argv[1]), flush=True)

class Noted(opening_window.OpeningWindow):
    def present(self):
        super().present()
        note("layout")

def handed_over(self, window):
    window.show()
    self.app.processEvents()
    note("window")
    os._exit(0)

opening_window.OpeningWindow = Noted
opening_window.Opening.hand_over = handed_over
program.main([])
"""


def measured(count):
    """Return the processor and wall times of each stage, of `count` starts."""
    found = {"layout": [], "window": []}
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    for _ in range(count + 1):
        done = subprocess.run(
            [sys.executable, "-c", PROBE, str(time.time())],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        for line in done.stdout.splitlines():
            what, processor, wall = line.split()
            found[what].append((float(processor), float(wall)))
    return {what: times[1:] for what, times in found.items()}  # the first warms up


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=5)
    args = parser.parse_args()
    found = measured(args.count)
    for what, times in found.items():
        processor, wall = (statistics.median(t) for t in zip(*times, strict=True))
        print(f"{what}: {processor:.2f} s of the processor, after {wall:.2f} s")
    return int(statistics.median(p for p, _ in found["layout"]) > MOST_S)


if __name__ == "__main__":
    sys.exit(main())
