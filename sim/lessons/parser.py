"""Reads the Markdown of a lesson: front matter, and a section for each cue.

::

    ---
    title: Clusters
    number: 3
    ---

    ## Tokens merge at low β

    ```cue
    preset: collapse
    check: clusters(end) == 1
    ```

    What the audience reads.

    > What the speaker reads.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from sim.change_flags import FORMS
from sim.lessons.checking import PART
from sim.lessons.cue import Cue, Lesson
from sim.lessons.expression import CueExpression, read
from sim.lessons.faults import Fault
from sim.observables import Observable
from sim.settings.near_misses import did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

FENCE, CUE = "```", "```cue"
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")
TEXTS = ("question", "answer")
TIMED = {flag.removeprefix("--"): flag for flag in FORMS}
KEYS = (
    *("preset", "scenario", "set", "compare", *TIMED, "until", "at", "show"),
    *("curve", "page", "large", "tokens", "lab", "panels", "check", *TEXTS),
)
FRONT = ("title", "subject", "summary", "number")
LOOK = "look."


class _Reader:
    """Reads one file; gathers cues and faults."""

    def __init__(self, text: str, path: Path) -> None:
        self._path, self._lines = path, text.splitlines()
        self.faults: list[Fault] = []

    def fault(self, line: int, text: str) -> None:
        """Note what is wrong in a line."""
        self.faults.append(Fault(self._path.name, line, text))

    def front(self) -> tuple[dict[str, str], int]:
        """Return the front matter, and the line after it, counted from 0."""
        found: dict[str, str] = {}
        if not self._lines or self._lines[0].strip() != "---":
            self.fault(1, "no front matter. Begin with ---, title: …, and ---.")
            return found, 0
        for k, line in enumerate(self._lines[1:], 1):
            if line.strip() == "---":
                return found, k + 1
            key, colon, value = line.partition(":")
            if line.strip() and (not colon or key.strip() not in FRONT):
                near = did_you_mean(key.strip(), FRONT)
                self.fault(
                    k + 1, f"{line.strip()!r} is none of {', '.join(FRONT)}.{near}"
                )
            found[key.strip()] = value.strip()
        self.fault(1, "the front matter has no end. Close it with a line of ---.")
        return {}, 1

    def sections(self, start: int) -> list[tuple[str, int, list[str]]]:
        """Return title, line (from 1) and lines of every section."""
        out: list[tuple[str, int, list[str]]] = []
        fenced = False
        for k, line in enumerate(self._lines[start:], start):
            if line.startswith(FENCE):
                fenced = not fenced
            if line.startswith("## ") and not fenced:
                out.append((line[3:].strip(), k + 1, []))
            elif out:
                out[-1][2].append(line)
            elif line.strip():
                self.fault(k + 1, "text before the first cue. Put it below a ## title.")
        return out

    def cue(self, title: str, line: int, lines: list[str]) -> Cue:
        """Read one section; a broken line is left out, and noted."""
        fields: dict[str, Any] = {"folder": self._path.parent}
        text: list[str] = []
        notes: list[str] = []
        inside = False
        for at, here in enumerate(lines, line + 1):
            if inside:
                inside = not here.startswith(FENCE)
                if inside and here.strip():
                    self._key(fields, here, at)
            elif here.strip() == CUE:
                inside = True
            elif here.startswith(">"):
                notes.append(here.removeprefix(">").strip())
            else:
                text.append(self._without_picture(fields, here, at))
        if inside:
            self.fault(line, f"its ```cue block has no end. Close it with {FENCE}.")
        if not title:
            self.fault(line, "a cue without a title. Write ## and its title.")
        cue = Cue(title, line, _joined(text), _joined(notes), **fields)
        self._check_whole(cue)
        return cue

    def _without_picture(self, fields: dict[str, Any], here: str, at: int) -> str:
        found = PICTURE.search(here)
        if found is None:
            return here
        path = self._path.parent / found[1]
        if path.is_file():
            fields["picture"] = path
        else:
            self.fault(
                at, f"there is no picture {found[1]!r} beside the lesson. Put it there."
            )
        return PICTURE.sub("", here)

    def _key(self, fields: dict[str, Any], here: str, at: int) -> None:
        key, colon, value = (part.strip() for part in here.partition(":"))
        if not colon or key not in KEYS:
            near = did_you_mean(key, KEYS)
            self.fault(at, f"{key!r} is no key of a cue.{near} Known: {_known()}.")
            return
        try:
            _take(fields, key, value, at)
        except ValueError as error:
            self.fault(at, str(error))

    def _check_whole(self, cue: Cue) -> None:
        """Note what does not fit together, or cannot be run."""
        if cue.question and not (cue.checks and cue.answer):
            self.fault(
                cue.line,
                "a question needs answer: with an {expression}, and check: that holds.",
            )
        elif cue.answer and not PART.search(cue.answer):
            self.fault(
                cue.line,
                "the answer is typed, not computed. Give an expression in {braces}.",
            )
        try:
            _ = cue.made_lab if cue.lab else cue.comparison
        except (KeyError, ValueError, OSError) as error:
            self.fault(cue.line, f"it has no run: {error.args[0] or error}")


def parsed_lesson(text: str, path: Path) -> Lesson:
    """Return the lesson of a text, with all that is wrong with it."""
    reader = _Reader(text, path)
    front, start = reader.front()
    cues = tuple(reader.cue(*section) for section in reader.sections(start))
    return _lesson(reader, path, front, cues)


def parsed_heading(text: str, path: Path) -> Lesson:
    """Return the lesson of a text without its cues, of which a list says nothing."""
    reader = _Reader(text, path)
    return _lesson(reader, path, reader.front()[0], ())


def _lesson(
    reader: _Reader, path: Path, front: dict[str, str], cues: tuple[Cue, ...]
) -> Lesson:
    number = front.get("number", "0")
    if not number.isdecimal():
        reader.fault(1, f"number must be a whole number, got {number!r}.")
    if not front.get("title"):
        reader.fault(1, "the lesson has no title. Write title: … in front matter.")
    faults = sorted(reader.faults, key=_line)
    return Lesson(
        path,
        front.get("title") or path.stem,
        front.get("subject", ""),
        front.get("summary", ""),
        int(number) if number.isdecimal() else 0,
        cues,
        tuple(faults),
    )


def _line(fault: Fault) -> int:
    return fault.line


def _known() -> str:
    return ", ".join(KEYS)


def _take(fields: dict[str, Any], key: str, value: str, at: int) -> None:
    """Take a line of a cue block.

    Raises
    ------
    ValueError
        If its value has not the form of its key; says which it has.
    """
    if not value:
        raise ValueError(f"{key}: has no value.")
    if key in TIMED:
        fields["timed"] = (*fields.get("timed", ()), (TIMED[key], *value.split()))
        if len(value.split()) != len(FORMS[TIMED[key]]):
            raise ValueError(f"{key}: is used as {' '.join(FORMS[TIMED[key]])}.")
    elif key in ("preset", "scenario"):
        fields["base"] = value
    elif key in ("set", "show"):
        _take_settings(fields, key, value)
    elif key == "compare":
        fields["over"] = (*fields.get("over", ()), value)
    elif key in ("until", "at"):
        fields[key] = _number(key, value)
    elif key in ("tokens", "panels"):
        fields[key] = tuple(_counted(key, part) for part in value.split(","))
    elif key == "large":
        fields[key] = _yes(key, value)
    elif key == "check":
        fields["checks"] = (*fields.get("checks", ()), read(value, at))
    elif key == "curve" and value not in Observable.kinds():
        near = did_you_mean(value, Observable.kinds())
        raise ValueError(f"curve: there is no observable {value!r}.{near}")
    else:
        if key == "answer":
            for found in PART.finditer(value):
                CueExpression(found[1]).tree  # noqa: B018 - refuses what is no expression
        fields[key] = value


def _take_settings(fields: dict[str, Any], key: str, value: str) -> None:
    for part in value.split():
        path, equals, setting = part.partition("=")
        if not equals:
            raise ValueError(f"{key}: needs PATH=VALUE, got {part!r}.")
        if key == "show":
            path = path if path.startswith(LOOK) else LOOK + path
        group = "look" if path.startswith(LOOK) else "settings"
        fields[group] = {**fields.get(group, {}), path: setting}


def _number(key: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise ValueError(f"{key}: must be a number, 0 or more; got {value!r}.")
    return number


def _yes(key: str, value: str) -> bool:
    if value not in ("yes", "no"):
        raise ValueError(f"{key}: is yes or no, got {value!r}.")
    return value == "yes"


def _counted(key: str, value: str) -> int:
    number = value.strip()
    if not number.isdecimal() or int(number) < 1:
        raise ValueError(f"{key}: counts from 1, such as 1,3; got {number!r}.")
    return int(number)


def _joined(lines: list[str]) -> str:
    """Return lines as paragraphs."""
    text = "\n".join(line.rstrip() for line in lines).strip()
    paragraphs = re.split(r"\n\s*\n", text)
    return "\n\n".join(" ".join(part.split()) for part in paragraphs if part.strip())
