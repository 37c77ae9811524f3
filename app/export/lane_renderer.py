"""Pictures of several lanes: their globes side by side, seen by one camera."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from app.annotations.legends import LegendRow
from app.annotations.overlay import Overlay
from app.export.lane_panel import LANE_PX, paint_formula, shares_formula
from app.export.layout import design_ratio, text_ratio
from app.export.lettering import FormulaPainter
from app.export.picture_buffer import PictureBuffer
from app.export.renderer import FILM_TEXT_SCALE, application, camera_at, checked_size
from app.gl.offscreen import Offscreen
from app.scene.builder import SceneBuilder
from sim.lanes import with_shared_axes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.document.look import Look
    from app.export.lane_layout import LanePlaces
    from app.export.lane_panel import LanePanel
    from app.theme.palette import Theme
    from sim.array_types import Pixels
    from sim.frame import Frame

MARGIN, TOP = 12.0, 14.0  # of a lane's words, in pixels of the design
TITLE_GAP = 8.0  # below a lane's title
FORMULA_BOX = (0.9, 40.0)  # of a lane's own formula: share of the width, and height


class LaneRenderer:
    """Draws frames of several lanes as pictures of one size.

    A globe is drawn as in a picture of its lane alone that has its size.

    Parameters
    ----------
    size : (int, int)
        Width and height in pixels.
    theme : Theme
        Colours.
    look : Look
        Options of drawing.
    samples : int
        As of `Renderer`.
    places : LanePlaces
        Where the globes are, in pixels of the design.
    panel : LanePanel
        What is said beside them.

    Raises
    ------
    ValueError
        If the size is out of bounds.
    RuntimeError
        If there is no OpenGL to draw with.
    """

    def __init__(
        self,
        size: tuple[int, int],
        theme: Theme,
        look: Look,
        samples: int,
        places: LanePlaces,
        panel: LanePanel,
    ) -> None:
        self.size, self._look, self._samples = checked_size(size), look, samples
        self._application, self._panel, self._theme = application(), panel, theme
        self.ratio = text_ratio(size)
        self._globes = [
            _LaneGlobe(box, self.ratio, theme, len(places.globes))
            for box in places.globes
        ]

    def set_look(self, look: Look) -> None:
        """Take other options of drawing."""
        self._look = look

    def render(
        self, frames: Sequence[Frame], seconds: float, buffer: PictureBuffer
    ) -> Pixels:
        """Return the picture of one moment, as the pixels of `buffer`.

        Parameters
        ----------
        frames : sequence of Frame
            One of each lane, at one time.  They are drawn in order: trails lead from
            one to the next.
        seconds : float
            Display time since the start, for the slow rotation of the globes.
        """
        self.draw_globes(frames, seconds, buffer)
        painter = QPainter(buffer.image)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            own = not shares_formula([frame.scenario for frame in frames])
            notes = self._panel.paint(painter, frames, self._shared_notes())
            for k, globe in enumerate(self._globes):
                wide, high = self._panel.heading_size(k, globe.heading_room)
                globe.keep_free(MARGIN + wide, TOP + high, formula=own)
                globe.paint_text(painter, self._look, seconds, notes)
                at = globe.box.topLeft() + QPointF(MARGIN, TOP + LANE_PX)
                self._panel.paint_heading(painter, at, k, globe.heading_room)
                if own:
                    globe.paint_formula(painter, frames[k])
        finally:
            painter.end()
        return buffer.pixels

    def _shared_notes(self) -> tuple[str, ...]:
        """Return the notes that all lanes have, which are said once."""
        first, *others = [globe.notes(self._look) for globe in self._globes]
        return tuple(text for text in first if all(text in one for one in others))

    def draw_globes(
        self, frames: Sequence[Frame], seconds: float, buffer: PictureBuffer
    ) -> None:
        """Draw the globes alone."""
        self.advance(frames)
        buffer.image.fill(QColor(self._theme.canvas))  # also between the globes
        for globe in self._globes:
            globe.draw(buffer, self._look, seconds, self._samples)

    @property
    def boxes(self) -> list[tuple[int, int, int, int]]:
        """Left, top, width and height of each globe's part, in pixels."""
        return [(*globe.corner, *globe.size) for globe in self._globes]

    def advance(self, frames: Sequence[Frame]) -> None:
        """Take frames without drawing them, for trails, colours and projection."""
        for globe, frame in zip(self._globes, with_shared_axes(frames), strict=True):
            globe.advance(frame, self._look)

    def new_buffer(self) -> PictureBuffer:
        """Return memory for a picture."""
        return PictureBuffer(self.size, self.ratio)

    def close(self) -> None:
        """Free the OpenGL contexts; nothing can be drawn after that."""
        for globe in self._globes:
            globe.close()


