"""A figure as SVG, PDF or PNG, with vectors where it has no pictures; or as CSV."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, unescape

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMarginsF,
    QRectF,
    QSize,
    QSizeF,
)
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QImage,
    QImageWriter,
    QPageSize,
    QPainter,
    QPdfWriter,
)
from PySide6.QtSvg import QSvgGenerator

from app.figures import layout
from app.figures.style import MM, checked_width
from app.figures.table import comma_separated
from app.theme import fonts
from sim.io.atomic_write import atomic_write
from sim.io.media import DOCUMENT_KEY
from sim.io.media.pdf import ATTACHMENT

if TYPE_CHECKING:
    from app.figures.figure import Figure

UNITS_PER_INCH = 2540  # hundredths of a millimetre
POINTS_PER_MM = 72 / 25.4
PNG_DPI = 600  # of a PNG in a file
CLIPBOARD_DPI = 300  # of a picture on the clipboard
DPI_RANGE = (72, 1200)
# For browsers; other viewers, which know no list of families, skip it as a whole.
STYLE = """<style>@supports (display: block) {
text { font-family: Inter, Helvetica, Arial, sans-serif }
}</style>
"""
TEXT = re.compile(
    r'(?P<start><text )(?P<rest>[^>]*font-size="(?P<size>\d+)" '
    r'font-weight="(?P<weight>\d+)"[^>]*>(?P<text>[^<]*)</text>)'
)


@dataclass(frozen=True, slots=True)
class FigureOptions:
    """How a figure becomes a file; see `save`."""

    width_mm: float
    dpi: float = PNG_DPI
    captioned: bool = True
    inside: str = ""


def save(
    figure: Figure,
    path: str | Path,
    width_mm: float,
    *,
    dpi: float = PNG_DPI,
    captioned: bool = True,
    inside: str = "",
) -> None:
    """Write `figure` to `path`, by its suffix, aside first.

    Parameters
    ----------
    figure : Figure
        What to draw.
    path : path
        ``.svg``, ``.pdf`` or ``.png``; ``.csv`` for its numbers.
    width_mm : float
        Width of the page in millimetres; the height follows.
    dpi : float
        Pixels per inch of a PNG.
    captioned : bool
        Whether the lines of its caption are drawn.
    inside : str
        The document that it was made from, which the file carries.

    Raises
    ------
    ValueError
        If the suffix is unknown, or a number is out of bounds.
    OSError
        If the file cannot be written.
    """
    write = writer_for(path)
    checked_width(width_mm)
    least, most = DPI_RANGE
    if not least <= dpi <= most:
        raise ValueError(f"dpi must be in [{least}, {most}], got {dpi:g}.")
    data = write(figure, FigureOptions(width_mm, dpi, captioned, inside))
    with atomic_write(path) as temporary:
        temporary.write_bytes(data)


def writer_for(path: str | Path) -> Writer:
    """Return what makes the bytes of a file, by its suffix.

    Raises
    ------
    ValueError
        If there is none; lists the suffixes that there are.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in WRITERS:
        known = ", ".join(WRITERS)
        raise ValueError(f"{path}: figures are written to {known}, not {suffix!r}.")
    return WRITERS[suffix]


def image(
    figure: Figure, width_mm: float, dpi: float, *, captioned: bool = True
) -> QImage:
    """Return a figure as an image on white."""
    fonts.install()
    tall = layout.height(figure, width_mm, captioned=captioned)
    wide, high = (round(side * dpi / 25.4) for side in (width_mm, tall))
    out = QImage(wide, high, QImage.Format.Format_RGB32)
    out.fill(0xFFFFFFFF)
    per_metre = round(dpi / 0.0254)
    out.setDotsPerMeterX(per_metre)
    out.setDotsPerMeterY(per_metre)
    painter = QPainter(out)
    scale = dpi / UNITS_PER_INCH
    painter.scale(scale, scale)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    layout.draw(figure, painter, width_mm, captioned=captioned)
    painter.end()
    return out


def _png(figure: Figure, options: FigureOptions) -> bytes:
    buffer = _buffer()
    drawn = image(figure, options.width_mm, options.dpi, captioned=options.captioned)
    if options.inside:
        drawn.setText(DOCUMENT_KEY, options.inside)
    QImageWriter(buffer, QByteArray(b"png")).write(drawn)
    return bytes(buffer.data().data())


