"""The legend of a picture: its rows, as many as have room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QFontMetricsF

from app.annotations.caption import HEIGHT, SIDE_MARGIN, SMALL_PT
from app.annotations.caption_text import scene_notes
from app.annotations.globe_legend import globe_rows
from app.annotations.globe_room import GlobeRoom
from app.annotations.legend_room import is_beside
from app.annotations.legends import (
    RINGS_TEXT,
    LegendRow,
    edge_rows,
    legend_rows,
    paint_rows,
    rows_above,
    wrapped_rows,
)
from app.annotations.painted_once import PaintedOnce
from app.annotations.small_legend import paint_placed, place_rows, with_title
from app.annotations.text_cache import screen_font
from app.annotations.tight_caption import SIDE_PX, tight_rows

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter

    from app.annotations.caption import Caption
    from app.annotations.globe_room import Span
    from app.document.look import Look
    from app.scene.camera import Camera
    from app.scene.scene_info import SceneInfo
    from app.theme.palette import Theme
    from sim.frame import Frame

    Shown = tuple[Frame, Look, SceneInfo]

MARGIN_PX = 14.0  # right of the longest line


class SceneLegend:
    """Paints what colours, edges and rings of a picture mean.

    Attributes
    ----------
    theme : Theme
        Colours.
    scale : float
        Of font sizes.
    annotated : bool
        Whether there are notes and scales; names of colours there always are.
    omitted : frozenset of str
        Notes that stand elsewhere.
    area : (float, float), optional
        Heights between which whole rows stand beside the globe, in pixels of the
        design; without it they may cover the globe.
    """

    def __init__(self, theme: Theme, scale: float) -> None:
        self.theme, self.scale = theme, scale
        self.annotated = True
        self.omitted = frozenset[str]()
        self.area: tuple[float, float] | None = None
        self._left_out: Shown | None = None
        self._painted = PaintedOnce()

    def rows(
        self,
        frame: Frame,
        look: Look,
        info: SceneInfo,
        *,
        tight: bool = False,
        brief: bool = False,
    ) -> list[LegendRow]:
        """Return the rows, without notes that stand elsewhere.

        In a `tight` picture there is none of what colours mean in general; `brief` ones
        of edges are fewer.
        """
        if not self.annotated:
            rows = legend_rows(frame, self.theme, info.legend) if info.legend else []
            return [r for r in rows if r.colours is not None and not r.wide]
        rows = [LegendRow(text) for text in scene_notes(frame, look, info)]
        rows += legend_rows(frame, self.theme, info.legend)
        rows += edge_rows(info.scales, self.theme, tight=tight or brief)
        rows += globe_rows(info.painted, self.theme)
        rows += [LegendRow(RINGS_TEXT)] if info.ringed else []  # the first to give way
        omitted = self.omitted
        if tight and info.legend is not None:
            omitted = omitted | {info.legend.note}
        return [
            row for row in rows if row.colours is not None or row.text not in omitted
        ]

    def notes(self) -> str:
        """Return in words the whole legend of a picture that had no room for it."""
        if self._left_out is None:
            return ""
        rows = self.rows(*self._left_out)
        return "\n".join(f"{row.low} {row.text}".strip() for row in rows)

    def paint(
        self,
        painter: QPainter,
        shown: Shown,
        camera: Camera,
        ratio: float,
        caption: Caption | None,
    ) -> list[QRectF]:
        """Paint the rows that have room, and return their boxes.

        Lengths are pixels of the design, of which `camera` has `ratio` each.
        """
        painter.setFont(font := screen_font(SMALL_PT, self.scale))
        metrics = QFontMetricsF(font)
        tight = caption is not None and caption.tight
        small = caption is not None and caption.small
        rows = self.rows(*shown, tight=tight, brief=small or self.area is not None)
        title = shown[2].legend.title if shown[2].legend else ""
        self._left_out = shown if tight else None
        if caption is not None and small:
            rows = with_title(rows, title)
            boxes = self._paint_beside(painter, rows, metrics, caption.spans)
            self._left_out = shown if len(boxes) < len(rows) else None
            return boxes
        if self.area is not None:
            spans = GlobeRoom.seen(camera, ratio, self.scale).spans(*self.area)
            return self._paint_beside(painter, with_title(rows, title), metrics, spans)
        w, h = camera.size[0] / ratio, camera.size[1] / ratio
        place = metrics, self.scale, camera, ratio
        if not (self.annotated or is_beside(rows, *place)):
            return []
        if tight:
            rows = tight_rows(rows, metrics, self.scale, (w, h))
            return self._paint_rows(painter, rows, SIDE_PX * self.scale)
        left = SIDE_MARGIN * self.scale
        rows = wrapped_rows(rows, w - left - MARGIN_PX * self.scale, metrics)
        if rows and rows[-1].text == RINGS_TEXT:  # only beside the globe
            *others, last = rows
            rows = rows if is_beside([last], *place, above=len(others)) else others
        rows = rows[: max(0, rows_above(h / self.scale - HEIGHT))]
        return self._paint_rows(painter, rows, left)

    def _paint_rows(
        self, painter: QPainter, rows: list[LegendRow], left: float
    ) -> list[QRectF]:
        """Paint rows at the top, in the painter's font; return their boxes."""

        def draw(painter: QPainter) -> list[QRectF]:
            return paint_rows(painter, rows, self.theme, left, self.scale)

        looks = painter.font().key(), self.theme, left, self.scale
        key = (*looks, *(row.key for row in rows))
        return self._painted.paint(painter, key, draw)

    def _paint_beside(
        self,
        painter: QPainter,
        rows: list[LegendRow],
        metrics: QFontMetricsF,
        spans: list[Span],
    ) -> list[QRectF]:
        """Paint the rows that have room beside the globe, whole; return their boxes."""
        placed = place_rows(rows, metrics, self.scale, spans)
        if len(placed) < len(rows) and rows[-1].text == RINGS_TEXT:
            placed = place_rows(rows[:-1], metrics, self.scale, spans)
        return paint_placed(painter, placed, self.theme, self.scale)
