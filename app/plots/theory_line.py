"""The line below a plot's name: what its dashed curve is, or what theory needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.plots.lane_samples import GAP_PX, LENGTH_PX, LaneSamples
from app.plots.lane_theory import statements
from app.plots.plot_area import DASHES
from app.widgets.elided_label import ElidedLabel
from app.widgets.line_sample import LineSample

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.plots.heading import Heading
    from app.plots.lane_theory import Statement
    from app.theme.palette import Theme

MAX_LINES = 2
SPACE_PX = 6  # between the dashes and what they are
NEEDS = "it needs "  # how most reasons of theory begin


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, and its lanes: none for all, or where it goes on."""

    text: str
    places: tuple[int, ...] = ()
    dashed: bool = False


class TheoryLine(QWidget):
    """Dashes with formula and source of theory, or the reasons why there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._dashes = LineSample(DASHES)
        self._labels = [ElidedLabel(role="small") for _ in range(MAX_LINES)]
        self._samples = [LaneSamples() for _ in self._labels]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_PX)
        row.addWidget(self._dashes, 0, Qt.AlignmentFlag.AlignTop)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        for label, samples in zip(self._labels, self._samples, strict=True):
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            line = QHBoxLayout()
            line.setSpacing(SPACE_PX)
            line.addWidget(samples)
            line.addWidget(label)
            lines.addLayout(line)
        row.addLayout(lines, 1)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return none: it is left out of a plot that becomes too low for it."""
        return QSize(0, 0)

    @property
    def text(self) -> str:
        """What is written, in lines."""
        return "\n".join(filter(None, (label.text() for label in self._labels)))

    @property
    def line_height(self) -> int:
        """The height of a line of text, in pixels."""
        return self._labels[0].fontMetrics().height()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme` for dashes."""
        self._dashes.set_colour(theme.text)
        for samples in self._samples:
            samples.set_theme(theme)

    def show_heading(
        self, heading: Heading, width: int, most: int, *, dashed: bool
    ) -> bool:
        """Show what `heading` says of theory; return whether there is anything.

        Parameters
        ----------
        heading : Heading
            Its source, or else what is missing; of several lanes each statement.
        width, most : int
            The room in pixels, and how many lines there may be; none at 0.
        dashed : bool
            Whether the curve of theory of a single run is drawn.
        """
        wide = self._labels[0].fontMetrics().horizontalAdvance
        if heading.lanes:
            rows = lane_rows(statements(heading.lanes), width, max(most, 1), wide)
        else:
            room = width - (self._dashes.sizeHint().width() + SPACE_PX) * dashed
            text = best(heading, room, most, wide)
            rows = [Line(line) for line in text.split("\n")]
        rows += [Line("")] * (MAX_LINES - len(rows))
        for label, samples, row in zip(self._labels, self._samples, rows, strict=True):
            label.setText(row.text)
            label.setFixedHeight(self.line_height)
            label.setVisible(bool(row.text))
            samples.show_lanes(row.places, dashed=row.dashed)
        self._dashes.setFixedHeight(self.line_height)
        self._dashes.setVisible(dashed and not heading.lanes)
        shown = any(row.text for row in rows) and most > 0
        self.setVisible(shown)
        return shown


def lane_rows(
    said: Sequence[Statement], width: int, most: int, wide: Callable[[str], int]
) -> list[Line]:
    """Return the lines of as many statements as there may be, from the first."""
    if not said:
        return []
    all_lanes = len(said) == 1 and not said[0].source
    if len(said) == 1:
        places = () if all_lanes else said[0].places
        text = best(said[0], width - samples_width(places), most, wide)
        first, *more = text.split("\n")
        return [Line(first, places, bool(said[0].source)), *map(Line, more)]
    return [
        Line(
            best(one, width - samples_width(one.places), 1, wide),
            one.places,
            bool(one.source),
        )
        for one in said[:most]
    ]


def samples_width(places: tuple[int, ...]) -> int:
    """Return the room of the samples of lanes, with the space after them."""
    return len(places) * (LENGTH_PX + GAP_PX) - GAP_PX + SPACE_PX if places else 0


def best(
    about: Heading | Statement, room: int, most: int, wide: Callable[[str], int]
) -> str:
    """Return the best of `in_lines` that fits, or the last."""
    texts = in_lines(about)
    return next((t for t in texts if fits(t, room, most, wide)), texts[-1])


def fits(text: str, room: int, most: int, wide: Callable[[str], int]) -> bool:
    """Return whether lines of text fit into `room` pixels and `most` lines."""
    lines = text.split("\n")
    return len(lines) <= most and all(wide(line) <= room for line in lines)


def in_lines(heading: Heading | Statement) -> list[str]:
    """Return what may be written, the best first; the last may be cut off.

    A reference is whole or left out: the rest of a number does not find it.
    """
    if heading.source:
        formula, _, reference = heading.source.rpartition(", ")
        return [heading.source, f"{formula}\n{reference}", formula]
    parts = said(heading.missing)
    first = parts[0] if parts else ""
    two = "\n".join([*parts[:1], "; ".join(parts[1:])]).strip()
    return ["; ".join(parts), two, f"{first}; …", first]


def said(reasons: Sequence[str]) -> list[str]:
    """Return why there is no theory, such as "theory needs β = 0, got 9": (k,)."""
    out = []
    for k, why in enumerate(dict.fromkeys(reasons)):
        if why.startswith(NEEDS):
            which = "another" if k else "theory"
            out.append(f"{which} needs {why.removeprefix(NEEDS)}")
        else:
            out.append(why if k else f"no theory: {why}")
    return out
