"""`figure` on the command line.

It imports what it needs when it runs, so that ``--help`` needs no NumPy.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from app.document.document import Document

WIDTH_MM = 86.0  # a column of a journal
DPI = 600.0
WHAT = ("globe", "curves", "matrix", "spectra", "cosines", "modes", "checks")


def add_figure(parser: argparse.ArgumentParser) -> None:
    """Add the options of `figure`, besides those of the scenario."""
    parser.add_argument(
        "-o", "--out", required=True, metavar="OUT", help=".svg, .pdf or .png"
    )
    parser.add_argument("--what", choices=WHAT, default="curves", help="curves")
    parser.add_argument(
        "--at", type=float, metavar="T", help="time; its scenario's end"
    )
    parser.add_argument(
        "--width",
        type=float,
        default=WIDTH_MM,
        metavar="MM",
        help=f"width in millimetres, {WIDTH_MM:g}",
    )
    parser.add_argument(
        "--curve",
        action="append",
        default=[],
        metavar="KIND",
        help="an observable, instead of those of the law; up to four",
    )
    parser.add_argument(
        "--dpi", type=float, default=DPI, help=f"pixels per inch of a PNG, {DPI:g}"
    )
    parser.add_argument(
        "--no-caption", action="store_true", help="leave the text below it out"
    )


def figure(args: argparse.Namespace, document: Document) -> int:
    """Write a figure for a report."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from app.figure_file import figure_file

    figure_file(
        document,
        Path(args.out),
        args.what,
        args.width,
        at=args.at,
        kinds=tuple(args.curve),
        dpi=args.dpi,
        captioned=not args.no_caption,
        backend=args.backend,
    )
    print(f"wrote {args.out}")
    return 0
