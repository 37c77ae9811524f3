"""Draws a plate: its panels beside and below each other, its texts at the foot."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from app.labs.chart import draw_chart, point_text
from app.labs.heat import cell_text, draw_heat
from app.labs.legend import Series, legend_lines
from sim.plate import HeatMap, Text

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from app.labs.ink import Ink
    from sim.plate import Panel, Plate

ASPECT, SQUARE = 1.55, 1.05  # of a panel: width in heights, if it can be chosen
BOLD = 0.95  # of the room, for letters that are broken as if they were not bold
GAP = 1.1  # between panels, in letters
TEXT_SIZES = (1.5, 1.25, 1.0, 0.85, 0.7, 0.55)  # of a panel of texts, in letters
LEAST_TITLE = 0.75  # size of a long title, in letters
EMPTY_COST = 0.6  # of a place without a panel, beside a wrong aspect
TIGHT_COST = 10.0  # of panels that are smaller than their letters need
MAX_TITLE = 2  # lines of a title


def paint_plate(
    p: QPainter, plate: Plate, box: QRectF, ink: Ink, alone: int | None = None
) -> None:
    """Draw `plate` so that it fills `box`; or the panel `alone` of it, large."""
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    for panel, place in zip(plate.panels, places(plate, box, ink, alone), strict=True):
        if not place.isEmpty():
            _draw_panel(p, panel, place, _leaving_room(ink, place))
    _draw_texts(p, plate, box, ink)


def places(
    plate: Plate, box: QRectF, ink: Ink, alone: int | None = None
) -> list[QRectF]:
    """Return the rectangle of every panel; empty where another is shown alone."""
    count, gap = len(plate.panels), GAP * ink.letter
    lines = len(text_lines(plate, box, ink))
    room = QRectF(box)
    room.setBottom(box.bottom() - lines * ink.line - (ink.letter if lines else 0))
    if alone is not None:
        return [room if k == alone else QRectF() for k in range(count)]
    wanted = sum(map(_aspect, plate.panels)) / count
    fits = capacity(plate, room, ink) if ink.hall else None
    across = columns_for(count, room.width() / max(room.height(), 1.0), wanted, fits)
    down = math.ceil(count / across)
    tall = (room.height() - gap * (down - 1)) / down
    out = []
    for k in range(count):
        row, place = divmod(k, across)
        here = min(across, count - row * across)
        wide = (room.width() - gap * (here - 1)) / here
        left, top = room.left() + place * (wide + gap), room.top() + row * (tall + gap)
        out.append(QRectF(left, top, wide, tall))
    return out


def capacity(plate: Plate, box: QRectF, ink: Ink) -> tuple[int, int]:
    """Return how many panels fit beside and below each other with whole letters."""
    gap = GAP * ink.letter
    wide, tall = ink.room[0] * ink.letter + gap, panel_height(plate, box, ink) + gap
    across, down = (box.width() + gap) / wide, (box.height() + gap) / tall
    return max(int(across), 1), max(int(down), 1)


def value_text(panel: Panel, box: QRectF, ink: Ink, at: QPointF) -> str:
    """Return the number that `panel`, drawn in `box`, shows at a place; or nothing."""
    ink = _leaving_room(ink, box)
    below = _below_title(panel, box, ink)
    heat = next((i for i in panel.items if isinstance(i, HeatMap)), None)
    if heat is not None:
        return cell_text(panel, heat, below, ink, at)
    return "" if only_texts(panel) else point_text(panel, below, ink, at)


def _leaving_room(ink: Ink, box: QRectF) -> Ink:
    """Return ink whose letters leave room for what a panel shows."""
    wide, tall = ink.room
    most = min(box.height() / tall, box.width() / wide)
    return replace(ink, letter=min(ink.letter, most))


def _aspect(panel: Panel) -> float:
    square = any(isinstance(i, HeatMap) and i.is_picture for i in panel.items)
    return SQUARE if square or panel.equal else ASPECT


def columns_for(
    count: int,
    aspect: float,
    wanted: float = ASPECT,
    fits: tuple[int, int] | None = None,
) -> int:
    """Return how many panels stand beside each other in a box of that aspect.

    `fits` is how many there is room for beside and below each other.
    """

    def cost(across: int) -> float:
        down = math.ceil(count / across)
        wrong = abs(math.log(aspect * down / across / wanted))
        tight = fits is not None and (across > fits[0] or down > fits[1])
        return (
            wrong + EMPTY_COST * (across * down - count) / across + TIGHT_COST * tight
        )

    return min(range(1, count + 1), key=cost)


def _draw_panel(p: QPainter, panel: Panel, box: QRectF, ink: Ink) -> None:
    lines, size = _title(panel, box, ink)
    for k, line in enumerate(lines):
        at = (box.left(), box.top() + (k + 0.5) * ink.line)
        ink.text(p, line, at, size=size, strong=True)
    below = _below_title(panel, box, ink)
    heat = next((i for i in panel.items if isinstance(i, HeatMap)), None)
    if heat is not None:
        draw_heat(p, panel, heat, below, ink)
    elif only_texts(panel):
        _draw_lines(p, panel, below, ink)
    else:
        draw_chart(p, panel, below, ink)


def _title(panel: Panel, box: QRectF, ink: Ink) -> tuple[list[str], float]:
    """Return the title in lines, and its size: smaller if it is long, then broken."""
    room = 0.98 * box.width()
    size = min(1.0, room / max(ink.width(panel.title, strong=True), 1.0))
    size = max(size, ink.least(LEAST_TITLE))
    if ink.width(panel.title, size, strong=True) <= room:
        return [panel.title], size
    lines = ink.broken(panel.title, BOLD * room, size)
    if len(lines) > MAX_TITLE:
        lines = [*lines[: MAX_TITLE - 1], " ".join(lines[MAX_TITLE - 1 :])]
    return [ink.fitting(line, BOLD * room, size) for line in lines], size


def heading_lines(panel: Panel, box: QRectF, ink: Ink) -> int:
    """Return how many lines title and legend have beyond one."""
    series = [i for i in panel.items if isinstance(i, Series)]
    return len(_title(panel, box, ink)[0]) - 1 + legend_lines(series, box, ink)


def _below_title(panel: Panel, box: QRectF, ink: Ink) -> QRectF:
    lines = len(_title(panel, box, ink)[0])
    return box.adjusted(0, lines * ink.line, 0, 0)


def only_texts(panel: Panel) -> bool:
    return all(isinstance(item, Text) for item in panel.items)


def _draw_lines(p: QPainter, panel: Panel, box: QRectF, ink: Ink) -> None:
    """Write the texts of a panel below each other, as large as there is room."""
    texts = [item.text for item in panel.items if isinstance(item, Text)]
    size, lines = 1.0, texts
    for size in (s for s in TEXT_SIZES if s >= ink.least(0.0)):
        lines = [line for t in texts for line in ink.broken(t, box.width(), size)]
        if len(lines) * ink.line * size <= box.height():
            break
    for k, line in enumerate(lines):
        at = (box.left(), box.top() + (k + 0.5) * ink.line * size)
        ink.text(p, line, at, size=size)


def texts_fit(panel: Panel, box: QRectF, ink: Ink) -> bool:
    """Return whether the texts of a panel fit in `box` with whole letters."""
    texts = [item.text for item in panel.items if isinstance(item, Text)]
    lines = sum(len(ink.broken(text, box.width())) for text in texts)
    return lines * ink.line <= _below_title(panel, box, ink).height()


def foot_texts(plate: Plate) -> list[str]:
    """Return the texts that stand at the foot of a plate."""
    return [
        item.text
        for panel in plate.panels
        if not only_texts(panel)
        for item in panel.items
        if isinstance(item, Text)
    ]


def text_lines(plate: Plate, box: QRectF, ink: Ink) -> list[str]:
    """Return the lines at the foot; none in a hall where the panels need the room."""
    lines = [line for t in foot_texts(plate) for line in ink.broken(t, box.width())]
    left = box.height() - len(lines) * ink.line - ink.letter
    return [] if ink.hall and left < panel_height(plate, box, ink) else lines


def panel_height(plate: Plate, box: QRectF, ink: Ink) -> float:
    """Return the height of panels with whole letters, two beside each other."""
    half = box.adjusted(0, 0, -box.width() / 2, 0)
    more = max(heading_lines(panel, half, ink) for panel in plate.panels)
    return ink.room[1] * ink.letter + more * ink.line


def _draw_texts(p: QPainter, plate: Plate, box: QRectF, ink: Ink) -> None:
    lines = text_lines(plate, box, ink)
    top = box.bottom() - len(lines) * ink.line
    for k, line in enumerate(lines):
        ink.text(p, line, (box.left(), top + (k + 0.5) * ink.line))
