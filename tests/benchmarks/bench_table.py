"""How fast a large table is read, beside pandas and the size of its array.

``python tests/benchmarks/bench_table.py [rows [columns]]``; pandas must be installed.
Each reader runs in a process of its own, so that its memory is its own.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

TIMES = 3.0  # of pandas' processor time
ARRAYS = 2.5  # of the array's memory
REPEATS = 3
HOME = Path(__file__).resolve().parents[2]


def write(path, rows, columns):
    """Write a table of words and numbers in full precision."""
    rng = np.random.default_rng(0)
    with path.open("w") as file:
        file.write(",".join(["word", *(f"x{k}" for k in range(columns))]) + "\n")
        for row in range(rows):
            numbers = map(repr, rng.normal(size=columns).tolist())
            file.write(f"w{row}," + ",".join(numbers) + "\n")


def measure(reader, path):
    """Read `path`; print processor time, peak memory above the start, and bytes."""
    if reader == "orrery":
        sys.path.insert(0, str(HOME))
        from sim.tables.reading import read_tokens

        def read():
            return read_tokens(path).x
    else:
        import pandas

        def read():
            return pandas.read_csv(path).iloc[:, 1:].to_numpy()

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    size = read().nbytes
    spent = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(spent, peak * 1024, size)


def best(reader, path):
    """Return the least processor time of some runs, and memory in arrays."""
    found = []
    for _ in range(REPEATS):
        command = [sys.executable, __file__, "--measure", reader, str(path)]
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, env=os.environ
        )
        found.append([float(word) for word in done.stdout.split()])
    seconds, peak, size = min(found)
    return seconds, peak / size


def main():
    rows, columns = (int(a) for a in (*sys.argv[1:], "300000", "50")[:2])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        write(path, rows, columns)
        ours, arrays = best("orrery", path)
        theirs, their_arrays = best("pandas", path)
    print(f"{rows:,} × {columns}")
    print(f"orrery  {ours:6.2f} s of processor, {arrays:4.2f} times the array's memory")
    print(f"pandas  {theirs:6.2f} s of processor, {their_arrays:4.2f} times")
    print(
        f"{ours / theirs:.2f} times pandas' time; at most {TIMES} and {ARRAYS} are good"
    )
    return int(ours > TIMES * theirs or arrays > ARRAYS)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(*sys.argv[2:])
    else:
        sys.exit(main())
