"""The whole formula with the settings in it, as the rich text of a tooltip."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgRenderer

from app.annotations.number_format import setting_text
from sim.formula import formula
from sim.settings.knobs import get, knob_of
from sim.settings.plugins import Plugin

if TYPE_CHECKING:
    from sim.scenario import Scenario

MAX_WIDTH = 900.0  # of a line
LINE_GAP = 9.0  # between lines
MARGIN = 6.0  # around them
HINT = "E shows it large; a right-click copies it as LaTeX or Python."
CELL_WIDTH = 160.0  # about that of a setting


def formula_tip(lines: list[bytes | None], scenario: Scenario, ratio: float) -> str:
    """Return rich text with the formula's picture, and what its symbols are set to.

    Parameters
    ----------
    lines : list of bytes or None
        SVG of each line, empty while it is typeset, None where it cannot be.
    scenario : Scenario
        Whose formula it is.
    ratio : float
        Number of physical pixels in a pixel.

    Returns
    -------
    str
        Nothing while a line is missing.
    """
    if not all(lines):
        return ""
    picture = lines_picture(
        [QSvgRenderer(QByteArray(line or b"")) for line in lines], ratio
    )
    w, h = picture.width() / ratio, picture.height() / ratio
    data = _png(picture).toBase64().toStdString()
    return (
        f'<img src="data:image/png;base64,{data}" width="{w:.0f}" height="{h:.0f}">'
        f"{_settings(scenario, max(1, round(w / CELL_WIDTH)))}"
    )


def lines_picture(lines: list[QSvgRenderer], ratio: float) -> QImage:
    """Return formulas below one another, as a transparent picture."""
    boxes = [line.viewBoxF().size() for line in lines]
    factors = [min(1.0, MAX_WIDTH / max(1.0, box.width())) for box in boxes]
    sizes = [box * factor for box, factor in zip(boxes, factors, strict=True)]
    w = max(size.width() for size in sizes) + 2 * MARGIN
    h = sum(size.height() + LINE_GAP for size in sizes) - LINE_GAP + 2 * MARGIN
    picture = QImage(
        round(w * ratio), round(h * ratio), QImage.Format.Format_ARGB32_Premultiplied
    )
    picture.fill(Qt.GlobalColor.transparent)
    painter, top = QPainter(picture), MARGIN
    painter.scale(ratio, ratio)
    for line, size in zip(lines, sizes, strict=True):
        line.render(painter, QRectF(QPointF(MARGIN, top), size))
        top += size.height() + LINE_GAP
    painter.end()
    return picture


def _png(picture: QImage) -> QByteArray:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(picture)
    return buffer.data()


def _settings(scenario: Scenario, columns: int) -> str:
    """Return a table of the settings in the formula."""
    cells = [_setting(scenario, symbol.path) for symbol in formula(scenario).symbols()]
    rows = (cells[k : k + columns] for k in range(0, len(cells), columns))
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    return f"<table>{body}</table><p>{HINT}</p>"


def _setting(scenario: Scenario, path: str) -> str:
    """Return a setting's name and what it is set to."""
    owner, _, name = path.rpartition(".")
    knob = knob_of(type(get(scenario, owner) if owner else scenario), name)
    value = get(scenario, path)
    if isinstance(value, Plugin):
        text = value.title or value.kind
    elif isinstance(value, bool):
        text = "on" if value else "off"
    elif isinstance(value, int | float):
        text = setting_text(value, knob.unit)
    else:
        text = f"{len(value)} rows" if isinstance(value, tuple) else str(value)
    name, text = html.escape(knob.caption), html.escape(text)
    return f"<td>{name}:&nbsp;<b>{text}</b>&nbsp;&nbsp;</td>"
