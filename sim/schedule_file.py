"""Runs as files: a scenario's JSON with its changes in time under ``"schedule"``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.io.atomic_write import atomic_write
from sim.io.limits import IN_MEDIA, embeddable
from sim.io.named_files import FILES, unpacked
from sim.io.packing import packed
from sim.scenario import from_plain, plain
from sim.scenario_format import LANES, WINDOW
from sim.schedule import Change, Run
from sim.tokens.plain import edits_from_plain, plain_edits

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEDULE = "schedule"
"""The key of a scenario's file that holds its changes."""
KEYS = {"t", "set", "over", "ramp", "move", "add", "remove"}
MAX_QUOTED = 60  # characters of a wrong value that a message quotes


def save_run(
    run: Run, path: str | Path, window: Mapping[str, Any] | None = None
) -> None:
    """Write a run to a file, as a scenario with its changes; replaces it whole.

    Files that it names stay where they are if that is beside it; else small ones
    travel inside.  `window` is what a window says of how it is shown.
    """
    data = packed({**plain_run(run), **(window or {})}, Path(path).parent, beside=True)
    with atomic_write(path) as temporary:
        text = json.dumps(data, indent=2, ensure_ascii=False)
        temporary.write_text(text + "\n", encoding="utf-8")


def run_to_json(run: Run, indent: int | None = 2) -> str:
    """Write `run` as JSON text; without changes it is a scenario's."""
    return json.dumps(plain_run(run), indent=indent, ensure_ascii=False)


def embedded_text(
    run: Run,
    folder: Path,
    limit: int = IN_MEDIA,
    window: Mapping[str, Any] | None = None,
) -> str:
    """Return the line of JSON by which an export in `folder` carries its run.

    Files that it names travel inside, up to `limit` bytes of them.
    """
    data = packed({**plain_run(run), **(window or {})}, folder, limit=limit)
    return embeddable(json.dumps(data, ensure_ascii=False))


def plain_run(run: Run) -> dict[str, Any]:
    """Return `run` as plain data: a scenario's, and its changes beside."""
    data = plain(run.start)
    if run.changes:
        data[SCHEDULE] = plain_changes(run)
    return data


def plain_changes(run: Run) -> list[dict[str, Any]]:
    """Return the changes of `run` as plain data."""
    return [_plain_change(change) for change in run.changes]


def run_from_plain(data: Any, folder: Path | None = None) -> Run:
    """Return the run that `plain_run` wrote; a scenario alone is a run without changes.

    Relative file paths in it start from `folder`, and none may lead out of it; without
    one all are taken as they are.

    Raises
    ------
    ValueError
        If it is no scenario, or its changes cannot be applied; says which, and why.
    """
    if folder is not None or (isinstance(data, dict) and FILES in data):
        data = unpacked(data, folder or Path.cwd(), folder is None).data
    listed = data.pop(SCHEDULE, []) if isinstance(data := _copy(data), dict) else []
    if isinstance(data, dict):
        data.pop(LANES, None)
    return Run(from_plain(data), changes_from_plain(listed))


def changes_from_plain(listed: Any) -> tuple[Change, ...]:
    """Return the changes that `plain_changes` wrote.

    Raises
    ------
    ValueError
        If they are no changes; says which, and why.
    """
    if not isinstance(listed, list):
        raise ValueError(
            f"{SCHEDULE}: expected a list of changes such as "
            '{"t": 5, "set": {"dynamics.beta": 60}}, got '
            f"{quoted(listed)}."
        )
    return tuple(_change(k, item) for k, item in enumerate(listed))


def run_and_window(data: Any) -> tuple[Run, dict[str, Any]]:
    """Return a run, and what its file has beside it: its look, and further lanes.

    Raises
    ------
    ValueError
        As `run_from_plain`.
    """
    run = run_from_plain(data)
    return run, {group: data[group] for group in (*WINDOW, LANES) if group in data}


def _plain_change(change: Change) -> dict[str, Any]:
    edits = plain_edits(change.tokens)
    settings = {"set": change.settings} if change.settings or not edits else {}
    ramp: dict[str, Any] = {"over": change.over} if change.over else {}
    if change.over and change.ramp != Change.ramp:
        ramp["ramp"] = change.ramp
    return {"t": change.t, **ramp, **settings, **edits}


def _copy(data: Any) -> Any:
    return dict(data) if isinstance(data, dict) else data


def _change(k: int, item: Any) -> Change:
    where = f"{SCHEDULE}, change {k + 1}"
    if (
        not isinstance(item, dict)
        or "t" not in item
        or not 1 < len(item) <= len(KEYS & item.keys())
    ):
        raise ValueError(
            f'{where}: expected {{"t": time, "set": {{path: value}}}}, or "move", '
            f'"add" or "remove" with tokens, got {quoted(item)}.'
        )
    settings = item.get("set", {})
    if not isinstance(settings, dict) or not (settings or "set" not in item):
        raise ValueError(
            f'{where}: "set" must hold settings by path, got {quoted(settings)}.'
        )
    try:
        edits = edits_from_plain(item)
        over, ramp = item.get("over", 0.0), item.get("ramp", Change.ramp)
        return Change(item["t"], settings, edits, over, ramp)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None


def quoted(value: Any) -> str:
    """Return a wrong value as a message quotes it."""
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= MAX_QUOTED else f"{text[: MAX_QUOTED - 1]}…"
