"""Lays a figure out, and draws it with one painter: the only way figures are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QImage, QPainter

from app.figures import image_painter, rich_text
from app.figures.figure import (
    HeatMap,
    PaintedPanel,
    Picture,
    PictureRow,
    PlotPanel,
    Table,
)
from app.figures.plot_painter import PlotPainter
from app.figures.rich_text import PT
from app.figures.style import MARGIN_MM, MM, SPACE_MM, FigureStyle
from app.theme.palette import PAPER

if TYPE_CHECKING:
    from app.figures.figure import Figure, Panel


def height(figure: Figure, width_mm: float, *, captioned: bool = True) -> float:
    """Return the height of a figure in millimetres."""
    blank = QImage(1, 1, QImage.Format.Format_RGB32)
    painter = QPainter(blank)
    painter.setClipRect(0, 0, 0, 0)
    try:
        return draw(figure, painter, width_mm, captioned=captioned) / MM
    finally:
        painter.end()


def draw(
    figure: Figure, p: QPainter, width_mm: float, *, captioned: bool = True
) -> float:
    """Draw a figure from the origin on, in hundredths of a millimetre.

    Returns
    -------
    float
        The height used, in the same unit.
    """
    margin = MARGIN_MM * MM
    style = FigureStyle.of(width_mm - 2 * MARGIN_MM)
    p.save()
    p.translate(margin, margin)
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
    plots = [PlotPainter(x, style) for x in figure.panels if isinstance(x, PlotPanel)]
    inset = max((plot.inset for plot in plots), default=0.0)
    left, top = iter(plots), 0.0
    for number, panel in enumerate(figure.panels):
        top += SPACE_MM * MM if number else 0.0
        if isinstance(panel, PlotPanel):
            top += next(left).draw(p, 0.0, top, inset)
        else:
            top += _draw_other(p, panel, style, top)
    if captioned and figure.caption:
        top = _draw_caption(p, figure.caption, style, top + SPACE_MM * MM / 2)
    p.restore()
    return top + 2 * margin


def _draw_other(p: QPainter, panel: Panel, style: FigureStyle, top: float) -> float:
    if isinstance(panel, HeatMap):
        return image_painter.draw_heat_map(p, panel, style, top)
    if isinstance(panel, Picture):
        return image_painter.draw_picture(p, panel, style, top)
    if isinstance(panel, PictureRow):
        return image_painter.draw_pictures(p, panel, style, top)
    if isinstance(panel, PaintedPanel):
        tall = panel.height * style.width
        panel.painter.paint(p, (0.0, top, style.width, tall), style.small)
        return tall
    assert isinstance(panel, Table)
    return image_painter.draw_table(p, panel, style, top)


def _draw_caption(
    p: QPainter, caption: tuple[str, ...], style: FigureStyle, top: float
) -> float:
    """Draw lines of small text, broken between words; return where they end."""
    for line in caption:
        for text in rich_text.broken(line, style.width, style.small):
            at = (0.0, top + style.line / 2)
            rich_text.draw(p, text, at, style.small, PAPER.muted)
            top += style.line
    return top + 0.2 * style.small * PT
