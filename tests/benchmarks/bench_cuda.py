"""What sums cost on a graphics card: ``python tests/benchmarks/bench_cuda.py``.

Prints the card, versions, and every figure beside its target: medians of several runs,
taken in turn by the card's own clock.  The limit of one power of 2 a pair is measured
on the same card in the same run, and so is PyTorch's fused attention, where it is
installed for CUDA.  Without a card it says so.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from sim.arrays import load
from sim.scenario import Scenario, edit
from sim.simulation import Simulation
from sim.sums import Problem
from sim.sums.methods.cuda import Cuda
from sim.sums.row_tiles import tiled_sums as direct

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BETA, MANY = 9.0, 100_000
SAMPLE = 40  # queries whose sums are checked against the direct sum in float64
TURNS, CHAINS, THREADS, BLOCKS = 4096, 8, 256, 16  # of `peak.cu`; blocks a processor
PADDED = (3, 4, 8)  # columns to offer PyTorch, whose kernels want round numbers
STEPS = 100
FEW = (1000, 8000)  # tokens whose launches take longer than their sums
Row = tuple[str, str, str]


def medians(cupy: Any, tasks: Sequence[Callable[[], Any]], runs: int) -> list[float]:
    """Return the median seconds of each task on the card, all done in turn."""
    for task in tasks:
        task()
    rounds = [[seconds(cupy, task) for task in tasks] for _ in range(runs)]
    return [float(np.median(times)) for times in zip(*rounds, strict=True)]


def seconds(cupy: Any, task: Callable[[], Any]) -> float:
    """Return how long `task` keeps the card."""
    start, end = cupy.cuda.Event(), cupy.cuda.Event()
    start.record()
    task()
    end.record()
    end.synchronize()
    return cupy.cuda.get_elapsed_time(start, end) / 1e3


def peak(cupy: Any) -> tuple[Callable[[], None], int]:
    """Return what makes powers of 2 and nothing else, and how many."""
    code = Path(__file__).with_name("peak.cu").read_text("utf-8")
    kernel = cupy.RawModule(code=code).get_function("powers")
    blocks = BLOCKS * cupy.cuda.Device().attributes["MultiProcessorCount"]
    out = cupy.empty(blocks * THREADS, dtype=cupy.float32)

    def run() -> None:
        kernel((blocks,), (THREADS,), (out, cupy.int32(TURNS)))

    return run, blocks * THREADS * TURNS * CHAINS


def sphere(n: int) -> np.ndarray[Any, Any]:
    """Return n unit vectors at random: (n, 3), float32."""
    x = np.random.default_rng(0).standard_normal((n, 3))
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype("float32")


def theirs(x: np.ndarray[Any, Any]) -> tuple[dict[str, Callable[[], Any]], str]:
    """Return PyTorch's ways to the same sums that run here, or why there is none."""
    try:
        import torch
    except ImportError:
        return {}, "PyTorch is not installed"
    if not torch.cuda.is_available():
        return {}, "PyTorch is not installed for CUDA"
    attention = torch.nn.functional.scaled_dot_product_attention
    found: dict[str, Callable[[], Any]] = {}
    why = ""
    for width in PADDED:
        wide = np.pad(x, ((0, 0), (0, width - x.shape[1])))
        t = torch.from_numpy(wide).cuda()[None, None]
        task = partial(attention, t, t, t, scale=BETA)
        try:
            task()
            torch.cuda.synchronize()
        except RuntimeError as error:  # such as of memory for all pairs
            why = str(error).partition("\n")[0]
        else:
            found[f"{width} columns"] = task
    return found, why


def sums(cupy: Any, n: int, runs: int) -> list[Row]:
    """Compare the fused sum with the limit of one power a pair, and with PyTorch."""
    x = sphere(n)
    there = cupy.asarray(x)
    p = Problem(there, there, there, BETA)
    if why := Cuda().refusal(p):
        return [("cuda", f"not measured: it {why}", "")]
    powers, count = peak(cupy)
    others, why = theirs(x)
    tasks = [powers, partial(Cuda().sums, p), *others.values()]
    alone, ours, *rest = medians(cupy, tasks, runs)
    share = n * n * alone / count / ours
    rows = [
        ("powers of 2", f"{1e-12 * count / alone:.2f} · 10¹² a second", ""),
        (
            f"cuda, n = {n}, d = 3, of one power of 2 a pair",
            f"{share:.0%} ({1e3 * ours:.2f} ms), error {error(cupy, p, x):.0e}",
            "≥ 50 %",
        ),
    ]
    if not rest:
        return [*rows, ("cuda against PyTorch", f"not measured: {why}", "≥ 5 ×")]
    best, name = min(zip(rest, others, strict=True))
    faster = f"{best / ours:.1f} × faster (theirs {1e3 * best:.2f} ms, {name})"
    return [*rows, (f"cuda against PyTorch, n = {n}, d = 3", faster, "≥ 5 ×")]


def error(cupy: Any, p: Problem, x: np.ndarray[Any, Any]) -> float:
    """Return the largest error of means, of some queries."""
    some = np.random.default_rng(1).integers(0, len(x), SAMPLE)
    wide = x.astype(float)
    wanted = direct(BETA * wide[some], wide, wide).mean
    return float(np.abs(cupy.asnumpy(Cuda().sums(p).mean)[some] - wanted).max())


def graphs(cupy: Any, n: int) -> Row:
    """Compare steps as graphs with the same steps kernel by kernel."""
    s = edit(Scenario(), {"tokens": n, "precision": "float32", "dynamics.beta": 4.0})
    by_graph, what = Simulation(s, cupy), f"RK4 step as a graph, n = {n}"
    with patch("sim.cuda_graph.MAX_PAIRS", 0):
        by_kernel = Simulation(s, cupy)
    fast, slow = (pace(cupy, simulation) for simulation in (by_graph, by_kernel))
    return (
        what,
        f"{slow / fast:.1f} × faster ({1e3 * fast:.2f} ms)",
        by_graph.launch_mode,
    )


def pace(cupy: Any, simulation: Simulation) -> float:
    """Return the seconds of a step, many in a row."""
    simulation.step()
    cupy.cuda.get_current_stream().synchronize()
    start = time.perf_counter()
    for _ in range(STEPS):
        simulation.step()
    cupy.cuda.get_current_stream().synchronize()
    return (time.perf_counter() - start) / STEPS


def about(cupy: Any) -> str:
    """Return the card and the versions."""
    properties = cupy.cuda.runtime.getDeviceProperties(cupy.cuda.Device().id)
    return f"{properties['name'].decode()}, CuPy {cupy.__version__}"


def figures(cupy: Any, n: int, runs: int) -> str:
    """Measure everything, and return it in Markdown."""
    rows = [*sums(cupy, n, runs), *(graphs(cupy, few) for few in FEW)]
    lines = ["| figure | measured | target |", "|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([f"Measured on {about(cupy)}.", "", *lines])


def main() -> None:
    """Print the figures, or why there are none."""
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tokens", type=int, default=MANY)
    parser.add_argument("--runs", type=int, default=11)
    args = parser.parse_args()
    try:
        cupy = load("cupy").xp
    except RuntimeError as error:
        print(f"not measured: no card ({error})")
    else:
        print(figures(cupy, args.tokens, args.runs))


if __name__ == "__main__":
    main()
