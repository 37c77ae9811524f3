"""A sweep that is killed at a random moment and started again."""

import json
import re
import sys
import time
from dataclasses import dataclass

from helpers.kills import Place

RUNS = 12
FLAGS = [
    *("--set", "duration=4", "--over", "dynamics.beta=1:9:3"),
    *("--over", "tokens=8,16", "--seeds", "2"),
    *("--measure", "f_hat", "clusters", "time_to_one_cluster"),
]


@dataclass
class Known:
    """The table of a sweep that was left alone, and how long it took."""

    table: bytes
    seconds: float


def line(place, workers, extra):
    flags = [*FLAGS, *extra, "--workers", str(workers)]
    flags += ["-o", str(place.folder / "a.csv")]
    return [sys.executable, "-m", "sim", "sweep", *flags]


def known_table(base, workers, extra=()):
    """Make the table of the sweep without a kill."""
    place = Place(base)
    begun = time.monotonic()
    child = place.start(line(place, workers, extra))
    _, said = child.communicate()
    assert child.returncode == 0, said.decode()
    seconds = time.monotonic() - begun
    return Known((place.folder / "a.csv").read_bytes(), seconds)


def kept_runs(place):
    """Return the runs that a killed sweep has kept: the lines that are whole."""
    store = place.folder / "a.csv.sweep"
    if not store.exists():
        return []
    lines = store.read_bytes().split(b"\n")[:-1]
    return [json.loads(text)["run"] for text in lines[1:]]


def after_share(known, share):
    """Return a wait for a share of the time that the whole sweep takes."""
    return lambda place: time.sleep(share * known.seconds)


def wrongly_resumed(known, wait, base, workers=2, extra=()):
    """Kill a sweep after a wait, start it again; return what is wrong."""
    place = Place(base)
    child = place.start(line(place, workers, extra))
    wait(place)
    child.kill()
    child.communicate()
    kept, table = kept_runs(place), place.folder / "a.csv"
    wrong = []
    if len(set(kept)) != len(kept) or len(kept) > RUNS:
        wrong.append(f"{len(kept)} runs are kept, {len(set(kept))} of them different")
    if table.exists() and table.read_bytes() != known:
        wrong.append("a table that is not complete")
    child = place.start(line(place, workers, extra))
    _, said = child.communicate()
    told = re.search(rb"(\d+) of 12 runs are known", said)
    if (int(told[1]) if told else 0) != len(kept):
        wrong.append(f"{len(kept)} runs were kept; said: {said.decode()}")
    if child.returncode or table.read_bytes() != known:
        wrong.append(f"another table; said: {said.decode()}")
    if left := [p.name for p in place.folder.iterdir() if p != table]:
        wrong.append(f"left behind: {left}")
    place.remove()
    return wrong
