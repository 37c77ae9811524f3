"""All text on the picture: labels, caption, legends; painted by Qt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from app.annotations.caption import Caption
from app.annotations.cluster_numbers import number_labels
from app.annotations.label_selection import token_labels
from app.annotations.labels import Label, Labels, PlacedLabel
from app.annotations.scene_legend import SceneLegend
from app.annotations.text_cache import draw_text, halo_colour, screen_font
from app.scene.arcs import arc_ends
from app.scene.projector import CIRCLE
from app.scene.sampling import subset
from app.scene.scene import bead_radius
from app.theme import fonts, typesetting

if TYPE_CHECKING:
    from app.annotations.equation import Typeset
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
    legend : SceneLegend
        The legend, and what it leaves out.
    captioned : bool
        Whether there is a caption along the bottom.
    taken : tuple of QRectF
        Boxes of other text.
    """

    def __init__(
        self, theme: Theme, scale: float = 1.0, typeset: Typeset = typesetting.svg
    ) -> None:
        self._labels, self._caption = Labels(), Caption(theme, scale, typeset)
        self.legend = SceneLegend(theme, scale)
        self._epoch = -1
        self._placed: list[PlacedLabel] = []
        self._reserved: list[QRectF] = []
        self.captioned = True
        self.taken: tuple[QRectF, ...] = ()

    def set_theme(self, theme: Theme, scale: float | None = None) -> None:
        """Take the colours of `theme`, and another font scale if given."""
        self._caption.theme = self.legend.theme = theme
        if scale is not None:
            self._caption.scale = self.legend.scale = scale

    @property
    def theme(self) -> Theme:
        """The colours; see `set_theme`."""
        return self.legend.theme

    @property
    def scale(self) -> float:
        """The scale of fonts; see `set_theme`."""
        return self.legend.scale

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
        kept, caption = list(self.taken), self._caption if self.captioned else None
        if caption is not None:
            kept += caption.paint(painter, frame, w, h, shaded=camera.zoom > 1)
        kept += self.legend.paint(painter, (frame, look, info), camera, ratio, caption)
        if camera.flat:
            kept += self._angle_labels(painter, camera, ratio, kept)
        self.place_labels(camera, ratio, look, info, kept)
        self._paint_labels(painter)

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
