"""The table of a sweep as a file: CSV, or Parquet where pyarrow is installed."""

from __future__ import annotations

import csv
import importlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from sim.io.atomic_write import atomic_write
from sim.io.limits import IN_TABLE
from sim.recorders import open_table, signature
from sim.schedule import Run
from sim.schedule_file import embedded_text
from sim.tables.embedded_run import MARK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.sweeps.plan import Plan, Row

PARQUET = ".parquet"
IDENTITY = "# sweep:"
"""Start of the line of a table that names its sweep."""


def require_writer(path: Path) -> None:
    """Raise a ValueError if a table of this suffix cannot be written here."""
    if path.suffix.lower() == PARQUET:
        _parquet(path)


def write_table(path: Path, plan: Plan, rows: Sequence[Row]) -> None:
    """Write `rows` to a file that names its sweep, aside until it is complete."""
    with atomic_write(path) as temporary:
        if path.suffix.lower() == PARQUET:
            _write_parquet(temporary, plan, rows, path.parent)
            return
        with open_table(temporary) as file:
            write(file, plan, rows, path.parent, identity=plan.identity)


def write(
    file: TextIO,
    plan: Plan,
    rows: Sequence[Row],
    folder: Path | None = None,
    identity: str = "",
) -> None:
    """Write `rows` as a CSV, with the common scenario and the values in its header.

    `folder` is where it is written, the present one by default.
    """
    text = embedded_text(Run(plan.scenario), folder or Path.cwd(), IN_TABLE)
    file.write(f"{MARK} {text}\n# {signature()}\n")
    file.write(f"# over: {_over(plan)}\n")
    if identity:
        file.write(f"{IDENTITY} {identity}\n")
    table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)


def sweep_of(path: Path) -> str:
    """Return the identity of the sweep whose table `path` is; empty if it is none."""
    try:
        if path.suffix.lower() == PARQUET:
            metadata = _parquet(path).read_schema(path).metadata or {}
            return metadata.get(b"sweep", b"").decode()
        with path.open(encoding="utf-8") as file:
            for line in file:
                if not line.startswith("#"):
                    break
                if line.startswith(IDENTITY):
                    return line.removeprefix(IDENTITY).strip()
    except (OSError, ValueError):  # what pyarrow raises is one of them
        pass
    return ""


def read_rows(path: Path, plan: Plan) -> list[Row]:
    """Return the rows of a table that `write_table` wrote."""
    if path.suffix.lower() == PARQUET:
        return _parquet(path).read_table(path).to_pylist()
    with path.open(encoding="utf-8", newline="") as file:
        lines = iter(file)
        first = next(line for line in lines if not line.startswith("#"))
        names = next(csv.reader([first]))
        found = [*csv.DictReader(lines, names)]
    text = {*plan.starts[0], "error"}
    return [{k: v if k in text else float(v) for k, v in r.items()} for r in found]


def without_empty(rows: list[Row]) -> list[Row]:
    """Return rows without the columns that have no number: they were not asked for."""
    kept = [k for k in rows[0] if any(row[k] == row[k] for row in rows)]
    return [{k: row[k] for k in kept} for row in rows]


def _over(plan: Plan) -> str:
    values = {k: v if isinstance(v, str) else [*v] for k, v in plan.over.items()}
    return json.dumps(values, default=str)


def _write_parquet(path: Path, plan: Plan, rows: Sequence[Row], folder: Path) -> None:
    arrow: Any = importlib.import_module("pyarrow")
    parquet = _parquet(path)
    table = arrow.table({name: [row[name] for row in rows] for name in rows[0]})
    notes = {
        "scenario": embedded_text(Run(plan.scenario), folder, IN_TABLE),
        "versions": signature(),
        "over": _over(plan),
        "sweep": plan.identity,
    }
    parquet.write_table(table.replace_schema_metadata(notes), path)


def _parquet(path: Path) -> Any:
    try:
        return importlib.import_module("pyarrow.parquet")
    except ImportError:
        raise ValueError(
            f"{path.name}: Parquet is written by pyarrow. Install it with pip install "
            "pyarrow, or give a name that ends in .csv."
        ) from None
