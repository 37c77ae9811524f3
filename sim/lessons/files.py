"""Reads lessons from files: those of the program, and a user's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sim.lessons.parser import parsed_heading, parsed_lesson
from sim.resources import asset

if TYPE_CHECKING:
    from sim.lessons.cue import Lesson

MAX_BYTES = 1_000_000  # of a lesson
SUFFIX = ".md"


def read_lesson(path: str | Path) -> Lesson:
    """Read a lesson; what is wrong with it are its faults.

    Raises
    ------
    OSError, ValueError
        If the file cannot be read, or is no lesson at all.
    """
    path = Path(path)
    lesson = parsed_lesson(_text(path), path)
    if not lesson.cues:
        raise ValueError(
            f"{path.name}: a lesson has cues, each below a line such as "
            "'## A title'; there is none. See the help page on lessons."
        )
    return lesson


def _text(path: Path) -> str:
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(
            f"{path.name}: a lesson has up to {MAX_BYTES:,} bytes. Is it text?"
        )
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path.name}: a lesson is UTF-8 text. Save it so.") from None


def lesson_paths() -> dict[str, Path]:
    """Return the files of the shipped lessons, by name."""
    return {p.stem: p for p in sorted(asset("lessons").glob(f"*{SUFFIX}"))}


@cache
def shipped_lessons() -> tuple[Lesson, ...]:
    """Return the shipped lessons in their order, without their cues."""
    found = [parsed_heading(_text(path), path) for path in lesson_paths().values()]
    return tuple(sorted(found, key=_number))


def _number(lesson: Lesson) -> int:
    return lesson.number


def lesson_file(name: str) -> Path | None:
    """Return the file of a lesson, by path, name or number; None if there is none."""
    path = Path(name).expanduser()
    if path.suffix == SUFFIX and path.is_file():
        return path
    known = lesson_paths()
    if name.isdecimal():
        return next((p for k, p in known.items() if k.startswith(f"{name}-")), None)
    return known.get(name) or next(
        (p for k, p in known.items() if k.partition("-")[2] == name), None
    )
