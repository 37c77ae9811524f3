"""The table of a sweep over its seeds: mean, spread and quantiles of each measure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.sweeps.plan import Row

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def summary_path(table: Path) -> Path:
    """Return where the summary of `table` is written."""
    return table.with_name(f"{table.stem}.summary{table.suffix}")


def summary(rows: Sequence[Row]) -> list[Row]:
    """Return one row per combination of settings and time, in the order of `rows`.

    After the settings and t come ``runs``, how many there are, ``failed``, and for each
    measure ``KIND:count``, how many of the runs have a number; then of those the mean,
    the standard deviation with count − 1 below, NaN for one run, and the quantiles,
    with linear interpolation between two runs.
    """
    names = [*rows[0]]
    settings = [n for n in names[: names.index("t")] if n != "seed"]
    kinds = names[names.index("t") + 1 : names.index("error")]
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[k] for k in (*settings, "t")), []).append(row)
    found: list[Row] = []
    for key, members in groups.items():
        start = dict(zip((*settings, "t"), key, strict=True))
        start["runs"] = len(members)
        start["failed"] = sum(bool(row["error"]) for row in members)
        for kind in kinds:
            start |= _statistics(kind, [row[kind] for row in members])
        found.append(start)
    return found


def _statistics(kind: str, values: Sequence[float]) -> Row:
    known = np.array([v for v in values if math.isfinite(v)], dtype=np.float64)
    out: Row = {f"{kind}:count": len(known)}
    out[f"{kind}:mean"] = float(known.mean()) if len(known) else math.nan
    out[f"{kind}:sd"] = float(known.std(ddof=1)) if len(known) > 1 else math.nan
    for q in QUANTILES:
        value = float(np.quantile(known, q)) if len(known) else math.nan
        out[f"{kind}:q{round(100 * q):02d}"] = value
    return out
