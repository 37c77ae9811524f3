"""Many small runs beside a plain loop over the batch in PyTorch, in one run.

    python tests/benchmarks/bench_sweeps.py [--runs 2048] [--tokens 32] [--steps 200]

Softmax attention on the circle, Euler's method, the same starts, type of numbers and
number of threads.  PyTorch (extra ``bench``) forms the whole matrices of all runs in
each step; without it, NumPy does.  Three times are said of ours: the steps alone in
one process, the whole sweep, and the command from its start to its table.  Last, 40
values of β with 50 seeds each are made at once, and one β after another.
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
from sim.sweeps.jobs import jobs_of, results_of
from sim.sweeps.plan import planned

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
    laws = [scenario.dynamics] * len(starts)
    batch = Batch(scenario, starts, results, range(len(starts)), laws)
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


def many_betas(scenario, betas=40, seeds=50):
    """Say how long runs take at once, and those of one β after those of another."""
    over = {"dynamics.beta": f"0.1:100:{betas}:log"}
    plan = planned(scenario, over, seeds=seeds, measures=["clusters", "f_hat"])
    every = range(betas * seeds)
    apart = [jobs_of(plan, every[k : k + seeds], 1)[0] for k in every[::seeds]]
    together = jobs_of(plan, every, 1)
    wall, cpu, made = timed(partial(results_in_order, together))
    wall2, cpu2, wanted = timed(partial(results_in_order, apart))
    assert made == wanted  # to the last bit
    print(f"{betas} values of β, {seeds} seeds of each")
    print(f"  {'at once':24} {wall:7.2f} s wall {cpu:7.2f} s of processors")
    print(f"  {'one β after another':24} {wall2:7.2f} s wall {cpu2:7.2f} s: ", end="")
    print(f"{wall2 / wall:.1f} and {cpu2 / cpu:.1f} times as long")


def results_in_order(jobs):
    """Return the results of the runs of some jobs."""
    return [result for job in jobs for result in results_of(job.data)]


def command_time(scenario, runs):
    """Return how long the command takes, and its processor time, to its table.

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
            begun, before = time.perf_counter(), os.times()
            some = [*line, *extra]
            subprocess.run(some, cwd=folder, env=path, check=True, capture_output=True)
        wall, after = time.perf_counter() - begun, os.times()
        used = after.children_user + after.children_system
        return wall, used - before.children_user - before.children_system


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
    whole, used = command_time(scenario, args.runs)
    ratios = f"{theirs / whole:.1f} and {their_cpu / used:.1f} times as fast"
    print(
        f"  {'command, with its start':24} {whole:7.2f} s wall {used:7.2f} s: {ratios}"
    )
    many_betas(scenario)


if __name__ == "__main__":
    main()
