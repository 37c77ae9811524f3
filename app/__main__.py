"""``orrery``: the window and the command line; imports Qt only for what needs it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.diagrams.command import add_diagram, diagram
from app.figure_command import OF_ALL_LANES, add_figure, figure
from app.render_command import add_render, render
from sim.change_flags import add_change_flag, with_points
from sim.cli.check import add_check, check
from sim.cli.compare_flag import add_compare_flag, described_lanes
from sim.cli.guard import guarded
from sim.cli.lab import add_lab, lab
from sim.cli.lesson import (
    add_lesson,
    check_lesson,
    found_lesson,
    print_lessons,
    print_observables,
)
from sim.cli.list_settings import (
    PRESETS,
    add_list,
    print_presets,
    print_settings,
    sort_words,
)
from sim.cli.parser import Parser, unknown_command
from sim.cli.run import add_run, run
from sim.cli.scenario_flags import add_scenario_flags, changes, report
from sim.cli.sentence_flags import take_sentence
from sim.resources import preset
from sim.settings.near_misses import nearest
from sim.sweeps.command import add_sweep, sweep

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from app.document.document import Document

EPILOG = """commands:
  orrery run FILE -o DIR      run without a window; write CSVs and the scenario
  orrery sweep FILE --over …  run it over ranges of settings; write one table
  orrery render FILE -o OUT   draw a video (.mp4, .gif) or a picture (.png)
  orrery figure FILE -o OUT   draw a figure for a report (.svg, .pdf, .png, .csv)
  orrery diagram NAME -o OUT  draw a phase diagram, with its curve of theory
  orrery list [PATH]          every setting, or one, with its range and meaning
  orrery list presets         the names of all presets
  orrery check FILE           numerical checks of a state, each with its bound
  orrery lab [NAME]           small computations that explain attention, as tables
  orrery lesson [FILE]        play a lesson, check its claims, or print it
  orrery doctor               what is installed, what is missing, how to install it
`orrery COMMAND --help` lists the options of a command.

examples:
  orrery
  orrery words
  orrery my_embeddings.csv --set dynamics.beta=20
