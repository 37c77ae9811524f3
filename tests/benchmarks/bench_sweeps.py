"""Many small runs beside a plain loop over the batch in PyTorch, in one run.

    python tests/benchmarks/bench_sweeps.py [--runs 2048] [--tokens 32] [--steps 200]

Softmax attention on the circle, Euler's method, the same starts, type of numbers and
number of threads.  PyTorch (extra ``bench``) forms the whole matrices of all runs in
each step; without it, NumPy does.  Three times are said of ours: the steps alone in
one process, the whole sweep, and the command from its start to its table.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HOME))

import numpy as np

import sim
from sim.placement import place
from sim.sweeps.batch import Batch

BETA, STEP, REPEATS = 4.0, 0.05, 3
AGREE = {"float64": 1e-9, "float32": 2e-3}
"""Largest difference of a token's coordinate at the end."""


def torch_loop(x, steps, threads):
    """Return the tokens after `steps`, by whole matrices of all runs in PyTorch."""
    import torch

    torch.set_num_threads(threads)
    x = torch.from_numpy(x)
    with torch.inference_mode():
        for _ in range(steps):
            weights = torch.softmax(BETA * (x @ x.transpose(1, 2)), dim=-1)
            v = weights @ x
            v = v - (v * x).sum(-1, keepdim=True) * x
            x = torch.nn.functional.normalize(x + STEP * v, dim=-1)
    return x.numpy()


def numpy_loop(x, steps, threads):
    """Return the same by NumPy."""
    for _ in range(steps):
        scores = BETA * (x @ x.swapaxes(1, 2))
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        v = weights @ x / weights.sum(-1, keepdims=True)
        x = x + STEP * (v - (v * x).sum(-1, keepdims=True) * x)
        x = x / np.linalg.norm(x, axis=-1, keepdims=True)
    return x


def no_look():
    """Measure nothing between steps."""


def our_steps(scenario, starts, steps):
    """Return the same by the steps of a batch."""
    results = [{"rows": [], "error": ""} for _ in starts]
    batch = Batch(scenario, starts, results, range(len(starts)))
    batch.reach(steps * STEP, no_look)
    return batch.stepper.state.x


def timed(work):
    """Return the least wall time of some tries, its processor time, and a result."""
    found = []
    for _ in range(REPEATS):
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        found.append((time.perf_counter() - wall, time.process_time() - cpu))
    return *min(found), result


def command_time(scenario, runs):
    """Return how long the command takes, from its start to its table.

    It is started twice, so that Python has compiled its modules, as after any start.
    """
    with tempfile.TemporaryDirectory() as folder:
        scenario.save(Path(folder, "base.json"))
        flags = ["--seeds", str(runs), "--measure", "clusters", "f_hat", "-o", "a.csv"]
        line = [sys.executable, "-m", "sim", "sweep", "base.json", *flags]
        path = {**os.environ, "PYTHONPATH": str(HOME)}
        path["PYTHONPYCACHEPREFIX"] = str(Path(folder, "compiled"))
        path.pop("PYTHONDONTWRITEBYTECODE", None)
        for extra in ([], ["--force"]):
            begun = time.perf_counter()
            some = [*line, *extra]
            subprocess.run(some, cwd=folder, env=path, check=True, capture_output=True)
        return time.perf_counter() - begun


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=2048)
    parser.add_argument("--tokens", type=int, default=32)
    parser.add_argument("--dimension", type=int, default=2)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--precision", default="float64", choices=AGREE)
    args = parser.parse_args()
    changes = {
        "tokens": args.tokens,
        "dimension": args.dimension,
        "dynamics.beta": BETA,
        "integrator": "euler",
        "step": STEP,
        "duration": args.steps * STEP,
        "precision": args.precision,
    }
    scenario = sim.edit(sim.Scenario(), changes)
    starts = [place(sim.edit(scenario, {"seed": k})) for k in range(args.runs)]
    x = np.array([start.x for start in starts], dtype=args.precision)
    threads = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 2
    name, loop = "NumPy", numpy_loop
    try:
        import torch

        name, loop = f"PyTorch {torch.__version__}", torch_loop
    except ImportError:
        print("PyTorch is not installed: NumPy stands beside ours")
    loop(x, 1, threads)
    our_steps(scenario, starts, 1)
    theirs, their_cpu, wanted = timed(partial(loop, x, args.steps, threads))
    ours, our_cpu, found = timed(partial(our_steps, scenario, starts, args.steps))
    apart = float(np.abs(found - wanted).max())
    assert apart <= AGREE[args.precision], apart
    print(f"{args.runs} runs of {args.tokens} tokens, d = {args.dimension}, ", end="")
    print(f"{args.steps} steps, {args.precision}, {threads} threads")
    print(f"  largest difference of a coordinate {apart:.1e}")
    print(f"  {name:24} {theirs:7.2f} s wall {their_cpu:7.2f} s of processors")
    ratios = f"{theirs / ours:.1f} and {their_cpu / our_cpu:.1f} times as fast"
    print(f"  {'steps of a batch':24} {ours:7.2f} s wall {our_cpu:7.2f} s: {ratios}")
    begun = time.perf_counter()
    sim.sweep(scenario, {}, seeds=args.runs, measures=["clusters", "f_hat"])
    whole = time.perf_counter() - begun
    print(f"  {'whole sweep':24} {whole:7.2f} s: {theirs / whole:.1f} times as fast")
    whole = command_time(scenario, args.runs)
    print(f"  {'command, with its start':24} {whole:7.2f} s: ", end="")
    print(f"{theirs / whole:.1f} times as fast")


if __name__ == "__main__":
    main()
