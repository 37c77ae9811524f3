"""``--compare``: runs side by side that differ in a setting, and lanes of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.change_flags import changes_in_time
from sim.cli.scenario_flags import OPENING, changes, report, report_unused
from sim.cli.sentence_flags import take_sentence, with_sentences

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from sim.lanes import Comparison
    from sim.schedule import Run


def add_compare_flag(parser: argparse.ArgumentParser) -> None:
    """Add --compare."""
    parser.add_argument(
        "--compare",
        action="append",
        default=[],
        metavar="PATH=VALUES",
        help="compare up to four runs that differ in a setting, such as --compare "
        "dynamics.beta=1,9; repeat for every combination",
    )


def lanes_of(args: argparse.Namespace) -> tuple[Comparison, dict[str, Any]]:
    """Return the lanes that FILE and flags describe, and the look that FILE has.

    Raises
    ------
    KeyError, ValueError, OSError
        If FILE cannot be read, or as `described_lanes`.
    """
    from sim.lanes import lanes_from_plain
    from sim.loading import open_with_window
    from sim.scenario_format import LANES

    take_sentence(args)
    file = args.file or OPENING
    run, beside = open_with_window(file, allow_files=args.allow_files, report=report)
    window = {group: part for group, part in beside.items() if group != LANES}
    return described_lanes(lanes_from_plain(run, beside), args), window


def described_lanes(base: Comparison, args: argparse.Namespace) -> Comparison:
    """Return the lanes that --set, --compare, --change and the like make of `base`.

    Settings and changes are those of every lane.  --compare and --text take the place
    of the lanes of a file but for the first one.

    Raises
    ------
    KeyError, ValueError
        If a setting or a change cannot be applied, or is after the end of the run.
    """
    from sim.lanes import Comparison, compare
    from sim.schedule import with_changes
    from sim.schedule.unused import unused_changes

    one = args.compare or args.text
    kept, forks = (base.runs[:1], ()) if one else (base.runs, base.forks)
    ours = {k: v for k, v in changes(args.set).items() if k[:5] != "look."}
    lanes = _retitled(base, Comparison(_edited(kept, ours)))
    lanes = with_sentences(lanes, args.text)
    if args.compare:
        lanes = compare(lanes.first, _values(args.compare))
    report_unused(lanes.first.start, [*ours, *_paths(args.compare)])
    timed = changes_in_time(args.change)
    runs = tuple(with_changes(run, timed) for run in lanes.runs)
    for sentence in unused_changes(runs[0], timed):
        report(sentence)
    return Comparison(runs, forks)


def _edited(runs: tuple[Run, ...], ours: Mapping[str, str]) -> tuple[Run, ...]:
    from sim.scenario import edit
    from sim.schedule import Run

    return tuple(Run(edit(run.start, ours), run.changes) for run in runs)


def _retitled(base: Comparison, lanes: Comparison) -> Comparison:
    """Return `lanes` under a title that fits the law of the first one."""
    from sim.lanes import Comparison
    from sim.run_title import retitled

    old, first = base.first.start, lanes.first
    start = retitled(old, first.start, old)
    return Comparison((first.with_whole(start), *lanes.others))


def _paths(texts: list[str]) -> list[str]:
    return [text.partition("=")[0].strip() for text in texts]


def _values(texts: list[str]) -> Mapping[str, tuple[object, ...]]:
    from sim.settings.value_lists import values_by_path

    read = values_by_path(texts, "--compare")
    if all(len(values) == 1 for values in read.values()):
        raise ValueError(
            "--compare needs several values of a setting, such as "
            f"dynamics.beta=1,9; got {', '.join(texts)!r}."
        )
    return read