def _svg(figure: Figure, options: FigureOptions) -> bytes:
    fonts.install()
    width_mm, captioned = options.width_mm, options.captioned
    tall = layout.height(figure, width_mm, captioned=captioned)
    buffer, maker = _buffer(), QSvgGenerator()
    size = QSize(round(width_mm * MM), math.ceil(tall * MM))
    maker.setOutputDevice(buffer)
    maker.setResolution(UNITS_PER_INCH)
    maker.setSize(size)
    maker.setViewBox(QRectF(0, 0, size.width(), size.height()))
    maker.setTitle(figure.name)
    maker.setDescription("\n".join(figure.caption))
    painter = QPainter(maker)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), 0xFFFFFFFF)
    layout.draw(figure, painter, width_mm, captioned=captioned)
    painter.end()
    svg = with_text_lengths(bytes(buffer.data().data()).decode())
    if options.inside:
        metadata = f'<metadata id="orrery">{escape(options.inside)}</metadata>\n'
        svg = svg.replace("<style>", metadata + "<style>", 1)
    return svg.encode()


def with_text_lengths(svg: str) -> str:
    """Return an SVG that keeps its layout where the shipped font is not installed.

    Each text has the length that it was laid out with, and other fonts to fall back on.
    """

    def measured(found: re.Match[str]) -> str:
        font = fonts.font()
        font.unsetFeature(fonts.TABULAR)
        font.setPixelSize(int(found["size"]))
        font.setWeight(QFont.Weight(int(found["weight"])))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        wide = QFontMetricsF(font).horizontalAdvance(unescape(found["text"]))
        length = f'textLength="{wide:.1f}" lengthAdjust="spacingAndGlyphs" '
        return found["start"] + length + found["rest"]

    head, mark, rest = svg.partition("<defs>")
    return head + STYLE + mark + TEXT.sub(measured, rest)


def _pdf(figure: Figure, options: FigureOptions) -> bytes:
    """Return a page of exactly `width_mm`: Qt rounds pages to whole points."""
    fonts.install()
    width_mm, captioned = options.width_mm, options.captioned
    tall = layout.height(figure, width_mm, captioned=captioned)
    points = width_mm * POINTS_PER_MM
    paper = QSizeF(math.ceil(points), math.ceil(tall * POINTS_PER_MM))
    buffer = _buffer()
    maker = QPdfWriter(buffer)
    maker.setResolution(UNITS_PER_INCH)
    exact = QPageSize.SizeMatchPolicy.ExactMatch
    maker.setPageSize(QPageSize(paper, QPageSize.Unit.Point, figure.name, exact))
    maker.setPageMargins(QMarginsF(0, 0, 0, 0))
    maker.setTitle(figure.name)
    maker.setCreator("Attention Orrery")
    if options.inside:
        text = QByteArray(options.inside.encode())
        maker.addFileAttachment(ATTACHMENT, text, "application/json")
    painter = QPainter(maker)
    layout.draw(figure, painter, width_mm, captioned=captioned)
    painter.end()
    return _with_page_width(bytes(buffer.data().data()), points)


def _with_page_width(data: bytes, points: float) -> bytes:
    """Return a PDF with the width of its page in place of a whole number of points.

    The number has as many letters as before, so that no offset in the file changes.
    """

    def exact(found: re.Match[bytes]) -> bytes:
        length = len(found[2])
        return found[1] + f"{points:.9f}"[:length].encode() + found[3]

    return re.sub(rb"(/MediaBox \[0 0 )([\d.]+)( )", exact, data, count=1)


def _buffer() -> QBuffer:
    out = QBuffer()
    out.open(QIODevice.OpenModeFlag.WriteOnly)
    return out


def _csv(figure: Figure, options: FigureOptions) -> bytes:
    return comma_separated(figure, options.inside).encode()


Writer = Callable[["Figure", FigureOptions], bytes]
WRITERS: dict[str, Writer] = {
    ".svg": _svg,
    ".pdf": _pdf,
    ".png": _png,
    ".csv": _csv,
}