"""
COMMANDS = (
    "run",
    "sweep",
    "check",
    "render",
    "figure",
    "diagram",
    "list",
    "lab",
    "lesson",
    "doctor",
)


def main(argv: list[str] | None = None) -> int:
    """Run the command line `argv`; return the exit code."""
    argv = with_points(sys.argv[1:] if argv is None else argv)
    if argv[:1] == ["help"] and not Path("help").exists():
        argv = [*argv[1:], "--help"]
    args = parser_of(argv).parse_args(argv)
    commands = {
        "run": run,
        "sweep": sweep,
        "check": check_all,
        "render": draw,
        "figure": draw_figure,
        "diagram": draw_diagram,
        "list": show_list,
        "lab": lab,
        "lesson": lesson,
        "doctor": doctor,
        "": window,
    }
    return guarded("orrery", lambda: commands[args.command](args))


def parser_of(argv: list[str]) -> Parser:
    """Return the parser of a command line: of a command, or of the window."""
    if argv and argv[0] in COMMANDS:
        return _commands()
    parser = _window()
    if argv and _looks_like_command(argv):
        parser.error(unknown_command(argv[0], COMMANDS))
    return parser


def _looks_like_command(argv: list[str]) -> bool:
    """Whether a first word is a command that is misspelt, and not a file or preset."""
    word, more = argv[0], argv[1:2]
    if Path(word).exists() or preset(word) is not None or word.startswith("-"):
        return False
    followed = bool(more) and not more[0].startswith("-") and "=" not in more[0]
    return bool(nearest(word, COMMANDS)) or (followed and not Path(word).suffix)


def _window() -> Parser:
    parser = Parser(
        prog="orrery",
        description="Show attention as interacting particles. Opens the window; "
        "without FILE, with the opening preset.",
        epilog=EPILOG,
    )
    add_scenario_flags(parser)
    add_change_flag(parser)
    add_compare_flag(parser)
    parser.set_defaults(command="")
    parser.add_argument("--theme", choices=["system", "dark", "light"], help="colours")
    parser.add_argument(
        "--version", action="version", version=f"Attention Orrery {_version()}"
    )
    return parser


def _commands() -> Parser:
    parser = Parser(prog="orrery")
    commands = parser.add_subparsers(dest="command", required=True)
    add_run(commands.add_parser("run", help="run without a window"))
    add_sweep(commands.add_parser("sweep", help="run it over ranges of settings"))
    add_check(commands.add_parser("check", help="check a state in numbers"))
    add_list(commands.add_parser("list", help="print every setting, or one"))
    add_lab(commands.add_parser("lab", help="compute a lab, or list all"))
    add_lesson(commands.add_parser("lesson", help="play, check or print a lesson"))
    film = commands.add_parser("render", help="draw a video or a picture")
    add_scenario_flags(film)
    add_change_flag(film)
    add_compare_flag(film)
    add_render(film)
    paper = commands.add_parser("figure", help="draw a figure for a report")
    add_scenario_flags(paper)
    add_change_flag(paper)
    add_compare_flag(paper)
    add_figure(paper)
    add_diagram(commands.add_parser("diagram", help="draw a phase diagram"))
    diagnosis = commands.add_parser(
        "doctor", help="report what is installed and what is missing"
    )
    diagnosis.add_argument("--json", action="store_true", help="print JSON")
    diagnosis.show_examples(
        "orrery doctor", "orrery doctor --json", "orrery doctor > report.txt"
    )
    return parser


def document_of(
    args: argparse.Namespace, note: Callable[[str], None] = report
) -> Document:
    """Return the document that FILE, --set, --compare and --change describe.

    `note` is called if files that it names have changed.
    """
    from app.document.loading import open_document, opening_document

    take_sentence(args)
    base = opening_document()
    if args.file:
        base = open_document(args.file, allow_files=args.allow_files, report=note)
    look = {k: v for k, v in changes(args.set).items() if k.startswith("look.")}
    lanes = described_lanes(base.comparison, args)
    new = base.edit(look).with_comparison(lanes)
    return new.with_lanes(new.lanes, min(base.place, len(new.others)))


def window(args: argparse.Namespace) -> int:
    """Open the window."""
    from app.system.window_command import open_window

    return open_window(args, document_of)


def lesson(args: argparse.Namespace) -> int:
    """List lessons; or check, print or play one."""
    if args.observables:
        print_observables()
        return 0
    if args.file is None:
        print_lessons()
        return 0
    found = found_lesson(args.file)
    if args.check:
        from app.lessons.cue_document import look_faults

        return check_lesson(found, look_faults)
    if args.handout:
        _require_drawing()
        from app.lessons.handout import write_handout

        write_handout(found, args.handout)
        print(f"Wrote {args.handout}.")
        return 0
    return play_lesson(found.path)


def play_lesson(path: Path) -> int:
    """Open the window on a lesson."""
    from app.document.loading import opening_document
    from app.system.display import why_no_window

    if (why := why_no_window()) is not None:
        raise RuntimeError(why)
    from app.system.opening_window import opened
    from app.system.startup import start

    opening = opened(None)
    return start(opening_document(), opening=opening, table=path)


def draw(args: argparse.Namespace) -> int:
    """Draw a video or a picture."""
    _require_drawing()
    return render(args, document_of(args))


def draw_diagram(args: argparse.Namespace) -> int:
    """Make and draw a phase diagram."""
    _require_drawing()
    return diagram(args)


def draw_figure(args: argparse.Namespace) -> int:
    """Write a figure for a report; curves and globes of all lanes, pages of one."""
    _require_drawing()
    document = document_of(args)
    if document.others and args.what not in OF_ALL_LANES:
        lane, count = document.place + 1, len(document.lanes)
        report(f"{args.file} has {count} lanes: the figure is of lane {lane}.")
    return figure(args, document)


def _require_drawing() -> None:
    """Refuse to begin where a library is missing that drawing needs."""
    from app.system.display import why_no_drawing

    if (why := why_no_drawing()) is not None:
        raise RuntimeError(why)


def show_list(args: argparse.Namespace) -> int:
    """Print every setting of the scenario and its look."""
    sort_words(args)
    if args.setting == PRESETS:
        return print_presets(args)
    document = document_of(args)
    print_settings(args, [("", document.scenario), ("look.", document.look)])
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
