"""Measure what surrounds the sums: ``python tests/benchmarks/table.py [--help]``.

Puts into assets/help/speed.md, between two marks, what observables cost beside a
velocity, how smooth the window is, and how fast a million tokens go, with the machine,
the versions and the load.  `bench_sums.py` measures the sums themselves.
"""

from __future__ import annotations

import argparse
import sys
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE)]

import bench_window
import numpy as np
from bench_sums import about, medians
from bench_window import measure, of
from speed_page import write_table

from app.system.application import application
from app.system.gc_thread import MainThreadGC
from sim.observables import Observable
from sim.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Callable

DEAR = ("f_hat", "energy_rate", "max_speed", "entropy", "divergence", "clusters")
CASES = ((100_000, 2, "float64"), (100_000, 3, "float32"), (1_000_000, 3, "float32"))
Row = tuple[str, str, str]


def afresh(run: Simulation, kind: str) -> Callable[[], Any]:
    """Return what measures `kind` where the velocity is known, as in a frame."""
    observable = Observable.kinds()[kind]()

    def measured() -> float:
        return observable.measure(run.probe())

    return measured


def observables(n: int, d: int, precision: str, runs: int) -> list[Row]:
    """Compare observables with the velocity whose sums they share."""
    run = Simulation(of(n, d, precision), "numpy")

    def velocity() -> Any:
        run.restore(frame)  # other arrays: nothing is remembered of them
        return run.velocity()

    frame = run.frame(request=bench_window.BARE)
    unit, *spent = medians(velocity, *(afresh(run, k) for k in DEAR), runs=runs)
    what = f"n = {n:,}, d = {d}, {precision}: "
    rows = [(f"{what}velocity", f"{1e3 * unit:.0f} ms", "")]
    for kind, seconds in zip(DEAR, spent, strict=True):
        cost = f"{1e3 * seconds:.0f} ms, {seconds / unit:.2f} of a velocity"
        rows.append((f"{what}{kind} besides", cost, "≤ 1" if kind == "f_hat" else ""))
    return rows


def memory(n: int, d: int, precision: str) -> Row:
    """Measure what a step needs beside the state, at most."""
    run = Simulation(of(n, d, precision), "numpy")
    run.step()
    tracemalloc.start()
    run.step()
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    run.step()
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    what = f"n = {n:,}, d = {d}, {precision}: work arrays of a step"
    return what, f"{peak / 1e6:.0f} MB", "≤ 1,000 MB"


def window(n: int, precision: str, seconds: float, runs: int) -> list[Row]:
    """Watch the window, without a screen and drawn by the processor."""
    found = [measure(of(n, 3, precision), seconds) for _ in range(runs)]
    what = f"window, n = {n:,}, {precision}: "
    gaps = " ".join(f"{run.gap:.0f}" for run in found)
    edits = [t for run in found for t in run.edits]
    turned = f"{np.median(edits):.0f} ms" if edits else "none"
    step = np.median([run.step for run in found])
    frames = np.median([run.frames for run in found])
    late = np.median([run.late for run in found])
    bound = f"≤ {bench_window.GAP:g} ms" if n == bench_window.MANY else ""
    return [
        (
            f"{what}longest gaps in {seconds:g} s",
            f"{gaps} ms (95 %: {late:.0f})",
            bound,
        ),
        (f"{what}edit of β to its frame", f"{turned}; a step is {step:.0f} ms", ""),
        (f"{what}new frames", f"{frames:.2g} a second", ""),
    ]


def table(runs: int, seconds: float) -> str:
    """Measure everything, and return it in Markdown."""
    rows: list[Row] = []
    for case in CASES:
        rows += observables(*case, runs)
    rows += [memory(*case) for case in CASES]
    rows += window(bench_window.MANY, "float64", seconds, runs)
    rows += window(100_000, "float32", seconds, 1)
    rows += window(1_000_000, "float32", seconds, 1)
    lines = ["| figure | measured | bound |", "|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(["", f"Measured on {about()}.", "", *lines, ""])


def main() -> None:
    """Print the table, or put it where it belongs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=30.0)
    args = parser.parse_args()
    tidy = MainThreadGC(application())
    found = table(args.runs, args.seconds)
    del tidy
    print(found)
    if args.write:
        write_table("around the sums", found)


if __name__ == "__main__":
    main()
