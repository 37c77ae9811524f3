"""Opening files of users: a scenario, an export, or a table of embeddings."""

from __future__ import annotations

import contextlib
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sim.io.limits import NotJsonError, parsed_embedded, parsed_json
from sim.io.media import MEDIA
from sim.io.run_files import error_prefix, read_data, read_file
from sim.resources import preset, presets
from sim.scenario import Scenario, edit
from sim.scenario_format import LANES, RUN_FILE
from sim.schedule import Run
from sim.schedule.unused import say_unused
from sim.schedule_file import run_and_window
from sim.settings.near_misses import did_you_mean
from sim.tables.embedded_run import text_inside
from sim.tables.metadata import metadata_beside
from sim.tables.other_formats import FORMATS, format_said
from sim.tables.source import GZIP, PARQUET, TABLE_TYPES, TEXT_TYPES, table_type, types

if TYPE_CHECKING:
    from collections.abc import Callable

JSON, CSV = ".json", ".csv"
START_BYTES = 1000  # that show whether a text is JSON
Read = TypeVar("Read")


def open_scenario(
    path: str | Path,
    *,
    allow_files: bool = False,
    report: Callable[[str], None] | None = None,
) -> Scenario:
    """Read a scenario file, the scenario inside an export, or embeddings.

    ``-`` reads a scenario from standard input.  A table of numbers becomes a scenario
    in which its rows are the tokens; see `sim.initial.file`.  Parameters are those of
    `open_run`.

    Raises
    ------
    ValueError, OSError
        If it cannot be read, or has changes in time or several lanes; says why.
    ForeignFilesError
        If it names files outside its folder, unless `allow_files`.
    """
    run, beside = open_with_window(path, allow_files=allow_files, report=report)
    if beside.get(LANES):
        raise ValueError(
            f"{path}: it has several lanes, which cannot be used here. Open it with "
            "sim.open_comparison, or play it by `orrery run`."
        )
    if run.changes:
        raise ValueError(
            f"{path}: it has changes in time, which cannot be used here. Open it with "
            "sim.open_run, or play it by `orrery run`."
        )
    return run.start


def open_run(
    path: str | Path,
    *,
    allow_files: bool = False,
    report: Callable[[str], None] | None = None,
) -> Run:
    """Read what `open_scenario` does, with its changes in time.

    Parameters
    ----------
    path : path
        A scenario (.json), an export of this program (.mp4, .webm, .gif, .png, .csv,
        .npz), a table of tokens, or ``-`` for standard input.
    allow_files : bool
        Whether it may name files outside its folder.
    report : callable, optional
        Called with a message if files that it names have changed, settings have no
        effect, or it has lanes that are not opened; a warning by default.

    Raises
    ------
    ValueError, OSError
        If it cannot be read.
    ForeignFilesError
        If it names files outside its folder, unless `allow_files`.
    """
    run, beside = open_with_window(path, allow_files=allow_files, report=report)
    if beside.get(LANES):
        message = (
            f"{Path(path).name} has several lanes, of which the first is opened. Open "
            "all of them with sim.open_comparison."
        )
        if report is None:
            warnings.warn(message, stacklevel=2)
        else:
            report(message)
    return run


def open_with_window(
    path: str | Path,
    *,
    allow_files: bool = False,
    report: Callable[[str], None] | None = None,
) -> tuple[Run, dict[str, Any]]:
    """Read what `open_run` does, and what the file has beside the run.

    That is how a window shows it, and further lanes; see `sim.lanes.lane_file`.
    """
    found = read_run(path, run_and_window, allow_files=allow_files, report=report)
    if found is not None:
        say_unused(found[0], Path(path).name, report)
        return found
    if table_type(located_run(path)) in TABLE_TYPES:
        return Run(of_table(located_run(path))), {}
    raise ValueError(
        f"{Path(path).name}: it carries no scenario. Open a .json, or an export of "
        "this program."
    )


