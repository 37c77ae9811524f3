"""The legend of a low or narrow picture, in the room beside the globe."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from app.annotations.globe_room import LINE_PX
from app.annotations.legends import TOP_PX, paint_rows
from app.annotations.tight_caption import row_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFontMetricsF, QPainter

    from app.annotations.globe_room import Span
    from app.annotations.legends import LegendRow
    from app.theme.palette import Theme

ITEM_GAP_PX = 12.0  # between rows that stand in one line


@dataclass(frozen=True)
class PlacedRow:
    """A row, its left end, and the middle of its line."""

    row: LegendRow
    left: float
    middle: float
    width: float


def place_rows(
    rows: Sequence[LegendRow],
    metrics: QFontMetricsF,
    scale: float,
    spans: Sequence[Span],
) -> list[PlacedRow]:
    """Return the rows that have room in `spans`, as `GlobeRoom.spans` orders them.

    In a column at the left if all have room there; else side by side, what explains
    colours first, in the order in which most have room.  A row is whole or left out.
    """
    widths = [row_width(row, metrics, scale) for row in rows]
    lines = [span for span in spans if not span.from_right]
    lines = sorted(lines, key=lambda span: span.middle)[: len(rows)]
    if len(lines) == len(rows) and all(map(_fits, widths, lines)):
        return [
            PlacedRow(row, span.left, span.middle, wide)
            for row, span, wide in zip(rows, lines, widths, strict=True)
        ]
    numbered = list(enumerate(rows))
    by_kind = sorted(numbered, key=lambda one: one[1].colours is None)
    by_width = sorted(
        numbered, key=lambda one: (one[1].colours is None, -widths[one[0]])
    )
    tries = [
        _side_by_side(by_kind, widths, scale, spans, in_order=True),
        _side_by_side(by_kind, widths, scale, spans, in_order=False),
        _side_by_side(by_width, widths, scale, spans, in_order=False),
    ]
    return max(tries, key=lambda placed: sum(p.row.colours is not None for p in placed))


def _fits(wide: float, span: Span) -> bool:
    return wide <= span.right - span.left


def _side_by_side(
    rows: Sequence[tuple[int, LegendRow]],
    widths: Sequence[float],
    scale: float,
    spans: Sequence[Span],
    *,
    in_order: bool,
) -> list[PlacedRow]:
    """Return each row in the first span with room; `in_order` no samples go back."""
    free, first = list(spans), 0
    out: list[PlacedRow] = []
    for k, row in rows:
        start = first if in_order and row.colours is not None else 0
        for at in range(start, len(free)):
            span, wide = free[at], widths[k]
            if _fits(wide, span):
                left = span.right - wide if span.from_right else span.left
                out.append(PlacedRow(row, left, span.middle, wide))
                free[at] = _rest(span, wide + ITEM_GAP_PX * scale)
                first = at
                break
    return out


def _rest(span: Span, used: float) -> Span:
    if span.from_right:
        return replace(span, right=span.right - used)
    return replace(span, left=span.left + used)


def with_title(rows: Sequence[LegendRow], title: str) -> list[LegendRow]:
    """Return rows in which the title of a ramp stands before it, in its line."""
    out: list[LegendRow] = []
    for row in rows:
        titled = bool(title) and bool(out) and out[-1].text == title
        if row.wide and titled and out[-1].colours is None:
            out.pop()
            row = replace(row, low=f"{title}  {row.low}")
        out.append(row)
    return out


def paint_placed(
    painter: QPainter, placed: Sequence[PlacedRow], theme: Theme, scale: float
) -> list[QRectF]:
    """Paint rows where they were placed; return their boxes."""
    tall, margin = LINE_PX * scale, ITEM_GAP_PX / 2 * scale
    boxes: list[QRectF] = []
    for one in placed:
        down = one.middle - TOP_PX * scale
        painter.translate(0, down)
        paint_rows(painter, [one.row], theme, one.left, scale)
        painter.translate(0, -down)
        box = QRectF(one.left, one.middle - tall / 2, one.width, tall)
        boxes.append(box.adjusted(-margin, 0, margin, 0))
    return boxes
