"""`render` on the command line.

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

SIZE = "1280x720"
FPS = 60.0
SECONDS = 10.0


def add_render(parser: Parser) -> None:
    """Add the options of `render`, besides those of the scenario."""
    parser.add_argument(
        "-o",
        "--out",
        required=True,
        metavar="OUT",
        help=".mp4, .webm, .gif, .zip, .png",
    )
    add_force_flag(parser)
    parser.add_argument("--size", default=SIZE, metavar="WxH", help=f"pixels, {SIZE}")
    parser.add_argument("--fps", type=float, default=FPS, help="frames per second, 60")
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, help="length of the video, 10"
    )
    parser.add_argument(
        "--at", type=float, metavar="T", help="time of a picture; its scenario's end"
    )
    parser.add_argument(
        "--start", type=float, default=0.0, metavar="T", help="time of the first frame"
    )
    parser.add_argument("--theme", choices=["dark", "light"], default="dark")
    parser.add_argument(
        "--layout",
        choices=["globe", "curve", "matrix"],
        help="the globe; with the energy over time, as lanes by default; with the "
        "attention matrix as well",
    )
    parser.add_argument(
        "--title-card", action="store_true", help="begin with the title and the formula"
    )
    parser.add_argument(
        "--samples",
        type=int,
        default=1,
        choices=[1, 2],
        help="2 draws at twice the size, for edges a little smoother still",
    )
    parser.add_argument(
        "--progress", action="store_true", help="print lines `progress FRACTION`"
    )
    parser.show_examples(
        "orrery render words -o words.mp4 --size 1280x720 --fps 60",
        "orrery render metastable -o at-20.png --at 20",
        "orrery render opening --change 5 dynamics.beta=60 --layout curve -o b.mp4",
        "orrery render opening --compare dynamics.beta=1,9 -o pair.mp4",
    )


def render(args: argparse.Namespace, document: Document) -> int:
    """Draw a video or a picture."""
    path = file_to_write(args.out, force=args.force)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from app.export.encoders import recorder_for
    from app.export.render_file import render_file
    from app.export.render_options import RenderOptions

    recorder_for(path)
    for flag in _unused(args):
        report(f"{flag} has no effect on {path.suffix} files.")
    options = RenderOptions(
        size=_size(args.size),
        fps=args.fps,
        seconds=args.seconds,
        at=args.at,
        theme=args.theme,
        samples=args.samples,
        backend=args.backend,
        layout=args.layout or ("curve" if document.others else "globe"),
        title_card=args.title_card,
        start=args.start,
    )
    with ProgressReport(machine=args.progress) as progress:
        render_file(document, path, options, progress.show)
    if not args.progress:
        print(f"wrote {args.out}")
    return 0


def _unused(args: argparse.Namespace) -> list[str]:
    """Return the flags that were given, and are not for the type of the file."""
    if not args.out.lower().endswith(".png"):
        return [] if args.at is None else ["--at"]
    films = {
        "--fps": args.fps != FPS,
        "--seconds": args.seconds != SECONDS,
        "--start": args.start != 0.0,
        "--title-card": args.title_card,
    }
    return [flag for flag, given in films.items() if given]


def _size(text: str) -> tuple[int, int]:
    width, cross, height = text.lower().partition("x")
    if not cross or not width.isdigit() or not height.isdigit():
        raise ValueError(f"--size must be WIDTHxHEIGHT, such as {SIZE}; got {text!r}.")
    return int(width), int(height)
