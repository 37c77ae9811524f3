"""Draws a plate: its panels beside and below each other, its texts at the foot."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from app.labs.chart import draw_chart, point_text
from app.labs.heat import cell_text, draw_heat
from app.labs.ink import Ink
from sim.plate import HeatMap, Text

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from sim.plate import Panel, Plate

ASPECT, SQUARE = 1.55, 1.05  # of a panel: width in heights, if it can be chosen
GAP = 1.1  # between panels, in letters
LEAST_ROOM = (15.0, 10.5)  # width and height of a panel, in letters
TEXT_SIZES = (1.5, 1.25, 1.0, 0.85, 0.7, 0.55)  # of a panel of texts, in letters
LEAST_TITLE = 0.75  # size of a long title, in letters
EMPTY_COST = 0.6  # of a place without a panel, beside a wrong aspect


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
    lines = len(_text_lines(plate, box, ink))
    room = QRectF(box)
    room.setBottom(box.bottom() - lines * ink.line - (ink.letter if lines else 0))
    if alone is not None:
        return [room if k == alone else QRectF() for k in range(count)]
    wanted = sum(map(_aspect, plate.panels)) / count
    across = columns_for(count, room.width() / max(room.height(), 1.0), wanted)
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


def value_text(panel: Panel, box: QRectF, ink: Ink, at: QPointF) -> str:
    """Return the number that `panel`, drawn in `box`, shows at a place; or nothing."""
    ink = _leaving_room(ink, box)
    below = QRectF(box)
    below.setTop(box.top() + ink.line)
    heat = next((i for i in panel.items if isinstance(i, HeatMap)), None)
    if heat is not None:
        return cell_text(panel, heat, below, ink, at)
    return "" if _only_texts(panel) else point_text(panel, below, ink, at)


def _leaving_room(ink: Ink, box: QRectF) -> Ink:
    """Return ink whose letters leave room for what a panel shows."""
    most = min(box.height() / LEAST_ROOM[1], box.width() / LEAST_ROOM[0])
    return Ink(ink.theme, min(ink.letter, most))


def _aspect(panel: Panel) -> float:
    square = any(isinstance(i, HeatMap) and i.is_picture for i in panel.items)
    return SQUARE if square or panel.equal else ASPECT


def columns_for(count: int, aspect: float, wanted: float = ASPECT) -> int:
    """Return how many panels stand beside each other in a box of that aspect."""

    def cost(across: int) -> float:
        down = math.ceil(count / across)
        wrong = abs(math.log(aspect * down / across / wanted))
        return wrong + EMPTY_COST * (across * down - count) / across

    return min(range(1, count + 1), key=cost)


def _draw_panel(p: QPainter, panel: Panel, box: QRectF, ink: Ink) -> None:
    room = 0.98 * box.width()
    size = min(1.0, room / max(ink.width(panel.title, strong=True), 1.0))
    size = max(size, LEAST_TITLE)
    title = ink.fitting(panel.title, 0.95 * room, size)
    at = (box.left(), box.top() + ink.line / 2)
    ink.text(p, title, at, size=size, strong=True)
    below = QRectF(box)
    below.setTop(box.top() + ink.line)
    heat = next((i for i in panel.items if isinstance(i, HeatMap)), None)
    if heat is not None:
        draw_heat(p, panel, heat, below, ink)
    elif _only_texts(panel):
        _draw_lines(p, panel, below, ink)
    else:
        draw_chart(p, panel, below, ink)


def _only_texts(panel: Panel) -> bool:
    return all(isinstance(item, Text) for item in panel.items)


def _draw_lines(p: QPainter, panel: Panel, box: QRectF, ink: Ink) -> None:
    """Write the texts of a panel below each other, as large as there is room."""
    texts = [item.text for item in panel.items if isinstance(item, Text)]
    size, lines = 1.0, texts
    for size in TEXT_SIZES:
        lines = [line for t in texts for line in ink.broken(t, box.width(), size)]
        if len(lines) * ink.line * size <= box.height():
            break
    for k, line in enumerate(lines):
        at = (box.left(), box.top() + (k + 0.5) * ink.line * size)
        ink.text(p, line, at, size=size)


def foot_texts(plate: Plate) -> list[str]:
    """Return the texts that stand at the foot of a plate."""
    return [
        item.text
        for panel in plate.panels
        if not _only_texts(panel)
        for item in panel.items
        if isinstance(item, Text)
    ]


def _text_lines(plate: Plate, box: QRectF, ink: Ink) -> list[str]:
    return [line for t in foot_texts(plate) for line in ink.broken(t, box.width())]


def _draw_texts(p: QPainter, plate: Plate, box: QRectF, ink: Ink) -> None:
    lines = _text_lines(plate, box, ink)
    top = box.bottom() - len(lines) * ink.line
    for k, line in enumerate(lines):
        ink.text(p, line, (box.left(), top + (k + 0.5) * ink.line))
