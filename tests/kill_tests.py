"""Kills commands and fills the disk at random moments: nothing is torn or left behind.

    python tests/kill_tests.py --cases 120 --sweeps 30 --seed 0

Every file is the old one or the new one, whole, and the next start removes what a
killed process has left.  A sweep that is killed and started again, until it is done,
writes the table of one that was left alone.  Takes some five seconds a case.
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
        bad += sweeps(args.sweeps, args.seed, Path(base))
        done["sweep"] = args.sweeps
    print(f"{sum(done.values())} cases {dict(done)}, {bad} bad")
    return 1 if bad else 0


def sweeps(count, seed, base):
    """Kill `count` sweeps, each once at a random moment; return how many are wrong."""
    rng, bad = random.Random(seed), 0
    known = known_table(base / "uninterrupted", 1) if count else None
    for k in range(count):
        workers = rng.choice([1, 2, 5])
        wait = after_share(known, rng.uniform(0.05, 1.1))
        wrong = wrongly_resumed(known.table, wait, base / f"sweep {k}", workers)
        print(end="." if not wrong else "!", flush=True)
        bad += bool(wrong)
        for line in wrong:
            print(f"sweep {k}: {line}", flush=True)
    return bad


if __name__ == "__main__":
    sys.exit(main())
