"""Opening files of users: a scenario, an export, or a table of embeddings."""

from __future__ import annotations

import json
import sys
import zipfile
import zlib
from pathlib import Path

from sim.scenario import Scenario, edit, parsed_json, read_file
from sim.schedule import Run
from sim.schedule_file import run_from_plain

TABLES = (".csv", ".tsv", ".npz", ".npy")
MARK = "# scenario:"
"""Start of the line of a CSV that holds the scenario."""
SEARCHED_LINES = 64  # of a CSV, for that line


def open_scenario(path: str | Path) -> Scenario:
    """Read a scenario file, the scenario inside an exported CSV, or embeddings.

    ``-`` reads a scenario from standard input.  A table of numbers becomes a scenario
    in which its rows are the tokens; see `sim.initial.file`.

    Raises
    ------
    ValueError, OSError
        If it cannot be read, or has changes in time; says why.
    """
    run = open_run(path)
    if run.changes:
        raise ValueError(
            f"{path}: it has changes in time, which cannot be used here. Open it with "
            "sim.open_run, or play it by `orrery run`."
        )
    return run.start


def open_run(path: str | Path) -> Run:
    """Read what `open_scenario` does, with its changes in time.

    Raises
    ------
    ValueError, OSError
        If it cannot be read.
    """
    if str(path) == "-":
        return run_from_plain(parsed_json(sys.stdin.read()))
    path = Path(path)
    if path.is_dir() or not path.exists():
        what = "is a folder" if path.is_dir() else "there is no such file"
        raise FileNotFoundError(
            f"{path}: {what}. Give a scenario or a table of tokens."
        )
    if path.suffix.lower() not in TABLES:
        return read_file(path, run_from_plain)
    inside = run_inside(path)
    return Run(of_table(path)) if inside is None else inside


def run_inside(path: Path) -> Run | None:
    """Return the run that an exported table contains, if it does."""
    reader = {".csv": text_inside, ".npz": text_among}.get(path.suffix.lower())
    text = None if reader is None else reader(path)
    if text is None:
        return None
    try:
        return run_from_plain(json.loads(text), path.parent)
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from None


def text_inside(path: Path) -> str | None:
    """Return the text of the scenario in the header of a CSV; None without one."""
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        for _, line in zip(range(SEARCHED_LINES), lines, strict=False):
            if line.startswith(MARK):
                return line.removeprefix(MARK).strip()
    return None


def text_among(path: Path) -> str | None:
    """Return the text of the scenario in an archive of arrays; None without one."""
    import numpy as np  # here, since scenarios in JSON open without it

    try:
        with path.open("rb") as file:  # closed even if NumPy raises an error
            arrays = np.load(file)
            if isinstance(arrays, np.ndarray):  # a single array, despite the suffix
                return None
            return str(arrays["scenario"]) if "scenario" in arrays else None
    except (EOFError, ValueError, zipfile.BadZipFile, zlib.error):
        return None  # reading the tokens will raise the error


def of_table(path: Path) -> Scenario:
    """Return a scenario whose tokens are the rows of a table of embeddings."""
    changes = {
        "title": path.stem,
        "initial": "file",
        "initial.path": str(path.resolve()),
        "dynamics.beta": 9.0,
        "step": 0.1,
        "duration": 60.0,
    }
    return edit(Scenario(), changes)
