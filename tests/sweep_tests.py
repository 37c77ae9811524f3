"""Makes random sweeps at once and one by one, and compares their rows.

    python tests/sweep_tests.py --cases 300 --tables 6 --seed 0

Laws, integrators, spaces, masks and sizes are random.  Runs that are made at once have
the same bytes however they are put together, and the numbers of single runs within a
bound; tables have the same bytes for 1, 2 and 3 workers, and by default.
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

import numpy as np
from helpers.kills import Place
from helpers.random_sweeps import MEASURES, drawn, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--tables", type=int, default=6)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    bad = 0
    for k in range(args.cases):
        rng = np.random.default_rng([args.seed, k])
        scenario, count = drawn(rng)
        lines = wrong(scenario, count, rng)
        bad += bool(lines)
        for line in lines[:3]:
            what = f"{scenario.dynamics.kind}, {scenario.integrator.kind}"
            print(f"case {k}: {what}, {scenario.space.kind}: {line}", flush=True)
    with tempfile.TemporaryDirectory() as base:
        for k in range(args.tables):
            scenario, _ = drawn(np.random.default_rng([args.seed, k, 1]))
            bad += unequal_tables(k, scenario, Path(base, str(k)))
    print(f"{args.cases} cases, {args.tables} tables, {bad} bad")
    return 1 if bad else 0


def unequal_tables(k, scenario, folder):
    """Return whether the table of a sweep depends on the number of workers."""
    place, tables = Place(folder), set()
    scenario.save(place.folder / "base.json")
    for flags in ([], *(["--workers", str(n)] for n in (1, 2, 3))):
        line = [sys.executable, "-m", "sim", "sweep", str(place.folder / "base.json")]
        line += ["--seeds", "7", "--at", "0.1,0.2", "--measure", *MEASURES, *flags]
        child = place.start([*line, "-o", str(place.folder / "a.csv"), "--force"])
        _, said = child.communicate()
        if child.returncode:
            print(f"table {k}: {said.decode()}")
        tables.add((place.folder / "a.csv").read_bytes())
    if len(tables) > 1:
        print(f"table {k}: {scenario.dynamics.kind}: {len(tables)} different tables")
    return len(tables) > 1


if __name__ == "__main__":
    sys.exit(main())
