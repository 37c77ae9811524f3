"""What sums cost: ``python tests/benchmarks/bench_sums.py``.

Prints the machine, versions, and every figure beside its target: medians of several
runs, taken in turn so that a busy machine is busy for all.  With PyTorch installed (the
extra ``bench``), also the ratio to its fused attention on the same threads
(ORRERY_THREADS), whose threads sleep while ours work.  ``--markdown FILE`` writes the
table there, ``--write`` into assets/help/speed.md; ``--quick`` leaves out the million
tokens; ``--calibrate`` measures the constants of sim/sums/costs.json instead, or of one
method such as ``cells`` alone, with ORRERY_THREADS=1 OPENBLAS_NUM_THREADS=1.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
import warnings
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import nnls

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from speed_page import write_table

from sim.jit.builder import KernelBuilder
from sim.jit.frame import Pointer
from sim.jit.kernel import Kernel
from sim.jit.machine import machine
from sim.jit.signature import Signature
from sim.jit.thread_pool import threads
from sim.masks.causal import Causal
from sim.scenario import Scenario, edit
from sim.simulation import Simulation
from sim.sums import Problem
from sim.sums.choose import METHODS, choose
from sim.sums.costs import FILE
from sim.sums.row_tiles import tiled_sums as direct

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # read by PyTorch on import
try:
    import torch
except ImportError:
    torch = None

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BETA = 9.0
MILLION = 1_000_000
SAMPLE = 40  # queries whose sums are checked against the direct sum in float64
GOALS = {3: 10.0, 8: 3.5, 16: 1.5, 64: 1.2}
"""How many times faster than PyTorch, by dimension."""
FEW = 5000  # tokens that are summed quickly, and often
FULL = 12  # vectors that are worked on side by side
Row = tuple[str, str, str]


def tokens(n: int, d: int, kind: str = "float32") -> np.ndarray[Any, Any]:
    """Return n unit vectors at random."""
    x = np.random.default_rng(0).standard_normal((n, d))
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(kind)


def problem(n: int, d: int, kind: str = "float32", beta: float = BETA) -> Problem:
    """Return the sums of tokens among themselves."""
    x = tokens(n, d, kind)
    return Problem(x, x, x, beta)


def by(name: str, p: Problem) -> Callable[[], Any]:
    """Return what sums `p` by the method called `name`.

    Of a copy of the tokens, as in a step: methods remember the last ones.
    """
    method = next(m for m in METHODS if m.name == name)

    def run() -> Any:
        x = p.queries.copy()
        return method.sums(replace(p, queries=x, keys=x, values=x))

    return run


def seconds(task: Callable[[], Any], clock: Callable[[], float]) -> float:
    """Return how long `task` takes by the `clock`."""
    start = clock()
    task()
    return clock() - start


def medians(*tasks: Callable[[], Any], runs: int) -> list[float]:
    """Return the median seconds of each task, all done in turn, `runs` times."""
    return [float(np.median(t)) for t in spent(tasks, runs, time.perf_counter)]


def least(*tasks: Callable[[], Any], runs: int) -> list[float]:
    """Return the least seconds of processor time of each task, done in turn."""
    return [min(t) for t in spent(tasks, runs, time.process_time)]


def spent(
    tasks: Sequence[Callable[[], Any]], runs: int, clock: Callable[[], float]
) -> list[list[float]]:
    """Return the seconds of all runs of each task, after one that does not count."""
    for task in tasks:
        task()
    rounds = [[seconds(task, clock) for task in tasks] for _ in range(runs)]
    return [list(times) for times in zip(*rounds, strict=True)]


def error(p: Problem, found: Any) -> float:
    """Return the largest error of means, of some queries."""
    some = np.random.default_rng(1).integers(0, len(p.queries), SAMPLE)
    q, k = p.queries[some].astype(float), p.keys.astype(float)
    wanted = direct(p.scale * q, k, k)
    return float(np.abs(found.mean[some] - wanted.mean).max())


def peak(turns: int = 1 << 20) -> float:
    """Return how many products of vectors one thread adds in a nanosecond."""
    code = KernelBuilder("float32", Signature((), ("turns",)))
    out = code.concatenate([code.constant(1.0)] * FULL)
    small = code.constant(1e-3)

    def turn(_: Any, sums: Any) -> Any:
        return sums.multiply_add(small, small)

    found = code.loop(0, code.integer("turns"), 1, out, turn)
    total = found[:1]
    for one in found.each()[1:]:
        total = total + one
    # Something must come of it, or the compiler leaves it out.
    code.store(total, Pointer(code.emit.alloca(code.vector_type)), 0)
    kernel = Kernel(code.text(), Signature((), ("turns",)))  # owns the machine code
    run = partial(kernel.bind(), turns=turns)
    fastest = min(seconds(run, time.perf_counter) for _ in range(9))
    return FULL * turns / (1e9 * fastest)


def bound(p: Problem, products: float) -> float:
    """Return the seconds that one thread needs for the products of a mirrored sum.

    For each pair of tokens: its score, an exponential of degree 5, and two sums.
    """
    n, _, width, depth = p.shape
    lanes = machine().vector_bytes // p.queries.itemsize
    return 1e-9 * n * n / 2 / lanes * (width + 5 + 2 * depth) / products


def against_torch(runs: int) -> list[Row]:
    """Compare with scaled_dot_product_attention, on the same threads."""
    if torch is None:
        return [("against PyTorch", "not measured: PyTorch is not installed", "")]
    torch.set_num_threads(threads())
    attention = torch.nn.functional.scaled_dot_product_attention
    rows: list[Row] = []
    products = peak()
    for (d, goal), n in product(GOALS.items(), (4096, 16384)):
        p = problem(n, d)
        t = torch.from_numpy(p.queries)[None, None]

        def theirs(t: Any = t) -> Any:
            return attention(t, t, t, scale=BETA)

        names = dict.fromkeys(("fused", choose(p).method.name))
        tasks = [by(name, p) for name in names]
        *ours, other = medians(*tasks, theirs, runs=runs if n < FEW else 5)
        pairs = f"{1e9 * bound(p, products) / threads() / n**2:.3f}"
        paces = {"fused": f", {1e9 * ours[0] / n**2:.3f} ns a pair, products {pairs}"}
        for name, spent in zip(names, ours, strict=True):
            what = f"{name} against PyTorch, d = {d}, n = {n}"
            took = f"{1e3 * spent:.1f} ms{paces.get(name, '')}"
            rows.append((what, f"{other / spent:.1f} × faster ({took})", f"{goal:g} ×"))
    return rows


def wide(runs: int) -> list[Row]:
    """Compare with PyTorch in many dimensions, on one thread, in processor time.

    Beside it: what the products of a mirrored sum take at the peak of the machine.
    """
    if torch is None:
        return []
    torch.set_num_threads(1)
    attention = torch.nn.functional.scaled_dot_product_attention
    rows: list[Row] = []
    products, n = peak(), 4096
    for d in (64, 128, 256, 384):
        p = problem(n, d)
        t = torch.from_numpy(p.queries)[None, None]
        name = choose(p).method.name
        theirs = partial(attention, t, t, t, scale=BETA)
        ours, other = least(by(name, p), theirs, runs=max(3, runs // 4))
        limit = bound(p, products)
        what = f"{name} against PyTorch, one thread, d = {d}, n = {n}"
        took = f"{other / ours:.2f} × ({1e3 * ours:.0f} ms, products {1e3 * limit:.0f})"
        rows.append((what, took, f"at peak {other / limit:.2f} ×"))
    return rows


def step(runs: int) -> list[Row]:
    """Compare a whole step with the four sums in it."""
    rows: list[Row] = []
    for d in (3, 8):
        asked = {"tokens": 4096, "dimension": d, "precision": "float32"}
        s = edit(Scenario(), {**asked, "dynamics.beta": BETA})
        simulation, p = Simulation(s, "numpy"), problem(4096, d)
        name = choose(p).method.name

        def sums(name: str = name, p: Problem = p) -> None:
            for _ in range(4):  # of tokens seen for the first time, as in a step
                by(name, Problem(p.queries, p.queries, p.queries, BETA))()

        bare, whole = medians(sums, simulation.step, runs=runs)
        what = f"RK4 step over 4 sums ({name}), d = {d}, n = 4096"
        rows.append((what, f"{whole / bare:.2f} ({1e3 * whole:.1f} ms)", "≤ 1.15"))
    return rows


def causal(runs: int) -> list[Row]:
    """Compare causal sums by blocks with those over all pairs."""
    rows: list[Row] = []
    for d, n in product((2, 3), (16_384, 65_536)):
        p = replace(problem(n, d), mask=Causal())
        pairs, blocks = medians(by("fused", p), by("blocks", p), runs=max(3, runs // 5))
        what = f"blocks against fused, causal, d = {d}, n = {n}"
        rows.append(
            (what, f"{pairs / blocks:.1f} × faster ({1e3 * blocks:.0f} ms)", "–")
        )
    return rows


def great(runs: int) -> list[Row]:
    """Measure a million tokens, against the fused sum of 16384."""
    few = by("fused", problem(16384, 3))
    rows: list[Row] = []
    cases = [("circle", 2, "float64", BETA, 12.0), ("sphere", 3, "float64", BETA, 0.0)]
    cases += [("sphere", 3, "float32", beta, 0.0) for beta in (1.0, BETA, 81.0)]
    cases += [("cells", 3, "float64", BETA, 0.0)]
    cases += [("cells", 3, "float32", beta, 0.0) for beta in (1.0, BETA, 30.0)]
    cases += [("nufft", 3, "float32", beta, 40.0) for beta in (1.0, BETA, 81.0)]
    cases += [("nufft", 3, "float64", BETA, 0.0)]
    for name, d, kind, beta, goal in cases:
        p = problem(MILLION, d, kind, beta)
        unit, spent, tenth = medians(
            few, by(name, p), by(name, problem(MILLION // 10, d, kind, beta)), runs=runs
        )
        wrong = error(p, by(name, p)())
        what = f"{name}, 10⁶ tokens, d = {d}, β = {beta:g}, {kind}"
        rows.append(
            (
                f"{what}, against fused at 16384",
                f"{spent / unit:.1f} × ({spent:.2f} s), error {wrong:.0e}",
                f"≤ {goal:g} ×" if goal else "–",
            )
        )
        rows.append((f"{what}, against 10⁵", f"{spent / tenth:.1f} ×", "≤ 12 ×"))
    return rows


def about() -> str:
    """Return the machine and the versions."""
    from importlib.metadata import version

    names = ["numpy", "llvmlite", "finufft"] + ["torch"] * (torch is not None)
    found = ", ".join(f"{name} {version(name)}" for name in names)
    return (
        f"{machine().processor}, vectors of {machine().vector_bytes} bytes, "
        f"{threads()} threads, "
        f"load {os.getloadavg()[0]:.1f}; Python {platform.python_version()}, {found}"
    )


def table(runs: int, *, quick: bool = False) -> str:
    """Measure everything, and return it in Markdown."""
    rows = against_torch(runs) + wide(runs) + step(runs) + causal(runs)
    if not quick:
        rows += great(max(3, runs // 5))
    rows.append(("cuda", "not measured: no card available", "half of one ex2 a pair"))
    lines = ["| figure | measured | target |", "|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(["", f"Measured on {about()}.", "", *lines, ""])


def calibrate() -> dict[str, dict[str, float]]:
    """Measure the constants of the cost model, in nanoseconds of processor time.

    On one thread of each library, or threads that wait are counted, too.
    """
    out: dict[str, dict[str, float]] = {}
    for name, n in (("direct", 2048), ("fused", 4096)):
        for kind in ("float32", "float64"):
            cases = [problem(n, 3, kind), problem(n, 64, kind)]
            low, high = least(*(by(name, p) for p in cases), runs=15)
            (call,) = least(by(name, problem(80, 3, kind)), runs=99)
            # A mirrored sum weighs half of the pairs, and collects from all.
            column = (high - low) / (n * n * 61 * 1.5)
            pair = 2 * (low / n**2 - column * 3 * 1.5)
            out[f"{name} {kind}"] = _nano(call=call, pair=pair, column=column)
            if name == "fused":
                out[f"{name} {kind}"]["each"] = 1
    for name, d in (("circle", 2), ("sphere", 3)):
        out[name] = _of_a_series(name, d)
    out["cells"] = _of_cells()
    for kind in ("float32", "float64"):
        wide, cloud = problem(2000, 3, kind, 81.0), problem(200_000, 3, kind)
        few = problem(50, 3, kind, 4.0)
        spent, grid, call = least(*(by("nufft", p) for p in (cloud, wide, few)), runs=9)
        from sim.sums.methods.nufft import modes_of

        mode = max(0.0, grid - call) / (4 * modes_of(wide))
        token = max(0.0, spent - call) / (2 * 4e5 * 9)
        out[f"nufft {kind}"] = _nano(call=call, token=token, mode=mode)
    return out


def recalibrated(name: str) -> dict[str, dict[str, float]]:
    """Return the shipped constants, with those of one method on spheres anew."""
    found = {
        "cells": _of_cells,
        "circle": partial(_of_a_series, "circle", 2),
        "sphere": partial(_of_a_series, "sphere", 3),
    }
    return json.loads(FILE.read_text(encoding="utf-8")) | {name: found[name]()}


def _of_a_series(name: str, d: int) -> dict[str, float]:
    from sim.sums.choose import named
    from sim.sums.harmonic.expansion import HarmonicExpansion

    cases = [problem(n, d, "float64", b) for n in (100, 100_000) for b in (9.0, 81.0)]
    few, wide, many, slow = least(*(by(name, p) for p in cases), runs=9)
    method = named(name, cases[0])
    assert isinstance(method, HarmonicExpansion)
    low, high = (method.terms(p) for p in cases[2:])
    n, products = len(cases[2].queries), 4 + d
    product = (slow - many) / (high - low) / (n * products)
    token = (many - few - product * low * n * products) / (2 * n)
    term = (wide - few) / (high - low)
    return _nano(call=few - term * low, token=token, term=term, product=product)


def _of_cells() -> dict[str, float]:
    """Fit the parts of the work on cells to the times of several grids."""
    from sim.sums.methods import cells

    sizes = product((50_000, 400_000), ("float32", "float64"), (1.0, BETA))
    cases = [problem(n, 3, kind, b) for n, kind, b in sizes]
    took = least(*(by("cells", p) for p in cases), runs=9)
    parts = [cells.work(p, cells.best_grid(p)) for p in cases]
    weights = np.array([[*w.values()] for w in parts]) / np.array(took)[:, None]
    found = nnls(weights, np.ones(len(cases)))[0]
    return _nano(**dict(zip(parts[0], found, strict=True)))


def _nano(**seconds: float) -> dict[str, float]:
    return {k: round(max(0.0, 1e9 * v), 3) for k, v in seconds.items()}


def main() -> None:
    """Print the figures, or put them where they belong."""
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--markdown", type=Path, metavar="FILE")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--calibrate", nargs="?", const="all", metavar="METHOD")
    parser.add_argument("--runs", type=int, default=21)
    args = parser.parse_args()
    if args.calibrate:
        costs = calibrate() if args.calibrate == "all" else recalibrated(args.calibrate)
        found = json.dumps(costs, indent=1)
        FILE.write_text(found + "\n", encoding="utf-8")
        print(found)
        return
    found = table(args.runs, quick=args.quick)
    print(found)
    print(choose(problem(16384, 3)).reason)
    if args.markdown:
        args.markdown.write_text(found, encoding="utf-8")
    if args.write:
        write_table("figures", found)


if __name__ == "__main__":
    main()
