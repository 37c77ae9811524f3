"""What a sweep computes: its runs, and what names each of them and all."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.arrays import load
from sim.io.embedded_files import digest
from sim.io.named_files import ASSET, names_in
from sim.observables import Observable
from sim.recorders import signature
from sim.scenario import plain
from sim.settings.near_misses import did_you_mean
from sim.sweeps.axes import alike, expanded, shown
from sim.sweeps.batching import why_alone
from sim.sweeps.first_passage import PASSAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenario import Scenario
    from sim.sweeps.axes import Over
    from sim.sweeps.worker_pool import Result

Row = dict[str, Any]
ASKED = "so it was asked"
SEED_MARK = "\0 seed"  # stands for the seed in a text that runs share


@dataclass(frozen=True)
class Plan:
    """A sweep that is checked and not yet computed.

    Attributes
    ----------
    scenario : Scenario
        What the runs have in common.
    over : mapping of str to values
        The values of every setting that is swept over.
    starts : list of dict
        The first cells of the rows of each run: its swept settings and its seed.
    tasks : list of dict
        What a worker needs to make each run.
    alone : list of str
        Why each is made by itself; empty where it is made with others at once.
    """

    scenario: Scenario
    over: Over
    starts: list[Row]
    tasks: list[dict[str, Any]]
    alone: list[str]

    @cached_property
    def keys(self) -> list[str]:
        """The digest of each task, and of the files that it names."""
        content = cache(_digest)
        versions, found = signature(), list[str]()
        known: dict[str, Any] = {}
        before = after = b""
        for task in self.tasks:
            this = {**task["scenario"], "seed": 0}
            if this != known:  # else it has the same text but for the seed
                known, files = this, {n: content(n) for n in _files(task)}
                marked = {**task, "scenario": {**this, "seed": SEED_MARK}}
                text = _text([versions, marked, files]).encode()
                before, _, after = text.partition(json.dumps(SEED_MARK).encode())
            seed = json.dumps(task["scenario"]["seed"]).encode()
            found.append(hashlib.sha256(before + seed + after).hexdigest())
        return found

    @cached_property
    def identity(self) -> str:
        """The digest of the whole sweep: of its runs, and of what its table says."""
        over = {k: v if isinstance(v, str) else [*v] for k, v in self.over.items()}
        return _hashed([plain(self.scenario), over, self.keys])

    def described(self) -> list[str]:
        """Return how many runs there are, and how they are made, in lines."""
        lines = [f"{len(self.tasks):,} runs"]
        for why, count in Counter(self.alone).items():
            how = f"one by one: {why}" if why else "with others of their shape at once"
            lines.append(f"{count:,} are made {how}")
        return lines

    def rows(self, results: Mapping[str, Result]) -> list[Row]:
        """Return the rows of all runs, in the order of the settings.

        A run that ended early has a row with its error for the first time that it did
        not reach.
        """
        found: list[Row] = []
        for start, task, key in zip(self.starts, self.tasks, self.keys, strict=True):
            result, at = results[key], task["at"]
            rows = [{**start, **row, "error": ""} for row in result["rows"]]
            if result["error"]:
                rows.append({**start, "t": at[len(rows)], "error": result["error"]})
            found += rows
        return _filled(found)


def planned(
    scenario: Scenario,
    over: Over,
    *,
    seeds: int | Iterable[int] = 1,
    at: float | Iterable[float] | None = None,
    measures: Iterable[str] | None = None,
    theory: bool = False,
    backend: str = "auto",
    batched: bool = True,
) -> Plan:
    """Return the sweep that `sim.sweeps.sweep.sweep` makes of the same arguments.

    Raises
    ------
    KeyError, ValueError
        If a setting, value, observable, time or number is not valid.
    RuntimeError
        If the backend was requested by name and cannot be used.
    """
    runs = expanded(scenario, over, seeds)
    kinds = None if measures is None else list(dict.fromkeys(measures))
    known = [*Observable.kinds(), *PASSAGES]
    for kind in kinds or ():
        _require_measure(kind, known)
    load(backend)
    times = None if at is None else _times(at)
    shared = {"measures": kinds, "backend": backend, "theory": theory}
    tasks: list[dict[str, Any]] = []
    alone: list[str] = []
    why = ""
    for s, before in zip(runs, [None, *runs], strict=False):
        if before is not None and alike(before, s):  # what follows is that of before
            task = {**tasks[-1], "scenario": {**tasks[-1]["scenario"], "seed": s.seed}}
        else:
            why = why_alone(s, backend, theory=theory) if batched else ASKED
            at = times or [s.duration]
            task = {"scenario": plain(s), "at": at, **shared, "batched": not why}
        tasks.append(task)
        alone.append(why)
    paths = [p for p in over if p != "seed"]
    starts = [{**{p: shown(s, p) for p in paths}, "seed": s.seed} for s in runs]
    return Plan(scenario, over, starts, tasks, alone)


def _require_measure(kind: str, known: list[str]) -> None:
    if kind not in known:
        raise ValueError(
            f"measures: no kind {kind!r}; there are {', '.join(known)}."
            f"{did_you_mean(kind, known)}"
        )


def _filled(rows: list[Row]) -> list[Row]:
    """Return `rows` with the same columns each, ``error`` last."""
    names = dict.fromkeys(k for row in rows for k in row if k != "error")
    return [
        {**dict.fromkeys(names, math.nan), **row, "error": row.pop("error")}
        for row in rows
    ]


def _times(at: float | Iterable[float]) -> list[float]:
    times = sorted({float(t) for t in at} if isinstance(at, Iterable) else {float(at)})
    bad = [t for t in times if not 0 <= t < math.inf]
    if bad or not times:
        got = f"{bad[0]:g}" if bad else "none"
        raise ValueError(f"times to measure at must be 0 or later, got {got}.")
    return times


def _hashed(data: Any) -> str:
    return hashlib.sha256(_text(data).encode()).hexdigest()


def _text(data: Any) -> str:
    return json.dumps(data, sort_keys=True, default=str)


def _files(task: Mapping[str, Any]) -> list[str]:
    return [n for n in names_in(task["scenario"]) if not n.startswith(ASSET)]


def _digest(name: str) -> str:
    """Return the digest of a file; empty if it cannot be read, as its run will say."""
    try:
        return digest(Path(name).expanduser())
    except (OSError, ValueError, RuntimeError):
        return ""
