"""Draws heat maps, pictures and tables of a figure."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from app.figures import rich_text
from app.figures.marks import pen
from app.figures.rich_text import PT
from app.figures.style import (
    AXIS_PT,
    GAP_MM,
    MAX_PICTURE_MM,
    MM,
    ROW_COLUMNS,
    SPACE_MM,
    THIN_PT,
    TICK_MM,
    FigureStyle,
)
from app.theme.palette import PAPER, to_hex

if TYPE_CHECKING:
    from app.figures.figure import HeatMap, Picture, PictureRow, Table
    from app.figures.parts import LegendEntry, PlacedText
    from sim.array_types import AnyArray

MIN_PIXELS = 1200  # of the side of a matrix: viewers blur small images
STRIP_MM, SCALE_MM = 1.2, 2.2  # colours of tokens, and the colour scale

HALO_PT = 1.6
RAMP_MM, SWATCH_MM = 12.0, 4.0


def draw_heat_map(p: QPainter, m: HeatMap, style: FigureStyle, top: float) -> float:
    """Draw a matrix with its scale on the right; return the height used."""
    s, line = style, style.line
    names = max((rich_text.width(t, s.small) for _, t in m.ticks), default=0.0)
    left = rich_text.height(s.label) + names + (STRIP_MM + 3 * GAP_MM) * MM
    scale = max((rich_text.width(t, s.small) for _, t in m.scale), default=0.0)
    right = (scale + (SCALE_MM + 4 * GAP_MM) * MM + 1.2 * line) if m.scale else MM
    side = min(s.width - left - right, MAX_PICTURE_MM * MM)
    head = (line if m.note else 0.0) + (STRIP_MM + GAP_MM) * MM
    box = QRectF(left, top + head, side, side)
    if m.note:
        at = (box.left(), top + line / 2)
        rich_text.draw(p, m.note, at, s.small, PAPER.muted)
    p.drawImage(box, image_of(enlarged(m.cells)))
    wide, off = STRIP_MM * MM, (STRIP_MM + GAP_MM / 2) * MM
    across = QRectF(box.left(), box.top() - off, side, wide)
    p.drawImage(across, image_of(enlarged(m.strip[None])))
    down = QRectF(box.left() - off, box.top(), wide, side)
    p.drawImage(down, image_of(enlarged(m.strip[:, None])))
    _draw_cuts(p, m, box)
    _draw_names(p, m, box, off, s)
    if m.scale:
        _draw_scale(p, m, box, s)
    return head + side + rich_text.height(s.label) + GAP_MM * MM


def _draw_cuts(p: QPainter, m: HeatMap, box: QRectF) -> None:
    p.setPen(pen("#FFFFFF", THIN_PT))
    for cut in m.cuts:
        at = box.width() * cut / len(m.cells)
        right, down = QPointF(at, 0), QPointF(0, at)
        p.drawLine(box.topLeft() + right, box.bottomLeft() + right)
        p.drawLine(box.topLeft() + down, box.topRight() + down)
    p.setPen(pen(PAPER.text, AXIS_PT))
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.drawRect(box)


def _draw_names(
    p: QPainter, m: HeatMap, box: QRectF, off: float, s: FigureStyle
) -> None:
    cell, room = box.height() / max(len(m.cells), 1), -math.inf
    for row, text in m.ticks:
        y = box.top() + (row + 0.5) * cell
        if y - room >= 0.9 * s.line:
            room = y
            at = (box.left() - off - GAP_MM * MM, y)
            rich_text.draw(p, text, at, s.small, PAPER.text, align=1.0)
    at = (rich_text.height(s.label) / 2, box.center().y())
    rich_text.draw(p, m.rows, at, s.label, PAPER.text, align=0.5, angle=-90)
    below = box.bottom() + GAP_MM * MM + rich_text.height(s.label) / 2
    at = (box.center().x(), below)
    rich_text.draw(p, m.columns, at, s.label, PAPER.text, align=0.5)


def _draw_scale(p: QPainter, m: HeatMap, box: QRectF, s: FigureStyle) -> None:
    bar = QRectF(box.right() + 2 * GAP_MM * MM, box.top(), SCALE_MM * MM, box.height())
    assert m.ramp is not None
    p.drawImage(bar, image_of(np.ascontiguousarray(m.ramp[::-1, None])))
    p.setPen(pen(PAPER.text, AXIS_PT))
    p.drawRect(bar)
    most = 0.0
    for share, text in m.scale:
        y = bar.bottom() - share * bar.height()
        p.setPen(pen(PAPER.text, AXIS_PT))
        p.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + TICK_MM * MM, y))
        at = (bar.right() + (TICK_MM + GAP_MM) * MM, y)
        rich_text.draw(p, text, at, s.small, PAPER.text)
        most = max(most, rich_text.width(text, s.small))
    x = bar.right() + (TICK_MM + GAP_MM) * MM + most + s.line / 2
    at = (x, bar.center().y())
    rich_text.draw(p, m.scale_label, at, s.small, PAPER.text, align=0.5, angle=-90)


def draw_picture(
    p: QPainter, picture: Picture, style: FigureStyle, top: float
) -> float:
    """Draw a picture, its labels and its legend; return the height used."""
    h, w = picture.pixels.shape[:2]
    side = min(style.width, MAX_PICTURE_MM * MM)
    box = QRectF((style.width - side) / 2, top, side, side * h / w)
    p.drawImage(box, image_of(picture.pixels))
    for a, b in picture.arrows:
        p.setPen(pen(PAPER.text, AXIS_PT))
        p.drawLine(_on(box, a), _on(box, b))
    for text in picture.texts:
        _draw_placed(p, text, box, style)
    y = box.bottom() + GAP_MM * MM
    return _draw_legend(p, picture.legend, style, y) - top


def draw_pictures(
    p: QPainter, row: PictureRow, style: FigureStyle, top: float
) -> float:
    """Draw pictures side by side below their titles; return the height used."""
    columns, gap = min(len(row.pictures), ROW_COLUMNS), SPACE_MM * MM
    cell = replace(style, width=(style.width - (columns - 1) * gap) / columns)
    y = tallest = top
    for k, (picture, title) in enumerate(zip(row.pictures, row.titles, strict=True)):
        if k and k % columns == 0:
            y = tallest + gap
        left = (k % columns) * (cell.width + gap)
        p.save()
        p.translate(left, 0)
        at = (cell.width / 2, y + style.line / 2)
        rich_text.draw(p, title, at, style.small, PAPER.text, strong=True, align=0.5)
        high = draw_picture(p, picture, cell, y + 1.2 * style.line)
        p.restore()
        tallest = max(tallest, y + 1.2 * style.line + high)
    return tallest - top


def _draw_legend(
    p: QPainter, legend: tuple[LegendEntry, ...], style: FigureStyle, y: float
) -> float:
    """Draw the entries, swatches beside each other; return where they end."""
    x, first = MM, True
    for entry in legend:
        swatch = entry.colours is not None and len(entry.colours) == 1
        wide = (SWATCH_MM + 2 * GAP_MM) * MM + rich_text.width(entry.text, style.small)
        if not first and (not swatch or x == MM or x + wide > style.width):
            x, y = MM, y + style.line
        _draw_entry(p, entry, x, y + style.line / 2, style)
        x, first = x + wide + GAP_MM * MM if swatch else MM, False
    return y + style.line if legend else y


def _on(box: QRectF, at: tuple[float, float]) -> QPointF:
    return QPointF(box.left() + at[0] * box.width(), box.top() + at[1] * box.width())


def _draw_placed(p: QPainter, text: PlacedText, box: QRectF, s: FigureStyle) -> None:
    at, align = _on(box, text.at), 0.5 if text.centred else 0.0
    place = (at.x(), at.y())
    if text.halo:
        font = rich_text.sized_font(s.small, text.strong)
        path = QPainterPath()
        base = at.y() + 0.5 * QFontMetricsF(font).capHeight()
        start = at.x() - align * rich_text.width(text.text, s.small, strong=text.strong)
        path.addText(QPointF(start, base), font, text.text)
        halo = QPen(QColor("#FFFFFF"), HALO_PT * PT)
        halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        p.strokePath(path, halo)
    rich_text.draw(
        p, text.text, place, s.small, text.colour, strong=text.strong, align=align
    )


def _draw_entry(
    p: QPainter, entry: LegendEntry, x: float, y: float, s: FigureStyle
) -> None:
    if entry.low:
        rich_text.draw(p, entry.low, (x, y), s.small, PAPER.text)
        x += rich_text.width(entry.low, s.small) + GAP_MM * MM
    if entry.colours is not None:
        many = len(entry.colours) > 1
        wide = (RAMP_MM if many else SWATCH_MM) * MM
        tall = AXIS_PT * 2 * PT if entry.line else 0.6 * s.small * PT
        box = QRectF(x, y - tall / 2, wide, tall)
        if many:
            pixels = np.round(entry.colours[None, :, :3] * 255).astype(np.uint8)
            p.drawImage(box, image_of(pixels))
        else:
            p.fillRect(box, QColor(to_hex(entry.colours[0][:3])))
        x += wide + GAP_MM * MM
    rich_text.draw(p, entry.text, (x, y), s.small, PAPER.text)


def draw_table(p: QPainter, table: Table, style: FigureStyle, top: float) -> float:
    """Draw rows below headings, numbers on the right; return the height used."""
    s, line = style, 1.15 * style.line
    lines = [table.headings, *table.rows]
    widths = [
        max(rich_text.width(row[k], s.small) for row in lines)
        for k in range(len(table.headings))
    ]
    gap = 3 * GAP_MM * MM
    rights = [s.width - MM - sum(w + gap for w in widths[k + 1 :]) for k in (1, 2)]
    for number, row in enumerate(lines):
        y = top + (number + 0.5) * line
        first = table.marks[number - 1] if number and table.marks else PAPER.text
        rich_text.draw(p, row[0], (MM, y), s.small, first)
        for text, right in zip(row[1:], rights, strict=True):
            rich_text.draw(p, text, (right, y), s.small, PAPER.text, align=1.0)
        if number == 0:
            p.setPen(pen(PAPER.text, AXIS_PT))
            p.drawLine(QPointF(MM, top + line), QPointF(s.width - MM, top + line))
    return len(lines) * line


def enlarged(cells: AnyArray) -> AnyArray:
    """Return an image with each pixel repeated: uint8 (h, w, 3)."""
    h, w = cells.shape[:2]
    times = max(1, math.ceil(MIN_PIXELS / max(h, w)))
    rows = np.repeat(cells, times if h > 1 else 1, axis=0)
    return np.ascontiguousarray(np.repeat(rows, times if w > 1 else 1, axis=1))


def image_of(pixels: AnyArray) -> QImage:
    """Return an image with memory of its own from sRGB: uint8 (h, w, 3)."""
    h, w = pixels.shape[:2]
    data = np.ascontiguousarray(pixels)
    return QImage(data.data, w, h, 3 * w, QImage.Format.Format_RGB888).copy()
