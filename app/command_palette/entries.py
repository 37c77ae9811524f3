"""What the palette offers: one entry for everything that can be done or gone to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from app.actions import COMMANDS
from app.command_palette.matching import Fit, fit
from app.document.setting_names import GROUPS, group_of, name_of
from app.pages.cards import shipped_presets
from app.pages.help import pages
from app.scene.scene_info import own_texts
from sim.labs import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from app.actions import Commands
    from app.document.document import Document
    from sim.frame import Frame

PALETTE = "palette"  # the command that opens it, which it does not offer
MAX_SHOWN = 60
RECENT_BONUS = 6.0  # for an entry that was used before
TOKEN = "Token"


@dataclass(frozen=True)
class Targets:
    """What takes people to the things that the palette finds.

    Attributes
    ----------
    go_to_setting : str -> None
        Goes to the control of a setting, by its path.
    open_preset : Path -> None
        Opens a preset.
    choose_token : int -> None
        Chooses a token, by its id.
    show_help : str -> None
        Shows a help page.
    show_lab : str -> None
        Shows a lab, by its kind.
    show_panel : str -> None
        Shows a panel below the curves, by its kind.
    panels : mapping of str to str
        The titles of the panels that fit the run, by kind.
    """

    go_to_setting: Callable[[str], object]
    open_preset: Callable[[Path], object]
    choose_token: Callable[[int], object]
    show_help: Callable[[str], object]
    show_lab: Callable[[str], object]
    show_panel: Callable[[str], object]
    panels: Mapping[str, str]


@dataclass(frozen=True)
class Entry:
    """Something that can be done.

    Attributes
    ----------
    key : str
        What it is remembered by.
    text, kind : str
        Its name, and what it is or where it belongs.
    run : function
        Does it.
    keys : str
        Its shortcut.
    beside : str
        Other words by which it is found.
    """

    key: str
    text: str
    kind: str
    run: Callable[[], object]
    keys: str = ""
    beside: str = ""


def all_entries(
    commands: Commands,
    document: Document,
    paths: Iterable[str],
    frame: Frame | None,
    targets: Targets,
) -> list[Entry]:
    """Return everything that can be done now, commands first."""
    return [
        *_commands(commands),
        *_panels(targets),
        *_settings(document, paths, targets),
        *_presets(targets),
        *_labs(targets),
        *_pages(targets),
        *_tokens(frame, targets),
    ]


def _commands(commands: Commands) -> Iterator[Entry]:
    native = QKeySequence.SequenceFormat.NativeText
    for command in COMMANDS:
        action = commands[command.id]
        if command.id != PALETTE and action.isEnabled():
            first = command.keys.partition(" ")[0]
            keys = QKeySequence(first).toString(native)
            text, key = action.text(), f"command {command.id}"
            yield Entry(key, text, command.menu, action.trigger, keys, command.tip)


def _panels(targets: Targets) -> Iterator[Entry]:
    for kind, title in targets.panels.items():
        run = partial(targets.show_panel, kind)
        yield Entry(f"panel {kind}", title, "Panel", run, "", f"{kind} panel")


def _settings(
    document: Document, paths: Iterable[str], targets: Targets
) -> Iterator[Entry]:
    for path in paths:
        group = GROUPS[group_of(path)]
        run = partial(targets.go_to_setting, path)
        name = name_of(document, path)
        yield Entry(f"setting {path}", name, group, run, "", f"{path} setting")


@cache
def _titles() -> tuple[tuple[Path, str], ...]:
    return tuple((preset.path, preset.title) for preset in shipped_presets())


def _presets(targets: Targets) -> Iterator[Entry]:
    for path, title in _titles():
        run = partial(targets.open_preset, path)
        yield Entry(f"preset {path.stem}", title, "Preset", run, "", path.stem)


def _labs(targets: Targets) -> Iterator[Entry]:
    for lab in in_order():
        run = partial(targets.show_lab, lab.kind)
        yield Entry(f"lab {lab.kind}", lab.title, "Lab", run, "", lab.kind)


def _pages(targets: Targets) -> Iterator[Entry]:
    for page, title in pages().items():
        run = partial(targets.show_help, page)
        yield Entry(f"help {page}", title, "Help", run, "", page)


def _tokens(frame: Frame | None, targets: Targets) -> Iterator[Entry]:
    if frame is None:
        return
    texts = own_texts(frame.ids.tolist(), frame.names)
    for token, name in zip(texts, frame.names, strict=False):
        if name:
            run, text = partial(targets.choose_token, token), texts[token]
            yield Entry(f"token {text}", text, TOKEN, run)


def found(
    entries: Sequence[Entry], typed: str, recent: Sequence[str]
) -> list[tuple[Entry, Fit]]:
    """Return the entries that fit, the best first; those used lately before others.

    Without anything typed all but tokens, the latest used first.
    """
    ranks = {key: len(recent) - k for k, key in enumerate(recent)}
    out: list[tuple[float, int, Entry, Fit]] = []
    for place, entry in enumerate(entries):
        here = fit(typed, entry.text, f"{entry.kind} {entry.beside}")
        if here is None or (not typed.strip() and entry.kind == TOKEN):
            continue
        score = here.score + RECENT_BONUS * (entry.key in ranks)
        if not typed.strip():
            score = float(ranks.get(entry.key, 0))
        out.append((-score, place, entry, here))
    best = sorted(out, key=_order)[:MAX_SHOWN]
    return [(entry, here) for _, _, entry, here in best]


def _order(one: tuple[float, int, Entry, Fit]) -> tuple[float, int]:
    return one[0], one[1]
