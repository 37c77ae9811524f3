"""The line below a plot's name: what its dashed curve is, or what theory needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.plots.plot_area import DASHES
from app.widgets.elided_label import ElidedLabel
from app.widgets.line_sample import LineSample

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.plots.heading import Heading

MAX_LINES = 2
SPACE_PX = 6  # between the dashes and what they are
NEEDS = "it needs "  # how most reasons of theory begin


class TheoryLine(QWidget):
    """Dashes with formula and source of theory, or the reasons why there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._dashes = LineSample(DASHES)
        self._labels = [ElidedLabel(role="small") for _ in range(MAX_LINES)]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_PX)
        row.addWidget(self._dashes, 0, Qt.AlignmentFlag.AlignTop)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        for label in self._labels:
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            lines.addWidget(label)
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

    def set_colour(self, colour: str) -> None:
        """Set the colour of the dashes."""
        self._dashes.set_colour(colour)

    def show_heading(
        self, heading: Heading, width: int, most: int, *, dashed: bool
    ) -> bool:
        """Show what `heading` says of theory; return whether there is anything.

        Parameters
        ----------
        heading : Heading
            Its source, or else what is missing.
        width, most : int
            The room in pixels, and how many lines there may be; none at 0.
        dashed : bool
            Whether the curve of theory is drawn.
        """
        wide = self._labels[0].fontMetrics().horizontalAdvance
        room = width - (self._dashes.sizeHint().width() + SPACE_PX) * dashed
        texts = in_lines(heading)
        fitting = [t for t in texts if fits(t, room, most, wide)]
        text = fitting[0] if fitting else texts[-1]
        first, _, second = text.partition("\n")
        for label, line in zip(self._labels, (first, second), strict=True):
            label.setText(line)
            label.setFixedHeight(self.line_height)
            label.setVisible(bool(line))
        self._dashes.setFixedHeight(self.line_height)
        self._dashes.setVisible(dashed)
        shown = bool(text) and most > 0
        self.setVisible(shown)
        return shown


def fits(text: str, room: int, most: int, wide: Callable[[str], int]) -> bool:
    """Return whether lines of text fit into `room` pixels and `most` lines."""
    lines = text.split("\n")
    return len(lines) <= most and all(wide(line) <= room for line in lines)


def in_lines(heading: Heading) -> list[str]:
    """Return what may be written, the best first; the last may be cut off."""
    if heading.source:
        formula, _, reference = heading.source.rpartition(", ")
        return [heading.source, f"{formula}\n{reference}", heading.source]
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
