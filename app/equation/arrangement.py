"""Places the lines of a formula: equations large, definitions below them in rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

if TYPE_CHECKING:
    from collections.abc import Sequence

# Lengths are pixels at scale 1, factors pixels per unit of a drawing.
EQUATION, DEFINITION = 2.6, 1.35  # the largest factors
SMALLEST = 0.7  # factor of a definition, which a person near the screen can read
STEPS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)  # tried one after the other, until all fit
ROW_GAP, PART_GAP, COLUMN_GAP = 12.0, 18.0, 38.0  # rows, equations and the rest, parts


@dataclass(frozen=True)
class Place:
    """Where a line goes: its number, its box, and pixels per unit of its drawing."""

    line: int
    box: QRectF
    factor: float

    def moved(self, by: QPointF) -> Place:
        """Return the place shifted."""
        return replace(self, box=self.box.translated(by))


@dataclass(frozen=True)
class Arrangement:
    """The places of the lines that are shown, and the height that they take.

    Attributes
    ----------
    left_out : int
        How many definitions, the last of them, have no room.
    """

    places: tuple[Place, ...] = ()
    height: float = 0.0
    left_out: int = 0


def arranged(
    equations: Sequence[QRectF],
    definitions: Sequence[QRectF],
    room: tuple[float, float],
    scale: float,
) -> Arrangement:
    """Return the places of lines, given the boxes of their drawings.

    They are as large as fits `room`, a width and a height; if the smallest are still
    too high, definitions are left out, from the last.
    """
    width, height = room
    found = Arrangement()
    for step in STEPS:
        found = _rows(equations, definitions, width, scale * step)
        if found.height <= height:
            return found
    for kept in range(len(definitions) - 1, -1, -1):
        some = _rows(equations, definitions[:kept], width, scale * STEPS[-1])
        found = Arrangement(some.places, some.height, len(definitions) - kept)
        if found.height <= height:
            break
    return found


def _rows(
    equations: Sequence[QRectF],
    definitions: Sequence[QRectF],
    width: float,
    scale: float,
) -> Arrangement:
    widest = max((box.width() for box in equations), default=1.0)
    large = min(EQUATION * scale, width / widest)
    small = max(min(DEFINITION * scale, large), SMALLEST)
    rows = [[(k, large)] for k in range(len(equations))]
    row: list[tuple[int, float]] = []
    boxes, used = [*equations, *definitions], 0.0
    for k, box in enumerate(definitions, start=len(equations)):
        factor = min(small, width / max(box.width(), 1.0))
        wide = box.width() * factor
        if row and used + COLUMN_GAP * scale + wide <= width:
            used += COLUMN_GAP * scale + wide
        else:
            row, used = [], wide
            rows.append(row)
        row.append((k, factor))
    return _stacked(rows, boxes, len(equations), width, scale)


def _stacked(
    rows: Sequence[Sequence[tuple[int, float]]],
    boxes: Sequence[QRectF],
    equations: int,
    width: float,
    scale: float,
) -> Arrangement:
    """Return rows below one another, each in the middle, its parts on one baseline."""
    places: list[Place] = []
    top = 0.0
    for number, row in enumerate(rows):
        if number:
            top += (PART_GAP if number == equations else ROW_GAP) * scale
        gaps = COLUMN_GAP * scale * (len(row) - 1)
        x = (width - gaps - sum(boxes[k].width() * f for k, f in row)) / 2
        baseline = top + max(-boxes[k].top() * f for k, f in row)
        for k, f in row:
            box = boxes[k]
            corner = QPointF(x, baseline + box.top() * f)
            places.append(Place(k, QRectF(corner, box.size() * f), f))
            x += box.width() * f + COLUMN_GAP * scale
        top = baseline + max(boxes[k].bottom() * f for k, f in row)
    return Arrangement(tuple(places), top)
