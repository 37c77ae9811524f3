"""Draws a heat map: cells with their numbers where these fit, else a colour scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QColor

from app.annotations.number_format import general
from app.figures.image_painter import image_of
from app.labs.ink import SMALL, Ink, texts_of
from app.theme.palette import colour_map, contrast, diverging_map, to_hex

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QPainter

    from sim.array_types import AnyArray
    from sim.plate import HeatMap, Panel

MAX_CELL_ASPECT = 2.4  # width of a cell with a number, in heights
LEAST_NUMBER = 0.62  # size of a number in a cell, in letters, at least
MAX_NAMED = 24  # cells along a side that have names
MAX_NUMBERS = 256  # cells that have numbers
MAX_PIXELS = 1200  # along a side of the picture of cells
RAMP = 8.0  # length of the colour scale, in letters, at most


def draw_heat(p: QPainter, panel: Panel, heat: HeatMap, box: QRectF, ink: Ink) -> None:
    """Draw the one heat map of `panel` inside `box`, below its title."""
    values = np.asarray(heat.values, float)
    rows, columns = values.shape
    cells, size = _laid_out(panel, heat, box, ink)
    pixels, low, high = coloured(values, ink)
    p.drawImage(cells, image_of(_enlarged(pixels, cells)))
    w, h = cells.width() / columns, cells.height() / rows
    if size and not heat.is_picture:
        _draw_numbers(p, values, pixels, cells, ink, size)
    if heat.is_picture:
        return
    muted, lower = ink.theme.muted, cells.bottom() + 0.75 * ink.letter
    if columns <= MAX_NAMED:
        for k, name in enumerate(_names(heat.columns_are, columns, w, ink)):
            at = (cells.left() + (k + 0.5) * w, lower)
            ink.text(p, name, at, muted, size=SMALL, align=0.5)
    if rows <= MAX_NAMED:
        for k, name in enumerate(_row_names(heat.rows_are, rows, h, ink)):
            at = (cells.left() - 0.4 * ink.letter, cells.top() + (k + 0.5) * h)
            ink.text(p, name, at, muted, size=SMALL, align=1.0)
    if panel.y:
        long = ink.width(panel.y, SMALL) / 2
        at = (box.left() + ink.line / 2, max(cells.center().y(), cells.top() + long))
        ink.text(p, panel.y, at, muted, size=SMALL, align=0.5, angle=-90)
    at = (cells.center().x(), lower + ink.line * SMALL * (columns <= MAX_NAMED))
    ink.text(p, panel.x, at, muted, size=SMALL, align=0.5)
    if not size:
        _draw_scale(p, (low, high), at[1] + ink.line, cells, ink)


def _laid_out(
    panel: Panel, heat: HeatMap, box: QRectF, ink: Ink
) -> tuple[QRectF, float]:
    """Return where the cells are, and the size of their numbers; 0 for none."""
    rows, columns = heat.values.shape
    cells = _cells_box(panel, heat, box, ink, numbered=True)
    wide, high = cells.width() / columns, cells.height() / rows
    size = _number_size(np.asarray(heat.values, float), wide, high, ink)
    if not size:
        cells = _cells_box(panel, heat, box, ink, numbered=False)
    return cells, size


def cell_text(panel: Panel, heat: HeatMap, box: QRectF, ink: Ink, at: QPointF) -> str:
    """Return row, column and number of the cell at a place; nothing outside."""
    cells, _ = _laid_out(panel, heat, box, ink)
    if not cells.contains(at):
        return ""
    rows, columns = heat.values.shape
    i = min(int((at.y() - cells.top()) / cells.height() * rows), rows - 1)
    j = min(int((at.x() - cells.left()) / cells.width() * columns), columns - 1)
    row = heat.rows_are[i] if heat.rows_are else f"{i + 1}"
    column = heat.columns_are[j] if heat.columns_are else f"{j + 1}"
    names = f"{panel.y or 'row'} {row}, {panel.x or 'column'} {column}"
    return f"{names}: {general(float(heat.values[i, j]))}"


def coloured(values: AnyArray, ink: Ink) -> tuple[AnyArray, float, float]:
    """Return the colours of cells as uint8 (rows, columns, 3), and the scale's ends.

    Values of both signs are on a scale with 0 in its middle.
    """
    known = values[np.isfinite(values)]
    low, high = float(known.min(initial=0.0)), float(known.max(initial=0.0))
    table = colour_map()
    if low < 0 < high or low < 0:
        top = max(-low, high)
        low, high, table = -top, top, diverging_map(ink.theme)
    share = np.nan_to_num((values - low) / ((high - low) or 1.0), neginf=0.0)
    pixels = table[np.clip(np.rint(255 * share), 0, 255).astype(int)].copy()
    pixels[~np.isfinite(values)] = _bytes(ink.theme.raised)
    return pixels, low, high


def _bytes(colour: str) -> tuple[int, int, int]:
    found = QColor(colour)
    return found.red(), found.green(), found.blue()


def _names(names: tuple[str, ...], count: int, room: float, ink: Ink) -> list[str]:
    """Return the names of cells along a side: what fits of those that are given.

    Without names every few numbers.
    """
    if names:
        return [ink.fitting(name, 0.99 * room, SMALL) for name in names]
    every = max(1, int(np.ceil(1.6 * ink.letter / room)))
    return [str(k + 1) if k % every == 0 else "" for k in range(count)]


def _row_names(names: tuple[str, ...], count: int, high: float, ink: Ink) -> list[str]:
    """Return the names of rows, every few if rows are lower than letters."""
    every = max(1, int(np.ceil(1.1 * SMALL * ink.letter / high)))
    given = names or tuple(str(k + 1) for k in range(count))
    return [name if k % every == 0 else "" for k, name in enumerate(given)]


def _cells_box(
    panel: Panel, heat: HeatMap, box: QRectF, ink: Ink, *, numbered: bool
) -> QRectF:
    rows, columns = heat.values.shape
    if heat.is_picture:
        box = box.adjusted(0, 0.2 * ink.letter, 0, 0)
        cell = min(box.width() / columns, box.height() / rows)
        return QRectF(box.topLeft(), QSizeF(cell * columns, cell * rows))
    left = bool(panel.y) * ink.line
    if rows <= MAX_NAMED:
        names = heat.rows_are or (str(rows),)
        left += max(ink.width(n, SMALL) for n in names) + 0.6 * ink.letter
    foot = (
        ink.line * SMALL * ((columns <= MAX_NAMED) + bool(panel.x)) + 0.2 * ink.letter
    )
    foot += 0 if numbered else 1.2 * ink.line
    room = box.adjusted(left, 0.2 * ink.letter, -0.5 * ink.letter, -foot)
    if numbered and room.width() / columns > MAX_CELL_ASPECT * room.height() / rows:
        room.setWidth(MAX_CELL_ASPECT * room.height() / rows * columns)
    if numbered and room.height() / rows > room.width() / columns:
        room.setHeight(room.width() / columns * rows)
    return room


def _number_size(values: AnyArray, w: float, h: float, ink: Ink) -> float:
    """Return the size of numbers that fit in cells, in letters; 0 if none does."""
    if values.size > MAX_NUMBERS:
        return 0.0
    wide = max(ink.width(text) for text in texts_of(values))
    size = min(1.0, 0.88 * w / max(wide, 1.0), 0.8 * h / ink.letter)
    return size if size >= ink.least(LEAST_NUMBER) else 0.0


def _draw_numbers(
    p: QPainter, values: AnyArray, pixels: AnyArray, box: QRectF, ink: Ink, size: float
) -> None:
    rows, columns = values.shape
    w, h = box.width() / columns, box.height() / rows
    p.setPen(ink.pen(ink.theme.canvas, 0.06))
    for k, text in enumerate(texts_of(values)):
        i, j = divmod(k, columns)
        back = to_hex(pixels[i, j] / 255)
        dark = contrast("#FFFFFF", back) >= contrast("#000000", back)
        at = (box.left() + (j + 0.5) * w, box.top() + (i + 0.5) * h)
        colour = "#FFFFFF" if dark else "#000000"
        ink.text(p, text, at, colour, size=size, align=0.5)


def _draw_scale(
    p: QPainter, ends: tuple[float, float], y: float, cells: QRectF, ink: Ink
) -> None:
    ramp = np.linspace(*ends, 256)[None]
    pixels, _, _ = coloured(ramp, ink)
    x, tall, gap = cells.left(), 0.6 * ink.letter, 0.5 * ink.letter
    low, high = (general(end, 3) for end in ends)
    texts = ink.width(low, SMALL) + ink.width(high, SMALL) + 2 * gap
    long = max(min(RAMP * ink.letter, cells.width() - texts), ink.letter)
    ink.text(p, low, (x, y), ink.theme.muted, size=SMALL)
    x += ink.width(low, SMALL) + gap
    p.drawImage(QRectF(x, y - tall / 2, long, tall), image_of(pixels))
    ink.text(p, high, (x + long + gap, y), ink.theme.muted, size=SMALL)


def _enlarged(pixels: AnyArray, box: QRectF) -> AnyArray:
    """Return an image whose cells keep sharp borders when it is stretched."""
    sides = zip((box.height(), box.width()), pixels.shape[:2], strict=True)
    down, across = (
        max(1, min(round(2 * side / n), MAX_PIXELS // n)) for side, n in sides
    )
    return np.ascontiguousarray(pixels.repeat(down, 0).repeat(across, 1))
