"""Formats of tables and graphs that are not read, for messages that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = {
    ".arrow": "Arrow",
    ".feather": "Feather",
    ".gexf": "GEXF",
    ".gml": "GML",
    ".graph": "METIS",
    ".h5": "HDF5",
    ".hdf5": "HDF5",
    ".jsonl": "JSON lines",
    ".mat": "MATLAB",
    ".metis": "METIS",
    ".mtx": "Matrix Market",
    ".ndjson": "JSON lines",
    ".net": "Pajek",
    ".ods": "OpenDocument",
    ".pickle": "pickle",
    ".pkl": "pickle",
    ".pt": "PyTorch",
    ".pth": "PyTorch",
    ".xls": "Excel",
    ".xlsx": "Excel",
}
"""The formats that suffixes stand for."""
PAJEK_STARTS = ("*vertices", "*network")


def format_said(path: Path) -> str:
    """Return words such as ``the format METIS``; else, that it is not known."""
    name = FORMATS.get(path.suffix.lower(), "")
    return f"the format {name}" if name else "a format that is not known"


def check_is_table(name: str, start: str) -> None:
    """Refuse a text whose first line, `start`, is that of another format.

    Raises
    ------
    ValueError
        Names the format.
    """
    if start.strip().lower().startswith(PAJEK_STARTS):
        raise ValueError(
            f"{name}: has the format Pajek, which is not read. Save its edges as two "
            "columns, or as GraphML."
        )
