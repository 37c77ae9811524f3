"""`figure` on the command line.

It imports what it needs when it runs, so that ``--help`` needs no NumPy.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sim.cli.output import add_force_flag, file_to_write
from sim.cli.progress import ProgressReport
from sim.cli.scenario_flags import report

if TYPE_CHECKING:
    import argparse

    from app.document.document import Document
    from sim.cli.parser import Parser

WIDTH_MM = 86.0  # a column of a journal
DPI = 600.0
OF_ALL_LANES = ("globe", "curves")  # other figures are of one lane
OF_MODEL = ("heads", "head_spectra", "layer_cosines", "ranks", "senses", "law_model")
OF_ONE_LANE = ("matrix", "gram", "spectra", "cosines", "modes", "checks")
WHAT = (*OF_ALL_LANES, *OF_ONE_LANE, *OF_MODEL)


def add_figure(parser: Parser) -> None:
    """Add the options of `figure`, besides those of the scenario."""
    parser.add_argument(
        "-o", "--out", required=True, metavar="OUT", help=".svg, .pdf, .png or .csv"
    )
    add_force_flag(parser)
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
    parser.show_examples(
        "orrery figure metastable --what curves -o curves.pdf",
        "orrery figure words --at 45 --what globe -o words.svg",
        "orrery figure opening --compare dynamics.beta=1,9 --what globe -o pair.pdf",
        "orrery figure opening --curve f_hat --curve clusters -o curves.png",
    )


def figure(args: argparse.Namespace, document: Document) -> int:
    """Write a figure for a report."""
    path = file_to_write(args.out, force=args.force)
    if args.curve and args.what != "curves":
        report(f"--curve has no effect on --what {args.what}.")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from app.figure_file import figure_file

    with ProgressReport() as progress:
        figure_file(
            document,
            path,
            args.what,
            args.width,
            at=args.at,
            kinds=tuple(args.curve),
            dpi=args.dpi,
            captioned=not args.no_caption,
            backend=args.backend,
            progress=progress.show,
        )
    print(f"wrote {args.out}")
    return 0
