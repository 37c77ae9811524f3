"""All text on the picture: labels, caption, legends; painted by Qt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from app.annotations.caption import HEIGHT, SIDE_MARGIN, SMALL_PT, Caption
from app.annotations.caption_text import scene_notes
from app.annotations.cluster_numbers import number_labels
from app.annotations.globe_legend import globe_rows
from app.annotations.globe_room import GlobeRoom
from app.annotations.label_selection import token_labels
from app.annotations.labels import Label, Labels, PlacedLabel
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
from app.annotations.text_cache import draw_text, halo_colour, screen_font
from app.annotations.tight_caption import SIDE_PX, tight_rows
from app.scene.arcs import arc_ends
from app.scene.projector import CIRCLE
from app.scene.sampling import subset
from app.scene.scene import bead_radius
from app.theme import fonts, typesetting

if TYPE_CHECKING:
    from app.annotations.equation import Typeset
    from app.annotations.globe_room import Span
    from app.document.look import Look
    from app.scene.camera import Camera
    from app.scene.scene_info import SceneInfo
    from app.theme.palette import Theme
    from sim.frame import Frame

LABEL_REACH_RADII = 3.2  # bead radii within which one label names a cluster
HORIZON_FACING = 0.06  # of the facing, from which labels are visible
ANGLE_LABEL_RADIUS = 1.56  # globe radii, of the circle's angle labels
ANGLE_LABEL_PX = (40.0, 18.0)  # width and height of one, at scale 1
MAX_ANGLE_SHIFT = 0.25  # of its width, by which one is moved into the picture
LEGEND_MARGIN_PX = 14.0  # right of the longest line of the legend
LABEL_MARGIN_PX = 8.0  # of the picture, without labels
MAX_NAMED = 4000  # tokens of which some are drawn: above, none are named


class Overlay:
    """Paints text on a picture; remembers the positions of its labels.

    Parameters
    ----------
    theme : Theme
        Colours.
    scale : float
        Of font sizes: labels have 10.5 pt at 1.
    typeset : function
        Returns a formula in a colour as SVG; see `app.theme.typesetting`.

    Attributes
    ----------
    captioned : bool
        Whether there is a caption along the bottom.
    annotated : bool
        Whether the legend has notes and scales; names of colours it always has.
    omitted : frozenset of str
        Notes of the legend that stand elsewhere.
    area : (float, float), optional
        Heights between which whole rows of the legend stand beside the globe, in pixels
        of the design; without it they may cover the globe.
    taken : tuple of QRectF
        Boxes of other text.
    """

    def __init__(
        self, theme: Theme, scale: float = 1.0, typeset: Typeset = typesetting.svg
    ) -> None:
        self._labels, self._caption = Labels(), Caption(theme, scale, typeset)
        self._epoch = -1
        self._placed: list[PlacedLabel] = []
        self._reserved: list[QRectF] = []
        self.theme, self.scale = theme, scale
        self.captioned = self.annotated = True
        self.omitted = frozenset[str]()
        self.area: tuple[float, float] | None = None
        self.taken: tuple[QRectF, ...] = ()
        self._left_out: tuple[Frame, Look, SceneInfo] | None = None
        self._painted_rows = PaintedOnce()

    def set_theme(self, theme: Theme, scale: float | None = None) -> None:
        """Take the colours of `theme`, and another font scale if given."""
        self.theme = self._caption.theme = theme
        self.scale = self._caption.scale = self.scale if scale is None else scale

    def font(self, points: float, *, strong: bool = False) -> QFont:
        """Return the font of text on the picture, in points at scale 1."""
        return screen_font(points, self.scale, strong=strong)

    def set_values(self, values: list[tuple[str, str, str]]) -> None:
        """Show values of settings in the caption: name, value, widest value."""
        self._caption.values = values

    def show_title(self, shown: bool) -> None:
        """Paint the title in the caption, or the formula alone."""
        self._caption.titled = shown

    @property
    def labels(self) -> list[Label]:
        """The labels painted last."""
        return [placed.label for placed in self._placed]

    @property
    def equation_box(self) -> QRectF:
        """Where the equation of motion was painted last."""
        return self._caption.equation_box

    @property
    def boxes(self) -> list[QRectF]:
        """The boxes of the text painted last, without labels that fade out."""
        return [*self._reserved, *(p.box for p in self._placed if p.position >= 0)]

    def paint(
        self,
        painter: QPainter,
        camera: Camera,
        look: Look,
        info: SceneInfo,
    ) -> None:
        """Paint the text of this scene, as seen by `camera`."""
        frame = info.frame
        if frame is None:
            return
        ratio = painter.device().devicePixelRatioF()
        w, h = camera.size[0] / ratio, camera.size[1] / ratio
        camera = replace(camera, flat=frame.x.shape[1] == CIRCLE)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        kept = list(self.taken)
        if self.captioned:
            kept += self._caption.paint(painter, frame, w, h, shaded=camera.zoom > 1)
        metrics = QFontMetricsF(self.font(SMALL_PT))
        tight = self.captioned and self._caption.tight
        small = self.captioned and self._caption.small
        brief = small or self.area is not None
        rows = self.rows(frame, look, info, tight=tight, brief=brief)
        self._left_out = (frame, look, info) if tight else None
        if small:
            rows = with_title(rows, info.legend.title if info.legend else "")
            boxes = self._small_legend(painter, rows, self._caption.spans)
            self._left_out = (frame, look, info) if len(boxes) < len(rows) else None
            kept += boxes
        elif self.area is not None:
            rows = with_title(rows, info.legend.title if info.legend else "")
            room = GlobeRoom.seen(camera, ratio, self.scale)
            kept += self._small_legend(painter, rows, room.spans(*self.area))
        elif self.annotated or is_beside(rows, metrics, self.scale, camera, ratio):
            if tight:
                kept += self._tight_legend(painter, rows, w, h)
            else:
                kept += self._legend(painter, rows, camera, ratio)
        if camera.flat:
            kept += self._angle_labels(painter, camera, ratio, kept)
        self.place_labels(camera, ratio, look, info, kept)
        self._paint_labels(painter)

    def rows(
        self,
        frame: Frame,
        look: Look,
        info: SceneInfo,
        *,
        tight: bool = False,
        brief: bool = False,
    ) -> list[LegendRow]:
        """Return the rows of the legend, without notes that stand elsewhere.

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
        """Return the whole legend of a tight picture in words; else nothing."""
        if self._left_out is None:
            return ""
        rows = self.rows(*self._left_out)
        return "\n".join(f"{row.low} {row.text}".strip() for row in rows)

    def place_labels(
        self,
        camera: Camera,
        ratio: float,
        look: Look,
        info: SceneInfo,
        kept: list[QRectF],
    ) -> list[PlacedLabel]:
        """Place the labels outside the boxes `kept`, and return them.

        Lengths are pixels of the design, of which `camera` has `ratio` each.
        """
        frame = info.frame
        assert frame is not None
        w, h = camera.size[0] / ratio, camera.size[1] / ratio
        self._reserved, m = kept, LABEL_MARGIN_PX * self.scale
        wanted, radius = self._select_labels(camera, ratio, frame, look, info)
        self._placed = self._labels.arrange(
            wanted,
            self.font(fonts.BODY_PT),
            radius,
            QRectF(m, m, w - 2 * m, h - 2 * m),
            kept,
        )
        return self._placed

    def _legend(
        self, painter: QPainter, rows: list[LegendRow], camera: Camera, ratio: float
    ) -> list[QRectF]:
        """Paint as many rows as fit above the caption, in the width of the picture.

        That of rings only beside the globe.
        """
        painter.setFont(font := self.font(SMALL_PT))
        left = SIDE_MARGIN * self.scale
        w, h = camera.size[0] / ratio, camera.size[1] / ratio
        metrics = QFontMetricsF(font)
        rows = wrapped_rows(rows, w - left - LEGEND_MARGIN_PX * self.scale, metrics)
        if rows and rows[-1].text == RINGS_TEXT:
            *others, last = rows
            place = metrics, self.scale, camera, ratio
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
        return self._painted_rows.paint(painter, key, draw)

    def _small_legend(
        self, painter: QPainter, rows: list[LegendRow], spans: list[Span]
    ) -> list[QRectF]:
        """Paint the rows that have room beside the globe, whole."""
        painter.setFont(font := self.font(SMALL_PT))
        metrics = QFontMetricsF(font)
        placed = place_rows(rows, metrics, self.scale, spans)
        if len(placed) < len(rows) and rows[-1].text == RINGS_TEXT:
            placed = place_rows(rows[:-1], metrics, self.scale, spans)
        return paint_placed(painter, placed, self.theme, self.scale)

    def _tight_legend(
        self, painter: QPainter, rows: list[LegendRow], w: float, h: float
    ) -> list[QRectF]:
        """Paint the rows that leave the globe of a small picture free."""
        painter.setFont(font := self.font(SMALL_PT))
        fit = tight_rows(rows, QFontMetricsF(font), self.scale, (w, h))
        return self._paint_rows(painter, fit, SIDE_PX * self.scale)

    def _angle_labels(
        self, painter: QPainter, camera: Camera, ratio: float, kept: list[QRectF]
    ) -> list[QRectF]:
        """Paint the angles around the circle, where there is space."""
        a = np.arange(0, 360, 30)
        turn = np.radians(a)
        at = np.stack([np.cos(turn), np.sin(turn), 0 * turn], -1) * ANGLE_LABEL_RADIUS
        painter.setFont(self.font(fonts.SMALL_PT))
        painter.setPen(QColor(self.theme.muted))
        w, h = ANGLE_LABEL_PX[0] * self.scale, ANGLE_LABEL_PX[1] * self.scale
        boxes: list[QRectF] = []
        places = camera.project(at)[0] / ratio
        for angle, (x, y) in zip(a.tolist(), places.tolist(), strict=True):
            left = min(max(x - w / 2, 0.0), camera.size[0] / ratio - w)
            box = QRectF(left, y - h / 2, w, h)
            moved = abs(left - (x - w / 2)) > MAX_ANGLE_SHIFT * w
            cut = box.top() < 0 or box.bottom() > camera.size[1] / ratio
            if not (moved or cut or any(box.intersects(k) for k in (*kept, *boxes))):
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{angle}°")
                boxes.append(box)
        return boxes

    def _select_labels(
        self,
        camera: Camera,
        ratio: float,
        frame: Frame,
        look: Look,
        info: SceneInfo,
    ) -> tuple[list[Label], float]:
        """Return the labels to place, and the radius of a bead in pixels."""
        if frame.epoch != self._epoch:
            self._epoch = frame.epoch
            self._labels.clear()
        chosen_only = not look.labels or not frame.names or bool(info.arcs)
        drawn = info.sampled
        named = not chosen_only or bool(info.chosen)
        many = drawn is not None and len(frame.x) > MAX_NAMED
        if many or not (named or look.numbers):
            self._labels.clear()
            return [], 0.0
        rows: Any = slice(None) if drawn is None else drawn
        frame = frame if drawn is None else subset(frame, drawn)
        xy, facing = camera.project(info.points)
        if camera.flat or not info.projected.on_sphere:
            facing = np.ones(len(xy))
        xy, facing = xy / ratio, facing - HORIZON_FACING
        radius = bead_radius(len(xy)) * look.bead * camera.pixels / ratio
        lit = tuple(dict.fromkeys((*info.chosen, *arc_ends(info.arcs))))
        labels = token_labels(
            frame.names,
            xy,
            facing,
            info.labels[rows],
            close=LABEL_REACH_RADII * radius,
            chosen=lit if look.labels and frame.names else info.chosen,
            shown=self._labels.tokens,
            chosen_only=chosen_only,
            ids=frame.ids,
        )
        if look.numbers and len(info.cluster_ids[rows]) == len(xy):
            labels += number_labels(info.cluster_ids[rows], xy, facing)
        return labels, radius

    def _paint_labels(self, painter: QPainter) -> None:
        """Paint the labels at their positions."""
        key, halo = self.font(fonts.BODY_PT).toString(), halo_colour(self.theme)
        for placed in self._placed:
            one, at, ink = placed.label, placed.box.topLeft(), self.theme.text
            painter.setOpacity(placed.alpha)
            draw_text(painter, at, one.text, key, ink, halo, strong=one.strong)
            if one.others:
                at = QPointF(at.x() + placed.name, at.y())
                draw_text(painter, at, one.suffix, key, self.theme.muted, halo)
        painter.setOpacity(1.0)
