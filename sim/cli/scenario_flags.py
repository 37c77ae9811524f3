"""What a command is given: FILE, --text and --set, and what they describe."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from sim.cli.sentence_flags import add_sentence_flags, take_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.scenario import Scenario

OPENING = "opening"
"""The preset that is taken without FILE, as by the window."""


class _Seed(argparse.Action):
    """Appends ``seed=N`` to the settings that are changed."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        so_far = getattr(namespace, self.dest)
        setattr(namespace, self.dest, [*so_far, f"seed={values}"])


def add_scenario_flags(parser: argparse.ArgumentParser) -> None:
    """Add FILE, --set and --backend."""
    parser.add_argument(
        "file",
        nargs="?",
        help="a preset's name, a scenario (.json), an export of this program, or a "
        "table of embeddings (.csv, .tsv, .txt, .npy, .npz), or the folder of a "
        "trained model; - reads a scenario from standard input; the opening preset by "
        "default",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="PATH=VALUE",
        help="change a setting, such as --set dynamics.beta=9; see `list`",
    )
    parser.add_argument(
        "--seed",
        dest="set",
        action=_Seed,
        metavar="N",
        help="the seed of every random choice, as --set seed=N",
    )
    add_sentence_flags(parser)
    parser.add_argument(
        "--allow-files",
        action="store_true",
        help="read files outside its folder that FILE names",
    )
    parser.add_argument(
        "--backend",
        default="auto",
        metavar="NAME",
        help="auto, numpy or cupy; auto uses a GPU that passes a test",
    )


def changes(texts: Sequence[str]) -> dict[str, str]:
    """Read ``PATH=VALUE`` texts.

    Raises
    ------
    ValueError
        If one has no equals sign.
    """
    out: dict[str, str] = {}
    for text in texts:
        path, equals, value = text.partition("=")
        if not equals or not path:
            raise ValueError(
                f"--set needs PATH=VALUE, such as dynamics.beta=9; got {text!r}."
            )
        out[path.strip()] = value
    return out


def scenario_of(args: argparse.Namespace) -> Scenario:
    """Return the scenario that the flags describe."""
    from sim.loading import open_scenario

    take_sentence(args)
    file = args.file or OPENING
    base = open_scenario(file, allow_files=args.allow_files, report=report)
    return with_settings(base, args)


def with_settings(base: Scenario, args: argparse.Namespace) -> Scenario:
    """Return `base` with the settings of --set, under a title that fits its law."""
    from sim.run_title import retitled
    from sim.scenario import edit

    ours = {k: v for k, v in changes(args.set).items() if k[:5] != "look."}
    found = edit(base, ours)
    report_unused(found, ours)
    return retitled(base, found, base)


def report_unused(scenario: Scenario, paths: Iterable[str]) -> None:
    """Say which settings that were given have no effect on `scenario`."""
    from sim.settings.effect import without_effect

    for sentence in without_effect(scenario, paths):
        report(f"{sentence}.")


def report_files(scenario: Scenario) -> None:
    """Print what was decided about the tables and graphs that a scenario names.

    Raises
    ------
    ValueError
        If one cannot be read.
    """
    from sim.graphs.file import EdgeListFile
    from sim.initial.file import EmbeddingFile
    from sim.io.named_files import ASSET

    initial = scenario.initial
    if isinstance(initial, EmbeddingFile) and not initial.path.startswith(ASSET):
        print(initial.table().report.text())
    graph = getattr(scenario.dynamics, "graph", None)
    if isinstance(graph, EdgeListFile) and graph.path:
        print(graph.said())


def report(message: str) -> None:
    """Print what a user should know, though it stops nothing."""
    print(f"orrery: {message}", file=sys.stderr)
