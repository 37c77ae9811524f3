"""What the file of a scenario holds beside its settings: a format, files, a window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.io.named_files import FILES, unpacked
from sim.settings.values import short

FORMAT = 1
"""Version of the file format; raised only with a reader for the older one."""

WINDOW = ("look", "moment", "track")
"""Keys of a scenario's file that say how it is shown."""
LANES = "lanes"
"""The key of a scenario's file that holds runs to compare it with."""

RUN_FILE = "scenario.json"  # in the folder of a recorded run


def settings_in(data: Any, folder: Path | None = None) -> dict[str, Any]:
    """Return the settings alone of a scenario as plain data; see `from_plain`.

    Raises
    ------
    ValueError
        If it is no scenario, has a newer format, or has changes in time.
    """
    if not isinstance(data, dict):
        raise ValueError("not a scenario: expected {…} with a format and settings.")
    if folder is not None or FILES in data:
        data = unpacked(data, folder or Path.cwd(), folder is None).data
    data = dict(data)
    for group in WINDOW:
        if not isinstance(value := data.pop(group, {}), dict):
            raise ValueError(
                f"{group}: expected a group of settings, got {short(value)}."
            )
    if data.get("schedule"):
        raise ValueError(
            "this run has changes in time, which cannot be used here: open it with "
            "sim.open_run, or play it by `orrery run`."
        )
    data.pop("schedule", None)
    if data.pop(LANES, None):
        raise ValueError(
            "this file has several lanes, which cannot be used here: open it with "
            "sim.open_comparison, or play it by `orrery run`."
        )
    version = data.pop("format", None)
    if type(version) is not int or version < 1:
        raise ValueError(
            f"not a scenario: its format must be {FORMAT}, got {short(version)}."
        )
    if version > FORMAT:
        raise ValueError(
            f"scenario format {version} is newer than {FORMAT}, the newest read here. "
            "Update Attention Orrery to open it."
        )
    return data
