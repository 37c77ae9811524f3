"""Read mutated scenarios, tables and graphs: each is read, or refused in a sentence.

    python tests/fuzz.py tables --cases 2000 --seed 1
    python tests/fuzz.py scenarios --cases 10000 --seed 1
    python tests/fuzz.py scenarios --only 4711 --seed 1     one case again

A case follows from family, seed and number alone.  Cases run in a child process.  A
fault is any exception but the refusals that readers promise, more than LIMIT seconds of
processor, more than MEMORY bytes, or a file opened that the case does not name.  Exit
code: 0 without faults, 1 with.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import selectors
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from contextlib import contextmanager
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(HOME), str(HOME / "tests")]

LIMIT = 5.0  # seconds of processor
WAIT = 40.0  # seconds without a word, after which a child is ended
MEMORY = 2 << 30  # bytes more than the process had before its first case
LONGEST = 700  # characters of a refusal
PROMISED = (ValueError, OSError, RuntimeError, FloatingPointError)
SMALL = 60  # tokens of scenarios that are run
FAMILIES = ("tables", "scenarios")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("family", choices=FAMILIES)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, help="make this one case, here")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.only is not None:
        args.first, args.cases, args.child = args.only, 1, True
    numbers = range(args.first, args.first + args.cases)
    if args.child:
        for number, fault in faults(args.family, args.seed, numbers):
            print(json.dumps([number, fault]), flush=True)
        return 0
    return drive(args.family, args.seed, numbers)


def drive(family, seed, numbers):
    """Run cases in children, one after the other; print the faults."""
    start, found, first = time.monotonic(), {}, numbers.start
    while first < numbers.stop:
        seen, ended = first - 1, False
        command = [sys.executable, __file__, family, "--child", "--seed", str(seed)]
        command += ["--first", str(first), "--cases", str(numbers.stop - first)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            watch = selectors.DefaultSelector()
            watch.register(child.stdout, selectors.EVENT_READ)
            while watch.select(WAIT):
                line = child.stdout.readline()
                if not line:
                    ended = True
                    break
                seen, fault = json.loads(line)
                if fault:
                    found[seen] = fault
            if not ended:
                child.kill()
        if seen < numbers.stop - 1:
            found[seen + 1] = "hangs" if not ended else "ends the process"
        first = seen + 2
    for number, fault in found.items():
        print(f"case {number}: {fault}")
    seconds = time.monotonic() - start
    print(f"{family}: {len(numbers):,} cases, {len(found)} faults, {seconds:.0f} s")
    return 1 if found else 0


def faults(family, seed, numbers):
    """Yield every number, and what is wrong with its case; empty if nothing."""
    with tempfile.TemporaryDirectory(prefix="orrery-fuzz-") as folder:
        cases = Cases(Path(folder).resolve())
        for number in numbers:
            rng = random.Random(f"{family} {seed} {number}")
            yield number, cases.fault(family, rng)


def _most_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


class Cases:
    """Makes cases in a folder, and judges how they are read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._allowed: set[str] = set()
        self._foreign: list[str] = []
        scenarios = sorted((HOME / "assets" / "scenarios").glob("*.json"))
        self._shipped = [json.loads(p.read_text(encoding="utf-8")) for p in scenarios]
        tables = sorted((HOME / "tests" / "data" / "tables").rglob("*.*"))
        self._samples = [(p.suffix, p.read_bytes()) for p in tables]
        _make_files(folder)
        self._watching = False
        self._before = _most_bytes()  # of the tests that ran in this process
        sys.addaudithook(self._watch)

    def fault(self, family: str, rng: random.Random) -> str:
        """Return what is wrong with a case; empty if nothing."""
        from helpers.mutants import scenario, table

        self._foreign.clear()
        start = time.process_time()
        try:
            with self._watched(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if family == "tables":
                    suffix, raw = table(self._samples, rng)
                    self._read_table(suffix, raw)
                else:
                    self._read_scenario(scenario(self._shipped, rng))
        except PROMISED as error:
            text = str(error)
            if "\n" in text or len(text) > LONGEST or not text:
                return f"unclear refusal: {text[:200]!r}"
        except Exception:
            return traceback.format_exc()[-1500:]
        if time.process_time() - start > LIMIT:
            return f"takes {time.process_time() - start:.1f} s"
        if _most_bytes() > self._before + MEMORY:
            return "takes more than 2 GB"
        return f"opens {self._foreign[0]}" if self._foreign else ""

    def _read_table(self, suffix: str, raw: bytes) -> None:
        from sim.graphs.file import EdgeListFile
        from sim.loading import open_run
        from sim.tables.matrices import read_matrices

        file = self._folder / f"case{suffix}"
        file.write_bytes(raw)
        readers = (open_run, read_matrices, lambda p: EdgeListFile(path=p).nodes(1))
        refused = None
        for read in readers:
            try:
                read(str(file))
            except ValueError as error:
                refused = refused or error
        if refused:
            raise refused

    def _read_scenario(self, raw: bytes) -> None:
        from app.document.loading import open_document
        from sim.simulation import Simulation

        file = self._folder / "case.json"
        file.write_bytes(raw)
        document = open_document(file, report=_ignore)
        document.save(self._folder / "saved.json")
        again = open_document(self._folder / "saved.json", report=_ignore)
        if again.scenario != document.scenario:
            raise AssertionError("saved and read back it is another one")
        s = document.scenario
        if s.tokens <= SMALL and s.dimension <= SMALL:
            run = Simulation(s, "numpy")
            run.step()
            run.measures()

    @contextmanager
    def _watched(self):
        self._watching = True
        try:
            yield
        finally:
            self._watching = False

    def _watch(self, event: str, args: tuple) -> None:
        """Note a file that is opened and is none of the program or of the case."""
        if (
            not self._watching
            or event != "open"
            or not isinstance(args[0], str | bytes)
        ):
            return
        path = os.path.realpath(os.fsdecode(args[0]))
        homes = (str(self._folder), str(HOME), sys.prefix, sys.base_prefix)
        inside = path.startswith(
            (*homes, tempfile.gettempdir(), "/usr", "/proc/self/fd")
        )
        if not inside and path not in ("/dev/null", "/proc/cpuinfo", "/proc/meminfo"):
            self._foreign.append(path)


def _ignore(_message: str) -> None:
    """Take a message that stops nothing."""


def _make_files(folder: Path) -> None:
    """Make the files that scenarios may name: good ones, pipes, devices, loops."""
    import numpy as np

    rows = np.random.default_rng(0).normal(size=(12, 3))
    np.savetxt(folder / "good.csv", rows, delimiter=",")
    np.save(folder / "good.npy", rows)
    np.savez(folder / "good.npz", tokens=rows, eye=np.eye(3))
    (folder / "edges.csv").write_text("0,1\n1,2\n2,3\n")
    os.mkfifo(folder / "pipe.csv")
    (folder / "zero.csv").symlink_to("/dev/zero")
    (folder / "loop.csv").symlink_to("loop.csv")


if __name__ == "__main__":
    sys.exit(main())
