"""The attention matrix in a film, in the order of the document's look."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter

from app.annotations.number_format import general
from app.export.lettering import wrapped, write
from app.scene import matrix_order
from app.theme.palette import colour_map, diverging_map
from sim.frame import FrameRequest

if TYPE_CHECKING:
    from app.scene.matrix_order import MatrixImage
    from app.scene.scene_info import SceneInfo
    from app.theme.palette import Theme
    from sim.array_types import AnyArray
    from sim.scenario import Scenario

MAX_SIDE = 160  # rows: of more tokens a sample is shown
REQUEST = FrameRequest(observables=frozenset(), clusters=True, matrix=MAX_SIDE)
HEADING_PX, NOTE_PX = 20.0, 16.0  # pixels of the design, as those below
HEADING_HEIGHT = 36.0
SCALE_PX = 12.0  # width of the colour scale
NOTE_GAP = 20.0  # from the matrix
SCALE_WIDTH = 84.0  # with its numbers
SCALE_SHARE = 0.45  # of the matrix's height
NOTES_HEIGHT = 66.0  # of notes below the matrix
MATRIX_SHARE = 0.58  # of the width, where notes are beside the matrix
LINE_HEIGHT = 1.35
MAX_SLACK = 2.5  # top of the colour scale over the value that needs it
MIN_CELL_PX = 3.0  # pixels of a cell: smaller ones are drawn smoothly


class MatrixPlot:
    """Heading, matrix, colour scale and its ends."""

    def __init__(self, box: QRectF, theme: Theme) -> None:
        self._theme = theme
        high = box.height() - HEADING_HEIGHT
        beside = min(high, MATRIX_SHARE * box.width())
        above = min(high - NOTE_GAP - NOTES_HEIGHT, box.width())
        below, side = above > beside, max(above, beside, 1.0)
        self._at = QPointF(box.left(), box.top() + HEADING_PX)
        self._cells = QRectF(box.left(), box.top() + HEADING_HEIGHT, side, side)
        left, top = self._cells.right() + NOTE_GAP, self._cells.top()
        self._notes = QRectF(left, top, box.right() - left, side)
        self._scale = QRectF(left, top, SCALE_PX, SCALE_SHARE * side)
        if below:
            left, top = box.left(), self._cells.bottom() + NOTE_GAP
            self._scale = QRectF(left, top, SCALE_PX, NOTES_HEIGHT)
            left += SCALE_WIDTH
            self._notes = QRectF(left, top, box.right() - left, NOTES_HEIGHT)
        maps = {False: colour_map(), True: diverging_map(theme)}
        self._tables = {signed: _packed(table) for signed, table in maps.items()}
        self._top = 0.0  # of the colour scale: it seldom changes

    def paint(self, painter: QPainter, info: SceneInfo) -> None:
        """Paint the matrix of a frame that was made for `REQUEST`."""
        theme, frame = self._theme, info.frame
        write(painter, self._at, "Attention A", HEADING_PX, theme.text, strong=True)
        if frame is None:
            return
        made = matrix_order.attention_image(
            frame, info.cluster_ids, info.attention, info.points
        )
        if made is None:
            return
        limit = matrix_order.colour_limit(made.values)
        if not self._top / MAX_SLACK <= limit <= self._top:
            self._top = limit
        indices = matrix_order.colour_indices(
            made.values, self._top, signed=made.signed
        )
        pixels = np.ascontiguousarray(self._tables[made.signed][indices])
        n = len(indices)
        image = QImage(pixels.data, n, n, 4 * n, QImage.Format.Format_RGB32)
        cell = self._cells.width() * painter.device().devicePixelRatioF() / n
        smooth = QPainter.RenderHint.SmoothPixmapTransform
        painter.setRenderHint(smooth, cell < MIN_CELL_PX)
        painter.drawImage(self._cells, image)
        shown = f"{n} of {len(frame.x):,} tokens" if n < len(frame.x) else f"{n} tokens"
        heads = 1 if frame.matrix is None else len(frame.matrix)
        what = info.attention.heads_text if heads > 1 else "rows attend"
        self._paint_notes(painter, made, (made.order_text, shown, what))

    def _paint_notes(
        self, painter: QPainter, made: MatrixImage, lines: tuple[str, ...]
    ) -> None:
        theme, notes, bar = self._theme, self._notes, self._scale
        table = self._tables[made.signed]
        shade = QLinearGradient(bar.bottomLeft(), bar.topLeft())
        for k in range(0, 256, 15):
            shade.setColorAt(_level(k, made), QColor.fromRgb(int(table[k])))
        painter.fillRect(bar, shade)
        painter.setPen(Qt.PenStyle.NoPen)
        x, px = bar.right() + 10, NOTE_PX
        high = general(self._top, 3)
        low = f"−{high}" if made.signed else "0"
        for y, text in ((bar.top() + 0.8 * px, high), (bar.bottom(), low)):
            write(painter, QPointF(x, y), text, px, theme.text)
        base, room = notes.bottom() - 3, notes.width()
        parts = [p for text in lines for p in reversed(wrapped(text, px, room))]
        for k, text in enumerate(parts):
            at = QPointF(notes.left(), base - k * LINE_HEIGHT * px)
            write(painter, at, text, px, theme.muted, room=room)


def _packed(table: AnyArray) -> AnyArray:
    """Return colours, (256, 3) uint8, as those of QImage: uint32 (256,)."""
    wide = table.astype(np.uint32)
    return 0xFF000000 | wide[:, 0] << 16 | wide[:, 1] << 8 | wide[:, 2]


def _level(index: int, made: MatrixImage) -> float:
    """Return where on the scale, in [0, 1], the colour of an index is."""
    exponent = 1 / matrix_order.SHADE_EXPONENT
    if not made.signed:
        return min((index / 255) ** exponent, 1.0)
    share = 2 * index / 255 - 1
    return 0.5 + 0.5 * math.copysign(abs(share) ** exponent, share)


NOT_OF_LANES = (
    "the layout 'matrix' is for one run. Choose 'curve' or 'globe' for lanes."
)


def why_no_matrix(scenario: Scenario) -> str:
    """Return why a film of `scenario` cannot show an attention matrix, if so."""
    if matrix_order.has_attention(scenario):
        return ""
    law = scenario.dynamics.title or scenario.dynamics.kind
    return (
        f"the law {law!r} has no attention matrix. Choose the layout 'curve' or "
        "'globe'."
    )
