"""Sums of a million tokens on the sphere: cells, harmonics and a non-uniform FFT.

    python tests/benchmarks/bench_sphere.py [--tokens 1000000] [--beta 9]

Times of the processor, of all threads.  A function of band limit L on the sphere is a
trigonometric polynomial of latitude and longitude with 2L + 1 modes each.  So finufft
needs one transform of the tokens to modes, and, two real sums in one complex one, two
back to the mass and the three sums.  Angles are counted; passing from modes to the
modes of the sums is not.
"""

import argparse
import sys
import time
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import finufft
import numpy as np

from sim.sums import Problem
from sim.sums.harmonic.expansion import NEGLIGIBLE, expansion_coefficients
from sim.sums.methods.cells import Cells, best_grid
from sim.sums.methods.sphere import Sphere
from sim.sums.row_tiles import tiled_sums as direct

REPEATS, EPS, SAMPLE = 7, 1e-6, 200


def by_ours(method, x, beta):
    """Return the sums by a method, whose memory of the last keys is not used."""
    return method().sums(Problem(x, x, x, beta))


def error(found, x, beta):
    """Return the largest error of the means of some tokens."""
    some = np.random.default_rng(1).integers(0, len(x), SAMPLE)
    wide = x.astype(float)
    wanted = direct(beta * wide[some], wide, wide)
    return np.abs(found.mean[some] - wanted.mean).max()


def by_transforms(x, modes):
    """Return what stands for the sums: as many transforms of as many modes."""
    at = np.arccos(x[:, 2].clip(-1, 1)), np.arctan2(x[:, 1], x[:, 0])
    shape, common = (modes, modes), {"eps": EPS, "dtype": "complex64", "nthreads": 1}
    to_modes = finufft.Plan(1, shape, isign=-1, **common)
    to_modes.setpts(*at)
    found = to_modes.execute(np.ones(len(x), np.complex64))
    back = finufft.Plan(2, shape, n_trans=2, isign=1, **common)
    back.setpts(*at)
    return back.execute(np.stack([found, found]))


def least(*works):
    """Return the least processor time of each, measured in turn."""
    times = [[] for _ in works]
    for _ in range(REPEATS):
        for work, found in zip(works, times, strict=True):
            begun = time.process_time()
            work()
            found.append(time.process_time() - begun)
    return [min(found) for found in times]


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tokens", type=int, default=1_000_000)
    parser.add_argument("--beta", type=float, default=9.0)
    args = parser.parse_args()
    x = np.random.default_rng(0).normal(size=(args.tokens, 3))
    x = (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)
    degrees = len(expansion_coefficients(args.beta, 3, NEGLIGIBLE["float32"]))
    modes = 2 * degrees - 1
    works = [partial(by_ours, method, x, args.beta) for method in (Cells, Sphere)]
    cells, ours, theirs = least(*works, partial(by_transforms, x, modes))
    wrong = [error(work(), x, args.beta) for work in works]
    grid = best_grid(Problem(x, x, x, args.beta))
    print(f"{args.tokens:,} tokens, β = {args.beta:g}, float32, processor time:")
    print(
        f"  {grid.cells} cells, {len(grid.powers)} polynomials {cells:.3f} s, "
        f"error {wrong[0]:.1e}"
    )
    rows = (
        (f"{degrees * (degrees + 1) // 2} harmonics", ours, f", error {wrong[1]:.1e}"),
        (f"finufft {finufft.__version__}, {modes} × {modes} modes", theirs, ""),
    )
    for what, took, note in rows:
        print(f"  {what} {took:.3f} s, {took / cells:.2f} times as long{note}")


if __name__ == "__main__":
    main()
