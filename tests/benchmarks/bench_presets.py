"""Measure presets and observables: ``python tests/benchmarks/bench_presets.py``.

For every preset, or those named: the time of its whole ``run``, and what each
observable costs at a fresh state whose velocity is known, in milliseconds and in
velocities.  All times are of the processor, the least of a few, since other work takes
turns with it.
``--write`` puts a row for each preset and one for each observable into
assets/help/speed.md, between two marks; ``--csv FILE`` writes every pair.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(HERE)]
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `run` does on two cores

import numpy as np
from bench_sums import about
from speed_page import write_table

from sim.frame import FrameRequest
from sim.loading import open_run
from sim.observables import Observable
from sim.simulation import Simulation

PRESETS = ROOT / "assets" / "scenarios"
MOST_RUN = 20.0  # seconds that a run may take
MOST_VELOCITIES, MOST_MS = 2.0, 1.0  # an observable may cost the larger of both
LATEST = 2.0  # time of the state, of a preset that is long enough
RUNS = 5
RUNS_OF_MANY = 2  # with more than 100,000 tokens
MANY = 100_000
FIELDS = ("preset", "observable", "velocity_ms", "cost_ms", "velocities")


@dataclass(frozen=True)
class Cost:
    """What observables cost at one state of a preset, in milliseconds."""

    preset: str
    tokens: int
    dimension: int
    velocity: float
    observables: dict[str, float]

    def over(self) -> dict[str, float]:
        """Return the observables that cost more than two velocities and 1 ms."""
        most = max(MOST_VELOCITIES * self.velocity, MOST_MS)
        return {k: ms for k, ms in self.observables.items() if ms > most}


def cost(name: str) -> Cost:
    """Measure every observable of a preset; each has the velocity, as in a frame."""
    described = open_run(PRESETS / f"{name}.json")
    run = Simulation(described, "numpy")
    run.reach(min(LATEST, described.start.duration / 2))
    frame = run.frame(request=FrameRequest(frozenset(), clusters=False))
    runs = RUNS_OF_MANY if len(frame.x) > MANY else RUNS
    kinds = {kind: member() for kind, member in Observable.kinds().items()}
    spent: dict[str, list[float]] = {kind: [] for kind in ("", *kinds)}
    for k in range(runs + 1):
        for kind in spent:
            run.restore(frame)  # other arrays: nothing is remembered of them
            begin = time.process_time()
            run.velocity()
            if kind:
                probe = run.probe()
                begin = time.process_time()
                with np.errstate(over="ignore", invalid="ignore"):
                    kinds[kind].measure(probe)
            if k:  # the first compiles
                spent[kind].append(1e3 * (time.process_time() - begin))
    least = {kind: min(times) for kind, times in spent.items()}
    return Cost(name, *frame.x.shape, least.pop(""), least)


def run_time(name: str) -> tuple[float, float]:
    """Return the processor's and the clock's seconds of a preset's whole run."""
    command = [sys.executable, "-m", "sim", "run", str(PRESETS / f"{name}.json")]
    begin = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as child:
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"the run of {name} failed.")
    return used.ru_utime + used.ru_stime, time.perf_counter() - begin


def preset_row(found: Cost, seconds: tuple[float, float]) -> str:
    """Return the row of a preset: its run, and the observable that costs most."""
    kind, ms = max(found.observables.items(), key=lambda item: item[1])
    size = f"{found.tokens:,} × {found.dimension}"
    ran = f"{seconds[0]:.1f} s" + (" (!)" if min(seconds) > MOST_RUN else "")
    dearest = f"{kind}: {ms:.2f} ms, {ms / found.velocity:.1f}"
    return f"| {found.preset} | {size} | {ran} | {found.velocity:.2f} ms | {dearest} |"


def observable_rows(costs: list[Cost]) -> list[str]:
    """Return a row for each observable: its median, its largest, where it is over."""
    out: list[str] = []
    for kind in Observable.kinds():
        ratios = [c.observables[kind] / c.velocity for c in costs]
        most = max(costs, key=lambda c: c.observables[kind])
        over = [
            f"{c.preset} {c.over()[kind]:.1f} ms" for c in costs if kind in c.over()
        ]
        largest = f"{most.observables[kind]:.2f} ms ({most.preset})"
        cells = (kind, f"{np.median(ratios):.2f}", largest, ", ".join(over) or "–")
        out.append(f"| {' | '.join(cells)} |")
    return out


def table(costs: list[Cost], ran: dict[str, tuple[float, float]]) -> str:
    """Return both tables in Markdown."""
    lines = ["", f"Measured on {about()}.", ""]
    lines += ["| preset | n × d | run | velocity | dearest observable, in velocities |"]
    lines += ["|---|---|---|---|---|"]
    lines += [preset_row(c, ran[c.preset]) for c in costs]
    lines += [
        "",
        "| observable | velocities, median | most | over 2 velocities and 1 ms |",
    ]
    lines += ["|---|---|---|---|", *observable_rows(costs), ""]
    return "\n".join(lines)


def write_pairs(path: Path, costs: list[Cost]) -> None:
    """Write the cost of every observable of every preset."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        rows = csv.writer(stream)
        rows.writerow(FIELDS)
        for c in costs:
            for kind, ms in c.observables.items():
                numbers = (c.velocity, ms, ms / c.velocity)
                rows.writerow([c.preset, kind, *(f"{v:.4f}" for v in numbers)])


def main() -> None:
    """Print the tables, and write them where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("presets", nargs="*", metavar="PRESET")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--csv", type=Path, metavar="FILE")
    args = parser.parse_args()
    names = args.presets or sorted(path.stem for path in PRESETS.glob("*.json"))
    costs: list[Cost] = []
    ran: dict[str, tuple[float, float]] = {}
    for name in names:
        costs.append(cost(name))
        ran[name] = run_time(name)
        print(preset_row(costs[-1], ran[name]), flush=True)
    found = table(costs, ran)
    print(found)
    if args.csv:
        write_pairs(args.csv, costs)
    if args.write:
        write_table("presets", found)


if __name__ == "__main__":
    main()
