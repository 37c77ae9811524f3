"""`diagram` on the command line: a phase diagram as a figure or a table.

It imports what it needs when it runs, so that ``--help`` needs no NumPy.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.output import add_force_flag, file_to_write
from sim.cli.progress import ProgressReport

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from app.diagrams.painter import Shown
    from sim.cli.parser import Parser
    from sim.scenario import Scenario
    from sim.sweeps.diagram import Diagram

WIDTH_MM = 120.0
TABLE = ".csv"
TYPES = (".svg", ".pdf", ".png", TABLE)


def add_diagram(parser: Parser) -> None:
    """Add the options of `diagram`."""
    parser.add_argument(
        "name",
        help="a diagram of the papers, such as softmax-8 or unnormalised-128, with its "
        "law and dimension; or a scenario or preset",
    )
    parser.add_argument(
        "--across", metavar="PATH=VALUES", help="the axis across, or t=VALUES"
    )
    parser.add_argument("--up", metavar="PATH=VALUES", help="the axis up")
    parser.add_argument("--measure", metavar="KIND", help="an observable")
    parser.add_argument("--seeds", type=int, metavar="N", help="runs in each cell")
    parser.add_argument(
        "--full",
        action="store_true",
        help="as large as in print: 90 × 200 cells with 2048 seeds each; takes hours",
    )
    parser.add_argument("--workers", type=int, metavar="N", help="number of processes")
    parser.add_argument(
        "-o", "--out", required=True, metavar="OUT", help=".svg, .pdf, .png or .csv"
    )
    add_force_flag(parser)
    parser.show_examples(
        "orrery diagram softmax-128 -o diagram.svg",
        "orrery diagram softmax-2 --full --workers 16 -o full.csv",
        "orrery diagram opening --across dynamics.beta=1:20:20 --up tokens=8:64:8 "
        "--measure clusters -o clusters.csv",
    )


def diagram(args: argparse.Namespace) -> int:
    """Make a phase diagram with its curve of theory, and write it."""
    from collections import Counter
    from contextlib import closing

    import numpy as np

    from sim.cli.scenario_flags import report
    from sim.sweeps.diagram_theory import lines, why_no_line
    from sim.sweeps.sweep import worker_count

    wanted = wanted_of(args)
    wanted.check()
    if not args.out.lower().endswith(TYPES):
        raise ValueError(f"-o {args.out}: give a name that ends in {', '.join(TYPES)}.")
    path = file_to_write(args.out, force=args.force)
    workers = worker_count(args.workers)
    means, failures = np.zeros((0, 0)), Counter[str]()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from app.diagrams.painter import Shown

    made = wanted.filled(workers, failures)
    with ProgressReport() as progress, closing(made) as some:
        for means in some:
            known = int(np.isfinite(means).sum())
            progress.show(known / means.size, f"{known} of {means.size} cells")
    lost = wanted.shortfall(means, failures)
    if np.isnan(means).all():
        raise ValueError(f"{lost} {args.out} is not written.")
    write(Shown(wanted, means, tuple(lines(wanted)), complete=True), path)
    print(f"wrote {args.out}")
    for line in (lost, why_no_line(wanted) and f"no theory: {why_no_line(wanted)}."):
        if line:
            report(line)
    return 1 if failures else 0


def write(shown: Shown, path: object) -> None:
    """Write a diagram by the suffix of `path`."""
    from app.diagrams.figure import figure_of, save_table
    from app.export.renderer import application
    from app.figures import files
    from sim.scenario import to_json

    out = Path(str(path))
    if out.suffix.lower() == TABLE:
        save_table(shown, out)
        return
    application()
    inside = to_json(shown.diagram.scenario, None)
    files.save(figure_of(shown), out, WIDTH_MM, inside=inside)


def _scenario(name: str, known: Iterable[str]) -> Scenario:
    """Return the scenario or preset `name`, which is none of the `known` diagrams.

    Raises
    ------
    FileNotFoundError
        If there is none either; says which diagrams there are.
    """
    from sim.loading import open_scenario
    from sim.resources import presets
    from sim.settings.near_misses import did_you_mean

    try:
        return open_scenario(name)
    except FileNotFoundError:
        if Path(name).exists():
            raise
        raise FileNotFoundError(
            f"{name}: there is no such file or preset, and no such diagram; diagrams "
            f"are {', '.join(known)}.{did_you_mean(name, [*known, *presets()])}"
        ) from None


def wanted_of(args: argparse.Namespace) -> Diagram:
    """Return the diagram that the flags describe."""
    from dataclasses import replace

    from sim.sweeps.diagram import Axis, Diagram
    from sim.sweeps.diagram_presets import presets

    known = presets(full=args.full)
    found = known.get(args.name)
    if found is None:
        if args.full:
            raise ValueError(f"--full: give one of {', '.join(known)}.")
        found = Diagram(_scenario(args.name, known))
    axes: dict[str, Axis] = {}
    for side, flag in (("x", args.across), ("y", args.up)):
        if flag is not None:
            name = "--across" if side == "x" else "--up"
            path, equals, text = flag.partition("=")
            if not equals or not path.strip():
                raise ValueError(
                    f"{name} needs PATH=VALUES, such as dynamics.beta=0.1:9:30; got "
                    f"{flag!r}."
                )
            axes[side] = Axis(path.strip(), text)
    return replace(
        found,
        x=axes.get("x", found.x),
        y=axes.get("y", found.y),
        measure=args.measure or found.measure,
        seeds=found.seeds if args.seeds is None else args.seeds,
    )
