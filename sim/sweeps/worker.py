"""A worker process: reads one job per line and prints one line with its results."""

from __future__ import annotations

import json
import os
import sys
from queue import SimpleQueue
from threading import Thread

from sim.sweeps.jobs import results_of


def main() -> None:
    """Carry out jobs until the process that gives them is gone."""
    output, sys.stdout = sys.stdout, sys.stderr  # for results alone
    jobs: SimpleQueue[str] = SimpleQueue()
    Thread(target=_listen, args=(jobs,), daemon=True).start()
    while True:
        results = results_of(json.loads(jobs.get()))
        print(json.dumps(results), file=output, flush=True)


def _listen(jobs: SimpleQueue[str]) -> None:
    """Queue jobs; end at once, even during a run, when their source is gone."""
    for line in sys.stdin:
        jobs.put(line)
    os._exit(0)


if __name__ == "__main__":
    main()