class _LaneGlobe:
    """The globe of one lane, and the words on it."""

    def __init__(self, box: QRectF, ratio: float, theme: Theme, lanes: int) -> None:
        self.corner = round(box.left() * ratio), round(box.top() * ratio)
        self.size = int(box.width() * ratio), int(box.height() * ratio)
        x, y, w, h = (pixels / ratio for pixels in (*self.corner, *self.size))
        self.box = QRectF(x, y, w, h)
        self._builder, self._offscreen = SceneBuilder(theme), Offscreen(theme)
        small = lanes > 2  # noqa: PLR2004 - a globe of a pair has room for large text
        self._overlay = Overlay(theme, 1.0 if small else FILM_TEXT_SCALE)
        self._overlay.captioned, self._theme = False, theme
        self._formula = FormulaPainter()

    @property
    def heading_room(self) -> float:
        """Width of the lane's title, at most."""
        return self.box.width() - 2 * MARGIN

    def keep_free(self, wide: float, high: float, *, formula: bool) -> None:
        """Leave a corner of this size to the title, and one to the law's formula."""
        w, h = self.box.width(), self.box.height()
        share, tall = FORMULA_BOX
        foot = h - (tall + MARGIN if formula else 0.0)
        self._overlay.legend.area = high + TITLE_GAP, foot
        boxes = QRectF(0, 0, wide, high), QRectF(0, foot, share * w, h - foot)
        self._overlay.taken = boxes if formula else boxes[:1]

    def advance(self, frame: Frame, look: Look) -> None:
        self._offscreen.stage.show(self._builder.build(frame, look))

    def draw(
        self, buffer: PictureBuffer, look: Look, seconds: float, samples: int
    ) -> None:
        (x, y), (w, h) = self.corner, self.size
        camera = camera_at(look, self.size, seconds, design_ratio(self.size))
        part = buffer.pixels[y : y + h, x : x + w]
        self._offscreen.draw_onto(part, camera, samples)

    def notes(self, look: Look) -> list[str]:
        """Return the notes of the legend that belong to no sample of colour."""
        info, self._overlay.legend.omitted = self._builder.info, frozenset()
        if info.frame is None:
            return []
        rows = self._overlay.legend.rows(info.frame, look, info)
        after = [*rows[1:], LegendRow("")]
        return [
            row.text
            for row, following in zip(rows, after, strict=True)
            if row.colours is None and following.colours is None
        ]

    def paint_text(
        self, painter: QPainter, look: Look, seconds: float, notes: Iterable[str]
    ) -> None:
        """Paint the labels and the legend, without `notes`."""
        self._overlay.legend.omitted = frozenset(notes)
        camera = camera_at(look, self.size, seconds, design_ratio(self.size))
        painter.save()
        try:
            painter.translate(self.box.topLeft())
            painter.setClipRect(QRectF(0, 0, self.box.width(), self.box.height()))
            self._overlay.paint(painter, camera, look, self._builder.info)
        finally:  # Ctrl+C may come within: Qt warns of states that stay saved
            painter.restore()

    def paint_formula(self, painter: QPainter, frame: Frame) -> None:
        """Paint the law's formula in the lower left corner."""
        share, high = FORMULA_BOX
        box = QRectF(0, 0, share * self.box.width(), high)
        box.moveTo(self.box.left() + MARGIN, self.box.bottom() - high - MARGIN)
        paint_formula(painter, self._formula, frame.scenario, box, self._theme)

    def close(self) -> None:
        self._offscreen.close()
