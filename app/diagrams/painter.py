"""Draws a phase diagram: cells, axes, curves of theory, and a colour scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt

from app.annotations.number_format import general
from app.diagrams.places import curve_inside, shares
from app.figures import parts
from app.figures.image_painter import image_of
from app.figures.ticks import ticks
from app.labs.heat import coloured
from app.labs.ink import SMALL, Ink
from sim.observables import Observable
from sim.settings.knobs import get, knob_of
from sim.sweeps.diagram import TIME
from sim.sweeps.first_passage import PASSAGES

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from sim.array_types import Floats
    from sim.sweeps.diagram import Axis, Diagram, Place
    from sim.sweeps.diagram_theory import Line

TICKS = 7  # along an axis, at most
LONG = 20.0  # ratio of the ends of an axis that has decades
EVEN = 1e-6  # of a step: how far steps that are equal may differ
PIXELS = 8  # of the picture of cells, along a side of a cell
SCALE = 9.0  # length of the colour scale, in letters


@dataclass(frozen=True, eq=False)
class Shown:
    """A diagram with its means so far, (rows, columns), and curves of theory.

    Until it is `complete`, a coarse cell stands for those beside it.
    """

    diagram: Diagram
    means: Floats
    lines: tuple[Line, ...] = ()
    complete: bool = False


def axis_label(axis: Axis, diagram: Diagram) -> str:
    """Return the name of an axis: the letter of its setting, or t."""
    if axis.path == TIME:
        return "time t"
    above, _, name = axis.path.rpartition(".")
    owner = get(diagram.scenario, above) if above else diagram.scenario
    return knob_of(type(owner), name).label


def measure_label(diagram: Diagram) -> str:
    """Return the name of what cells show."""
    kind = diagram.measure
    if kind in PASSAGES:
        return kind.replace("_", " ").capitalize()
    return Observable.member(kind, "measure").label


def cells_box(box: QRectF, ink: Ink) -> QRectF:
    """Return where the cells are inside `box`."""
    left, foot = 4.2 * ink.letter, 2.6 * ink.line
    return box.adjusted(left, 1.7 * ink.line, -ink.letter, -foot)


def place_at(shown: Shown, box: QRectF, ink: Ink, at: QPointF) -> Place | None:
    """Return the column and the row of the cell at a point; None outside."""
    cells = cells_box(box, ink)
    if not cells.contains(at):
        return None
    rows, columns = shown.means.shape
    i = int((at.x() - cells.left()) / cells.width() * columns)
    j = int((cells.bottom() - at.y()) / cells.height() * rows)
    return min(i, columns - 1), min(j, rows - 1)


def paint_diagram(p: QPainter, shown: Shown, box: QRectF, ink: Ink) -> None:
    """Draw `shown` inside `box`."""
    cells = cells_box(box, ink)
    diagram = shown.diagram
    means = shown.means if shown.complete else diagram.coarsened(shown.means)
    pixels, low, high = coloured(means, ink)
    enlarged = pixels[::-1].repeat(PIXELS, 0).repeat(PIXELS, 1)
    p.drawImage(cells, image_of(np.ascontiguousarray(enlarged)))
    p.setPen(ink.pen(ink.theme.muted, 0.08))
    p.drawRect(cells)
    _draw_ticks(p, shown, cells, ink)
    p.setBrush(Qt.BrushStyle.NoBrush)
    for _, xs, ys in shown.lines:
        curve = curve_inside(shares(diagram.x, xs), shares(diagram.y, ys), cells)
        p.setPen(ink.pen(ink.theme.canvas, 0.42))
        p.drawPath(curve)
        p.setPen(ink.pen(ink.theme.accent, 0.2, dashed=True))
        p.drawPath(curve)
    _draw_head(p, shown, (low, high), cells, ink)


def _draw_ticks(p: QPainter, shown: Shown, cells: QRectF, ink: Ink) -> None:
    diagram, muted = shown.diagram, ink.theme.muted
    x, y = diagram.x, diagram.y
    below = cells.bottom() + 0.6 * ink.line
    for share, text in _ticks(x):
        at = cells.left() + share * cells.width()
        p.drawLine(QPointF(at, cells.bottom()), QPointF(at, cells.bottom() + 3))
        ink.text(p, text, (at, below), muted, size=SMALL, align=0.5)
    at = (cells.center().x(), below + ink.line)
    ink.text(p, axis_label(x, diagram), at, ink.theme.text, align=0.5)
    for share, text in _ticks(y):
        here = cells.bottom() - share * cells.height()
        p.drawLine(QPointF(cells.left() - 3, here), QPointF(cells.left(), here))
        at = (cells.left() - 0.5 * ink.letter, here)
        ink.text(p, text, at, muted, size=SMALL, align=1.0)
    at = (cells.left() - 3.5 * ink.letter, cells.center().y())
    ink.text(p, axis_label(y, diagram), at, ink.theme.text, align=0.5, angle=-90)


def _draw_head(
    p: QPainter, shown: Shown, ends: tuple[float, float], cells: QRectF, ink: Ink
) -> None:
    """Draw what cells show, the colour scale, and what curves are."""
    x, y = cells.left(), cells.top() - 0.8 * ink.line
    name = measure_label(shown.diagram)
    ink.text(p, name, (x, y))
    x += ink.width(name) + ink.letter
    ramp, _, _ = coloured(np.linspace(*ends, 256)[None], ink)
    for k, end in enumerate(ends):
        text = general(end, 3)
        ink.text(p, text, (x, y), ink.theme.muted, size=SMALL)
        x += ink.width(text, SMALL) + 0.5 * ink.letter
        if k == 0:
            high = 0.6 * ink.letter
            bar = QRectF(x, y - high / 2, SCALE * ink.letter, high)
            p.drawImage(bar, image_of(ramp))
            x += (SCALE + 0.5) * ink.letter
    for name, _, _ in shown.lines:
        x += ink.letter
        p.setPen(ink.pen(ink.theme.accent, 0.2, dashed=True))
        p.drawLine(QPointF(x, y), QPointF(x + 2.4 * ink.letter, y))
        x += 2.9 * ink.letter
        text = ink.fitting(name, max(0.0, cells.right() - x), SMALL)
        ink.text(p, text, (x, y), ink.theme.text, size=SMALL)
        x += ink.width(text, SMALL)


def _ticks(axis: Axis) -> list[tuple[float, str]]:
    """Return round numbers between the ends of an axis: where they are, and texts."""
    low, high = axis.values[0], axis.values[-1]
    log = low > 0 and high / low >= LONG and _spread(np.log(axis.values))
    found = ticks(parts.Axis("", (low, high), log=log), TICKS)
    at = shares(axis, [value for value, _ in found])
    return [*zip(at.tolist(), [text for _, text in found], strict=True)]


def _spread(numbers: Floats) -> bool:
    """Whether numbers are at equal distances."""
    steps = np.diff(numbers)
    return bool(np.ptp(steps) <= EVEN * steps.mean())
