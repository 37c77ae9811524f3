"""``orrery FILE``: which document the window opens on, and where it is saved.

Imports no Qt before it is known that its libraries are there.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.system.display import why_no_window
from sim.cli.scenario_flags import report_files
from sim.resources import preset

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from app.document.document import Document

SAVED_AS = ".json"  # what the window writes to; any other file is only read


def open_window(
    args: argparse.Namespace, document_of: Callable[[argparse.Namespace], Document]
) -> int:
    """Open the window on what the flags describe; return the exit code."""
    document = None
    if args.file and not _is_there(args.file):
        document = document_of(args)  # of standard input, or says what is wrong
    if (why := why_no_window()) is not None:
        raise RuntimeError(why)
    from app.system.opening_window import opened

    opening = opened(args.theme)  # before what takes longer to import
    path = _file_on_disk(args.file)
    try:
        table = _table_to_show(args, path)
        if table is not None:
            args.file = None  # until its columns are chosen
        document = document or document_of(args)
        if path is not None and table is None:
            report_files(document.scenario)
    except BaseException:
        opening.close()
        raise
    from app.system.startup import start

    saved = path if path is not None and path.suffix.lower() == SAVED_AS else None
    return start(document, args.backend, path=saved, opening=opening, table=table)


def _table_to_show(args: argparse.Namespace, path: Path | None) -> Path | None:
    """Return the table whose columns are shown before it is opened.

    With settings on the command line it is opened as it decides itself.
    """
    from sim.loading import has_columns

    if path is None or args.set or args.change or args.compare:
        return None
    return path if has_columns(path) else None


def _is_there(text: str) -> bool:
    return _file_on_disk(text) is not None or preset(text) is not None


def _file_on_disk(text: str | None) -> Path | None:
    """Return the file that is meant: none for a preset or a stream."""
    path = Path(text or "-").expanduser()
    return path if path.is_file() else None
