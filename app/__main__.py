"""``orrery``: the window and the command line; imports Qt only for what needs it."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.figure_command import add_figure, figure
from sim.change_flags import add_change_flag, with_points
from sim.cli.check import add_check, check
from sim.cli.compare_flag import add_compare_flag, described_lanes
from sim.cli.guard import guarded
from sim.cli.list_settings import add_list, listing
from sim.cli.run import add_run, run
from sim.cli.scenario_flags import add_scenario_flags, changes, report
from sim.sweeps.command import add_sweep, sweep

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.document.document import Document

SIZE = "1280x720"
FPS = 60.0
SECONDS = 10.0
EPILOG = """commands:
  orrery run FILE -o DIR      run without a window; write CSVs and the scenario
  orrery sweep FILE --over …  run it over ranges of settings; write one table
  orrery render FILE -o OUT   draw a video (.mp4, .gif) or a picture (.png)
  orrery figure FILE -o OUT   draw a figure for a report (.svg, .pdf, .png)
  orrery list                 every setting with its range and meaning
  orrery check FILE           numerical checks of a state, each with its bound
  orrery doctor               what is installed, what is missing, how to install it
`orrery COMMAND --help` lists the options of a command.
"""
COMMANDS = ("run", "sweep", "check", "render", "figure", "list", "doctor")


def main(argv: list[str] | None = None) -> int:
    """Run the command line `argv`; return the exit code."""
    argv = with_points(sys.argv[1:] if argv is None else argv)
    if argv and argv[0] in COMMANDS:
        args = _commands().parse_args(argv)
        command = {
            "run": run,
            "sweep": sweep,
            "check": check_all,
            "render": render,
            "figure": draw_figure,
            "list": show_list,
            "doctor": doctor,
        }
        return guarded("orrery", lambda: command[args.command](args))
    args = _window().parse_args(argv)
    return guarded("orrery", lambda: window(args))


def _window() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="orrery",
        description="Show attention as interacting particles. Opens the window; "
        "without FILE, with the opening preset.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_scenario_flags(parser)
    add_change_flag(parser)
    add_compare_flag(parser)
    parser.add_argument("--theme", choices=["system", "dark", "light"], help="colours")
    parser.add_argument(
        "--version", action="version", version=f"Attention Orrery {_version()}"
    )
    return parser


def _commands() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="orrery")
    commands = parser.add_subparsers(dest="command", required=True)
    add_run(commands.add_parser("run", help="run without a window"))
    add_sweep(commands.add_parser("sweep", help="run it over ranges of settings"))
    add_check(commands.add_parser("check", help="check a state in numbers"))
    settings = commands.add_parser("list", help="print every setting")
    add_list(settings)
    settings.set_defaults(change=[], compare=[])
    _add_render(commands.add_parser("render", help="draw a video or a picture"))
    paper = commands.add_parser("figure", help="draw a figure for a report")
    add_scenario_flags(paper)
    add_change_flag(paper)
    add_figure(paper)
    paper.set_defaults(compare=[])
    diagnosis = commands.add_parser(
        "doctor", help="report what is installed and what is missing"
    )
    diagnosis.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _add_render(parser: argparse.ArgumentParser) -> None:
    add_scenario_flags(parser)
    add_change_flag(parser)
    add_compare_flag(parser)
    parser.add_argument(
        "-o",
        "--out",
        required=True,
        metavar="OUT",
        help=".mp4, .webm, .gif, .zip, .png",
    )
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
        default="globe",
        help="the globe; with the energy over time; with the attention matrix as well",
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


def document_of(
    args: argparse.Namespace, note: Callable[[str], None] = report
) -> Document:
    """Return the document that FILE, --set, --compare and --change describe.

    `note` is called if files that it names have changed.
    """
    from app.document.loading import open_document, opening_document

    base = opening_document()
    if args.file:
        base = open_document(args.file, allow_files=args.allow_files, report=note)
    look = {k: v for k, v in changes(args.set).items() if k.startswith("look.")}
    lanes = described_lanes(base.comparison, args)
    new = base.edit(look).with_comparison(lanes)
    return new.with_lanes(new.lanes, min(base.place, len(new.others)))


def window(args: argparse.Namespace) -> int:
    """Open the window."""
    from app.system.display import why_no_window

    document = document_of(args)
    if (why := why_no_window()) is not None:
        raise RuntimeError(why)
    from app.system.startup import start

    path = Path(args.file) if args.file and args.file != "-" else None
    return start(document, args.backend, path=path, theme=args.theme)


def render(args: argparse.Namespace) -> int:
    """Draw a video or a picture."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from app.export.render_file import render_file
    from app.export.render_options import RenderOptions

    document = document_of(args)
    options = RenderOptions(
        size=_size(args.size),
        fps=args.fps,
        seconds=args.seconds,
        at=args.at,
        theme=args.theme,
        samples=args.samples,
        backend=args.backend,
        layout=args.layout,
        title_card=args.title_card,
        start=args.start,
    )
    progress = _print_progress if args.progress else None
    render_file(document, Path(args.out), options, progress)
    if not args.progress:
        print(f"wrote {args.out}")
    return 0


def draw_figure(args: argparse.Namespace) -> int:
    """Write a figure for a report, of one lane."""
    document = document_of(args)
    if document.others:
        title = document.comparison.titles[document.place]
        count = len(document.lanes)
        report(f"{args.file} has {count} lanes: the figure is of the one with {title}.")
    return figure(args, document)


def _print_progress(done: float) -> None:
    print(f"progress {done:.4f}", flush=True)


def _size(text: str) -> tuple[int, int]:
    width, cross, height = text.lower().partition("x")
    if not cross or not width.isdigit() or not height.isdigit():
        raise ValueError(f"--size must be WIDTHxHEIGHT, such as {SIZE}; got {text!r}.")
    return int(width), int(height)


def show_list(args: argparse.Namespace) -> int:
    """Print every setting of the scenario and its look."""
    document = document_of(args)
    print("\n".join([*listing(document.scenario), *listing(document.look, "look.")]))
    return 0


def check_all(args: argparse.Namespace) -> int:
    """Check the look, which `sim` does not read, and then the state in numbers."""
    if args.file not in (None, "-"):
        document_of(args, _ignore)  # `check` says it
    return check(args)


def _ignore(_message: str) -> None:
    """Say nothing."""


def doctor(args: argparse.Namespace) -> int:
    """Print what is installed and what is missing."""
    from app.system.diagnostics import print_report

    return print_report(as_json=args.json)


def _version() -> str:
    from sim import __version__

    return __version__


if __name__ == "__main__":
    sys.exit(main())