def read_run(
    path: str | Path,
    read: Callable[[Any], Read],
    *,
    allow_files: bool = False,
    report: Callable[[str], None] | None = None,
) -> Read | None:
    """Return what `read` makes of the run in a file; None if it carries none.

    Parameters and errors are those of `open_run`, and of
    `sim.io.run_files.read_file`.
    """
    if str(path) == "-":
        path = Path("standard input")
        with error_prefix(path):
            if not (text := sys.stdin.read()).lstrip().startswith("{"):
                raise ValueError(f"is no scenario ({JSON}). Give other files by name.")
            data = parsed_json(text)
            return read_data(data, path, read, allow_files=allow_files, report=report)
    path = located_run(path)
    if _is_json(path):
        try:
            return read_file(path, read, allow_files=allow_files, report=report)
        except NotJsonError as error:
            raise ValueError(f"{error} {_openable()}") from None
    with error_prefix(path):
        text = text_inside(path)
        if not text:
            return None
        data = parsed_embedded(text)
        return read_data(data, path, read, allow_files=allow_files, report=report)


def _is_json(path: Path) -> bool:
    """Whether a file is a scenario in JSON, whatever its suffix says.

    Raises
    ------
    ValueError
        If it is of no type that can be opened; lists those that can.
    """
    if path.suffix.lower() in MEDIA or (kind := table_type(path)) == CSV:
        return False
    if kind == JSON or not path.is_file():
        return True
    if kind in TABLE_TYPES and kind not in TEXT_TYPES:
        return False
    with path.open("rb") as file:
        start = file.read(START_BYTES).decode("utf-8-sig", "replace").lstrip()
    if kind in TEXT_TYPES:
        return start.startswith("{")
    if start[:1] in ("{", "[") and path.suffix.lower() not in FORMATS:
        return True
    raise ValueError(
        f"{path.name}: has {format_said(path)}, and cannot be opened. {_openable()}"
    )


def _openable() -> str:
    """Return a sentence that lists the types of files that can be opened."""
    return (
        f"Open a scenario ({JSON}), an export ({', '.join(MEDIA)}), or a table of "
        f"tokens ({types()})."
    )


def located_run(path: str | Path) -> Path:
    """Return where the file of a run is: `path`, or the preset of that name.

    Raises
    ------
    FileNotFoundError
        If there is neither.
    """
    path = with_home(path)
    if path.is_file():
        return path
    if found := preset(str(path)):  # even beside a folder of its exports
        return found
    if (path / RUN_FILE).is_file():
        return path / RUN_FILE
    if path.is_dir():
        raise FileNotFoundError(
            f"{path}: is a folder. Give a scenario or a table of tokens."
        )
    if path.exists():
        raise FileNotFoundError(f"{path}: is not an ordinary file.")
    near = did_you_mean(str(path), presets()) or (
        " Give a scenario or a table."
        if path.suffix or path.parent.name
        else " Give a scenario, a table, or a preset that `orrery list presets` prints."
    )
    raise FileNotFoundError(f"{path}: there is no such file or preset.{near}")


def with_home(path: str | Path) -> Path:
    """Return `path` with the folder that ``~`` stands for, if there is such a user."""
    path = Path(path)
    with contextlib.suppress(RuntimeError):
        path = path.expanduser()
    return path


def has_columns(path: Path) -> bool:
    """Whether a file is a table that carries no run, whose columns can be chosen."""
    kind = table_type(path)
    if kind not in (*TEXT_TYPES, PARQUET) or not path.is_file():
        return False
    try:
        return not _is_json(path) and not text_inside(path)
    except (ValueError, OSError):
        return False  # opening it will raise the error


def of_table(path: Path, columns: str = "") -> Scenario:
    """Return a scenario whose tokens are the rows of a table of embeddings.

    Parameters
    ----------
    path : Path
        The table; names in a metadata.tsv beside a vectors.tsv are taken too.
    columns : str
        Which columns are used, as `sim.tables.choice` writes it; empty decides by the
        table.

    Raises
    ------
    ValueError
        If it cannot be read, or it is doubtful what a column is.
    """
    beside = metadata_beside(path)
    name = path.name.encode(errors="replace").decode()
    changes = {
        "title": name.removesuffix(GZIP).rpartition(".")[0],
        "initial": "file",
        "initial.path": str(path.resolve()),
        "initial.metadata.path": str(beside.resolve()) if beside else "",
        "initial.columns": columns,
        "dynamics.beta": 9.0,
        "step": 0.1,
        "duration": 60.0,
    }
    return edit(Scenario(), changes)
