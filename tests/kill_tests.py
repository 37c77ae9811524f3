"""Kills commands and fills the disk at random moments: nothing is torn or left behind.

    python tests/kill_tests.py --cases 120 --sweeps 30 --cluster 30 --seed 0

Every file is the old one or the new one, whole, and the next start removes what a
killed process has left.  A sweep that is killed and started again, until it is done,
writes the table of one that was left alone: made at once or one by one, here or, with
--cluster, on two workers of Dask (extra ``cluster``).  Takes some five seconds a case.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from helpers.kills import MOST_S, broken, cases, known_files
from helpers.sweep_kills import after_share, known_table, wrongly_resumed


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=120)
    parser.add_argument("--sweeps", type=int, default=30)
    parser.add_argument("--cluster", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--seconds", type=float, default=MOST_S, help="from a signal to the end"
    )
    args = parser.parse_args()
    known, done, bad = {}, Counter(), 0
    with tempfile.TemporaryDirectory() as base:
        for k, (work, event, rng) in enumerate(cases(args.cases, args.seed)):
            name = f"{work.name} {work.out}"
            if name not in known:
                known[name] = known_files(work, Path(base, name))
            place = Path(base, f"case {k}")
            wrong = broken(work, known[name], event, rng, place, args.seconds)
            print(end="." if not wrong else "!", flush=True)
            done[event] += 1
            bad += bool(wrong)
            for line in wrong:
                print(f"case {k}: {work.name} {work.out}, {event}: {line}", flush=True)
        if args.sweeps:
            bad += sweeps(args.sweeps, args.seed, Path(base, "here"))
        bad += cluster_sweeps(args.cluster, args.seed, Path(base, "cluster"))
        done["sweep"] = args.sweeps + args.cluster
    print(f"{sum(done.values())} cases {dict(done)}, {bad} bad")
    return 1 if bad else 0


def sweeps(count, seed, base, extra=()):
    """Kill `count` sweeps, each once at a random moment; return how many are wrong."""
    rng, bad = random.Random(seed), 0
    ways = [extra, (*extra, "--one-by-one")]
    known = [known_table(base / f"left alone {k}", 1, w) for k, w in enumerate(ways)]
    for k in range(count):
        way, workers = rng.randrange(2), rng.choice([1, 2, 5])
        wait = after_share(known[way], rng.uniform(0.05, 1.1))
        place, table = base / f"sweep {k}", known[way].table
        wrong = wrongly_resumed(table, wait, place, workers, ways[way])
        print(end="." if not wrong else "!", flush=True)
        bad += bool(wrong)
        for line in wrong:
            print(f"sweep {k}: {line}", flush=True)
    return bad


def cluster_sweeps(count, seed, base):
    """Kill `count` sweeps whose runs are made on a cluster of two workers."""
    if not count:
        return 0
    import distributed

    sizes = {"n_workers": 2, "threads_per_worker": 1}
    with distributed.LocalCluster(**sizes, dashboard_address=None) as made:
        here = known_table(base / "here", 1)
        address = made.scheduler_address
        bad = sweeps(count, seed, base, ("--scheduler", address))
        there = known_table(base / "there", 1, ("--scheduler", address))
    return bad + (here.table != there.table)


if __name__ == "__main__":
    sys.exit(main())
