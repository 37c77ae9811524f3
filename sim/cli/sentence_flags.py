"""``--text`` and ``--model``: a sentence that moves through a trained transformer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from sim.resources import preset
from sim.scenario_format import RUN_FILE

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from sim.initial.sentence import Sentence
    from sim.lanes import Comparison

PRESET = "sentence"
"""The preset that is taken without FILE."""


def add_sentence_flags(parser: argparse.ArgumentParser) -> None:
    """Add --text and --model."""
    parser.add_argument(
        "--text",
        action="append",
        default=[],
        metavar="SENTENCE",
        help="tokens of this sentence, moved by a trained transformer; give it again "
        "for another lane",
    )
    parser.add_argument(
        "--model",
        metavar="FOLDER",
        help="the folder of its checkpoint (config.json, tokenizer.json, safetensors); "
        "the encoder of the program by default",
    )


def take_sentence(args: argparse.Namespace) -> None:
    """Put what --text and --model say among the settings of --set, before the others.

    Raises
    ------
    ValueError, OSError
        If the model cannot be read.
    """
    from pathlib import Path

    if args.file and not args.model and _is_model_folder(Path(args.file)):
        args.file, args.model = None, args.file
    if getattr(args, "taken", False) or not (args.text or args.model):
        return

    from sim.models.language_model import SHIPPED, open_model
    from sim.models.model_settings import model_settings

    path = str(Path(args.model).expanduser().resolve()) if args.model else SHIPPED
    model = open_model(path)
    if args.model:
        print(f"orrery: {model.about()}. {model.not_known()}", file=sys.stderr)
    found = model_settings(model, path)
    if args.text:
        found |= text_settings(args.text[0])
    args.set[:0] = [f"{setting}={value}" for setting, value in found.items()]
    args.file, args.taken = args.file or PRESET, True


def _is_model_folder(path: Path) -> bool:
    """Whether FILE is a folder, neither a preset's name nor with a run in it."""
    from sim.loading import with_home

    folder = with_home(path)
    if preset(str(path)) is not None or (folder / RUN_FILE).is_file():
        return False
    return folder.is_dir()


def text_settings(text: str) -> dict[str, str]:
    """Return the settings of a sentence, which is the title too."""
    from sim.models.model_settings import sentence_title

    return {"initial.text": text, "title": sentence_title(text)}


def with_sentences(lanes: Comparison, texts: list[str]) -> Comparison:
    """Return `lanes` with one more for each sentence after the first."""
    from sim.lanes import Comparison
    from sim.scenario import edit
    from sim.schedule import Run

    first = lanes.first
    more = [Run(edit(first.start, text_settings(t)), first.changes) for t in texts[1:]]
    return Comparison((*lanes.runs, *more), lanes.forks) if more else lanes


def sentence_files(lanes: Comparison) -> list[str]:
    """Return the names of the files that `write_sentences` writes."""
    from sim.models.sentence_files import NAMES

    return [name.format(mark) for mark, _ in _sentences(lanes) for name in NAMES]


def write_sentences(folder: Path, lanes: Comparison) -> None:
    """Write states, attention and cosines of the sentences that lanes start from."""
    from sim.models.model_settings import checked_model
    from sim.models.sentence_files import write_sentence

    for mark, start in _sentences(lanes):
        write_sentence(
            folder, checked_model(start.path, start.sha256), start.text, mark
        )


def _sentences(lanes: Comparison) -> list[tuple[str, Sentence]]:
    """Return the sentences of lanes, each with what marks its files."""
    from sim.initial.sentence import Sentence

    several = len(lanes.runs) > 1
    return [
        (f"-{k}" if several else "", run.start.initial)
        for k, run in enumerate(lanes.runs, 1)
        if isinstance(run.start.initial, Sentence)
    ]
