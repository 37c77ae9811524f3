"""The fused softmax sum in Numba, beside the kernel of sim/jit: first and later calls.

``python tests/benchmarks/bench_numba.py`` prints the table of sim/jit/README.md.  Both
run on one thread.  Numba's loops are written three ways: pair by pair as the formula
reads; with the rows of a tile innermost, for the vectoriser, and the exponential of
sim/jit; and the latter with each pair weighed once, as sim/jit does.  Numba is in the
extra ``bench``; a first call is that of a new process without a cache on disk.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ["ORRERY_THREADS"] = "1"

import numpy as np

from sim.jit.exponential import FLOAT32_COEFFICIENTS, score_unit
from sim.jit.machine import machine
from sim.sums import Problem
from sim.sums.methods.fused import Fused

if TYPE_CHECKING:
    from collections.abc import Callable

    Floats = np.ndarray[Any, Any]
    Sum = Callable[[Floats, float], Floats]

BETA = 9.0
ROWS = 128  # of a tile of Numba's: 64 take 15 % longer, 256 about as long
SIZES = ((4096, 3), (4096, 8), (1024, 64))
NAMES = ("sim/jit", "Numba, as written", "Numba, tiles", "Numba, tiles, pairs once")


def tokens(n: int, d: int) -> Floats:
    """Return n unit vectors at random, in float32."""
    x = np.random.default_rng(0).standard_normal((n, d))
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)


def ours(x: Floats, beta: float) -> Floats:
    """Return Σⱼ p_ij xⱼ by the kernel of sim/jit: (n, d)."""
    return Fused().sums(Problem(x, x, x, beta)).mean


def numba_sums(d: int) -> dict[str, Sum]:
    """Return the same sum in Numba, by name, for one dimension; compiled later."""
    import numba

    jit = numba.njit(fastmath=True, nogil=True)
    a0, a1, a2, a3, a4, a5 = map(np.float32, FLOAT32_COEFFICIENTS)
    unit = np.float32(score_unit("float32"))

    @jit
    def plain(x: Floats, beta: float) -> Floats:
        n = len(x)
        out = np.zeros((n, d), np.float32)
        for i in range(n):
            mass = np.float32(0)
            for j in range(n):
                score = np.float32(0)
                for k in range(d):
                    score += x[i, k] * x[j, k]
                w = np.exp(np.float32(beta) * (score - np.float32(1)))
                mass += w
                for k in range(d):
                    out[i, k] += w * x[j, k]
            for k in range(d):
                out[i, k] /= mass
        return out

    # Numba takes d and ROWS for constants and so unrolls loops over them.  All is in
    # one function, and every index is the counter of a loop: the vectoriser stops at
    # calls and at sums of indices, which might be negative.  Whole arrays are assigned
    # in loops, since array expressions take seconds to compile.
    @jit
    def tiled(x: Floats, beta: float) -> Floats:
        f = unit * np.float32(beta)
        out = np.empty((len(x) // ROWS, ROWS, d), np.float32)
        q, sums = np.empty((d, ROWS), np.float32), np.empty((d + 1, ROWS), np.float32)
        w, u = np.empty(ROWS, np.float32), np.empty(ROWS, np.float32)
        w_bits, u_bits = w.view(np.int32), u.view(np.int32)
        cut = np.empty(ROWS, np.int32)
        for t in range(len(out)):
            part = x[t * ROWS : (t + 1) * ROWS]
            for r in range(ROWS):
                sums[d, r] = 0
                for k in range(d):
                    q[k, r], sums[k, r] = -f * part[r, k], 0
            for j in range(len(x)):
                y = x[j]
                for r in range(ROWS):
                    score = f
                    for k in range(d):
                        score += q[k, r] * y[k]
                    cut[r] = np.int32(score)
                    u_bits[r] = (cut[r] & np.int32(0x7FFFFF)) | np.int32(0x3F800000)
                for r in range(ROWS):
                    v = u[r]
                    w[r] = a0 + v * (a1 + v * (a2 + v * (a3 + v * (a4 + v * a5))))
                for r in range(ROWS):
                    w_bits[r] = w_bits[r] - cut[r]
                for k in range(d):
                    one = y[k]
                    for r in range(ROWS):
                        sums[k, r] += w[r] * one
                for r in range(ROWS):
                    sums[d, r] += w[r]
            for r in range(ROWS):
                for k in range(d):
                    out[t, r, k] = sums[k, r] / sums[d, r]
        return out.reshape(-1, d)

    @jit
    def once(x: Floats, beta: float) -> Floats:
        f = unit * np.float32(beta)
        tiles = len(x) // ROWS
        out = np.empty((tiles, ROWS, d), np.float32)
        q, plain = np.empty((d, ROWS), np.float32), np.empty((d, ROWS), np.float32)
        all_sums = np.zeros((tiles, d + 1, ROWS), np.float32)
        w, u = np.empty(ROWS, np.float32), np.empty(ROWS, np.float32)
        w_bits, u_bits = w.view(np.int32), u.view(np.int32)
        cut = np.empty(ROWS, np.int32)
        for t in range(tiles):
            part, sums = x[t * ROWS : (t + 1) * ROWS], all_sums[t]
            for r in range(ROWS):
                for k in range(d):
                    plain[k, r], q[k, r] = part[r, k], -f * part[r, k]
            for s in range(t, tiles):
                keys, key_sums = x[s * ROWS : (s + 1) * ROWS], all_sums[s]
                for j in range(ROWS):
                    y = keys[j]
                    for r in range(ROWS):
                        score = f
                        for k in range(d):
                            score += q[k, r] * y[k]
                        cut[r] = np.int32(score)
                        u_bits[r] = (cut[r] & np.int32(0x7FFFFF)) | np.int32(0x3F800000)
                    for r in range(ROWS):
                        v = u[r]
                        w[r] = a0 + v * (a1 + v * (a2 + v * (a3 + v * (a4 + v * a5))))
                    for r in range(ROWS):
                        w_bits[r] = w_bits[r] - cut[r]
                    for k in range(d):
                        one = y[k]
                        for r in range(ROWS):
                            sums[k, r] += w[r] * one
                    for r in range(ROWS):
                        sums[d, r] += w[r]
                    if s > t:
                        mass = np.float32(0)
                        for r in range(ROWS):
                            mass += w[r]
                        key_sums[d, j] += mass
                        for k in range(d):
                            one = np.float32(0)
                            for r in range(ROWS):
                                one += w[r] * plain[k, r]
                            key_sums[k, j] += one
        for t in range(tiles):
            for r in range(ROWS):
                for k in range(d):
                    out[t, r, k] = all_sums[t, k, r] / all_sums[t, d, r]
        return out.reshape(-1, d)

    return dict(zip(NAMES[1:], (plain, tiled, once), strict=True))


def seconds(task: Callable[[], Any], clock: Callable[[], float]) -> float:
    """Return how long `task` takes by the `clock`."""
    start = clock()
    task()
    return clock() - start


def measure(name: str, n: int, d: int, runs: int) -> None:
    """Print the first call, the fastest later one, and the error of one sum."""
    x = tokens(n, d)
    run = ours if name == NAMES[0] else numba_sums(d)[name]

    def task() -> Floats:
        return run(x, BETA)

    first = seconds(task, time.process_time)
    later = min(seconds(task, time.process_time) for _ in range(runs))
    wide = x[:ROWS].astype(float)
    w = np.exp(BETA * (wide @ x.T.astype(float) - 1))
    wanted = w @ x / w.sum(axis=1, keepdims=True)
    error = float(np.abs(task()[:ROWS] - wanted).max())
    print(first, later, error)


def new_process(name: str, n: int, d: int, runs: int) -> tuple[float, float, float]:
    """Return what `measure` prints in a process of its own."""
    command = [sys.executable, __file__, "--measure", name, str(n), str(d), str(runs)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    first, later, error = map(float, done.stdout.split())
    return first, later, error


def main() -> None:
    """Print the table, or one measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", nargs=4, metavar=("NAME", "N", "D", "RUNS"))
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--repeats", type=int, default=3, help="processes of each kind")
    args = parser.parse_args()
    if args.measure:
        name, *numbers = args.measure
        measure(name, *map(int, numbers))
        return
    print("| n | d | kernel | first call | later calls | largest error |")
    print("|--:|--:|---|--:|--:|--:|")
    for n, d in SIZES:
        for name in NAMES:
            all_runs = [new_process(name, n, d, args.runs) for _ in range(args.repeats)]
            first, later, error = (min(found) for found in zip(*all_runs, strict=True))
            times = f"{first:.2f} s | {1e3 * later:.2f} ms"
            print(f"| {n} | {d} | {name} | {times} | {error:.0e} |", flush=True)
    libraries = ", ".join(f"{k} {version(k)}" for k in ("numba", "llvmlite", "numpy"))
    print(
        f"\nMeasured on {machine().processor}, vectors of {machine().vector_bytes} "
        f"bytes, one thread, processor time, load {os.getloadavg()[0]:.1f}; "
        f"Python {platform.python_version()}, {libraries}."
    )


if __name__ == "__main__":
    main()
