"""Sums of a million tokens on the sphere: our harmonics beside a non-uniform FFT.

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
from sim.sums.methods.sphere import Sphere

REPEATS, EPS = 7, 1e-6


def by_harmonics(x, beta):
    """Return the sums by our method, whose memory of the last keys is not used."""
    return Sphere().sums(Problem(x, x, x, beta))


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
    ours, theirs = least(
        partial(by_harmonics, x, args.beta), partial(by_transforms, x, modes)
    )
    print(f"{args.tokens:,} tokens, β = {args.beta:g}, float32, processor time:")
    print(f"  {degrees * (degrees + 1) // 2} harmonics {ours:.3f} s")
    print(f"  finufft {finufft.__version__}, {modes} × {modes} modes {theirs:.3f} s")
    print(f"  {theirs / ours:.2f} times as long")


if __name__ == "__main__":
    main()
