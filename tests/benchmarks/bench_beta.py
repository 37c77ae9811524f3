"""The first velocity after a change of β against the tenth: ``bench_beta.py [D ...]``.

    python tests/benchmarks/bench_beta.py [2] [3] [8] [64]

For 16,384 tokens and β from 0.1 to 1000, each met for the first time in a process that
has prepared for edits as the window does; processor time of one thread, the least of
several processes, as other programs may run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

os.environ["ORRERY_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from sim.jit.thread_pool import run_in_background
from sim.scenario import Scenario, edit
from sim.simulation import Simulation

N, START = 16_384, 5.0
BETAS = (0.1, 0.3, 1.0, 3.0, 9.0, 30.0, 100.0, 300.0, 1000.0)
DIMENSIONS, KINDS = (2, 3, 8, 64), ("float32", "float64")
PROCESSES = {2: 6, 3: 6, 8: 2, 64: 2}
TENTH = 10


def measured(d: int, kind: str) -> list[tuple[str, float, float]]:
    """Return, for each β, the method and the seconds of the first and the tenth."""
    asked = {"tokens": N, "dimension": d, "precision": kind, "dynamics.beta": START}
    scenario = edit(Scenario(seed=1), asked)
    simulation = Simulation(scenario, "numpy")
    simulation.step()
    simulation.prepare_edits()
    done: list[bool] = []
    run_in_background(lambda: done.append(True))  # by the same thread, after the rest
    while not done:
        time.sleep(0.01)
    out: list[tuple[str, float, float]] = []
    for beta in BETAS:
        simulation.retune(edit(scenario, {"dynamics.beta": beta}))
        spent: list[float] = []
        for _ in range(TENTH):
            spent.append(seconds(simulation))
            state = simulation.state  # other arrays: nothing is remembered of them
            simulation._stepper.state = replace(state, x=state.x.copy())
        out.append((simulation.method[0], spent[0], float(np.median(spent[-5:]))))
    return out


def seconds(simulation: Simulation) -> float:
    """Return the processor time of a velocity."""
    start = time.process_time()
    simulation.velocity()
    return time.process_time() - start


def rows(dimensions: tuple[int, ...]) -> list[str]:
    """Measure in processes of their own, and return the table in Markdown."""
    lines = ["| d, precision | first / tenth, β = " + ", ".join(map(str, BETAS)) + " |"]
    lines.append("|---|---|")
    for d in dimensions:
        for kind in KINDS:
            command = [sys.executable, __file__, "--one", str(d), kind]
            found = [
                json.loads(subprocess.run(command, check=True, stdout=-1).stdout)
                for _ in range(PROCESSES[d])
            ]
            ratios: list[str] = []
            for runs in zip(*found, strict=True):
                first, tenth = (min(run[k] for run in runs) for k in (1, 2))
                took = f"{first / tenth:.2f} ({1e3 * tenth:.3g} ms, {runs[0][0]})"
                ratios.append(took)
            lines.append(f"| {d}, {kind} | {'; '.join(ratios)} |")
            print(lines[-1], flush=True)
    return lines


def main() -> None:
    """Measure all dimensions, or those that are named."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measured(int(sys.argv[2]), sys.argv[3])))
        return
    rows(tuple(int(d) for d in sys.argv[1:]) or DIMENSIONS)


if __name__ == "__main__":
    main()
