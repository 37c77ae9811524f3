"""A lesson and its cues, as they are read from a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sim.change_flags import changes_in_time
from sim.labs import Lab
from sim.lanes import Comparison, compare, lanes_from_plain
from sim.loading import open_with_window
from sim.resources import preset, presets
from sim.scenario import edit
from sim.scenario_format import LANES
from sim.schedule import Run, with_changes
from sim.settings.near_misses import did_you_mean
from sim.settings.serialise import edited
from sim.settings.value_lists import values_by_path

if TYPE_CHECKING:
    from typing import Any

    from sim.lessons.expression import CueExpression
    from sim.lessons.faults import Fault

OPENING = "opening"  # the preset of a cue that names none


@dataclass(frozen=True)
class Cue:
    """One step of a lesson: a run or a lab, what is said, and what is checked.

    Attributes
    ----------
    title, text, notes : str
        A heading, what the audience reads, and what the speaker reads.
    line : int
        Where it begins in its file.
    base : str
        The name of a preset, or a file beside the lesson.
    settings, look : dict of str to str
        Settings at the start, by path; and settings of the look, with ``look.``.
    over : tuple of str
        Settings with several values, a lane each, as for ``--compare``.
    timed : tuple
        Changes in time, as the flags of the command line give them.
    until : float, optional
        The end of the run; by default its own.
    at : float
        The time at which it is shown first.
    curve, page : str
        The observable that is plotted, and the panel on show.
    large : bool
        Whether the panel is as large as the picture.
    tokens : tuple of int
        Chosen tokens, counted from 1.
    lab : str
        The lab that is shown in place of a run.
    panels : tuple of int
        Which of its panels a presentation shows first, counted from 1.
    picture : Path, optional
        A picture beside the lesson.
    question, answer : str
        A question to predict the run by; and its answer, with ``{expressions}``.
    checks : tuple of CueExpression
        What must hold of the run.
    """

    title: str
    line: int
    text: str = ""
    notes: str = ""
    folder: Path = field(default_factory=Path)
    base: str = OPENING
    settings: dict[str, str] = field(default_factory=dict)
    look: dict[str, str] = field(default_factory=dict)
    over: tuple[str, ...] = ()
    timed: tuple[tuple[str, ...], ...] = ()
    until: float | None = None
    at: float = 0.0
    curve: str = ""
    page: str = ""
    large: bool = False
    tokens: tuple[int, ...] = ()
    lab: str = ""
    panels: tuple[int, ...] = ()
    picture: Path | None = None
    question: str = ""
    answer: str = ""
    checks: tuple[CueExpression, ...] = ()

    @cached_property
    def _file(self) -> tuple[Run, dict[str, Any]]:
        return open_with_window(_located(self.base, self.folder), report=_ignore)

    @property
    def window(self) -> dict[str, Any]:
        """How the preset or file is looked at, as plain data, without its lanes."""
        return {key: part for key, part in self._file[1].items() if key != LANES}

    @cached_property
    def comparison(self) -> Comparison:
        """The run, or the runs side by side.

        Raises
        ------
        KeyError, ValueError, OSError
            If there is no such preset or file, or a setting or a change does not apply.
        """
        run, beside = self._file
        lanes = lanes_from_plain(run, beside)
        kept = lanes.runs[:1] if self.over else lanes.runs
        own = dict(self.settings)
        if self.until is not None:
            own["duration"] = f"{self.until:g}"
        runs = [Run(edit(r.start, own), r.changes) for r in kept]
        if self.over:
            runs = list(compare(runs[0], values_by_path(self.over, "compare")).runs)
        timed = changes_in_time(self.timed)
        forks = () if self.over else lanes.forks
        return Comparison(tuple(with_changes(r, timed) for r in runs), forks)

    @cached_property
    def made_lab(self) -> Lab:
        """The lab with its settings.

        Raises
        ------
        KeyError, ValueError
            If there is no such lab or setting.
        """
        return edited(Lab.member(self.lab, "lab")(), self.settings)

    @property
    def end(self) -> float:
        """The end of the run; 0 of a lab."""
        return 0.0 if self.lab else self.comparison.first.start.duration


@dataclass(frozen=True)
class Lesson:
    """Cues under a title, and what is wrong with their file.

    Attributes
    ----------
    path : Path
        The file.
    title, subject, summary : str
        Its name, what it belongs to in a list, and a sentence.
    number : int
        Its place in a list.
    cues : tuple of Cue
        Those that can be shown; a cue whose run is broken is shown without one.
    faults : tuple of Fault
        What is wrong, in the order of lines.
    """

    path: Path
    title: str
    subject: str = ""
    summary: str = ""
    number: int = 0
    cues: tuple[Cue, ...] = ()
    faults: tuple[Fault, ...] = ()


def _located(base: str, folder: Path) -> Path:
    """Return the file of a preset's name, or the one beside the lesson."""
    beside = folder / base
    if beside.is_file():
        return beside
    if (found := preset(base)) is not None:
        return found
    raise ValueError(
        f"there is no preset {base!r}, and no such file beside the lesson."
        f"{did_you_mean(base, presets())} Give the name of a preset or a .json file."
    )


def _ignore(_message: str) -> None:
    """Say nothing."""
