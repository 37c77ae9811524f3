"""Line icons on a grid of 20: files of assets/icons, drawn in a theme's colours."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.theme.palette import mix
from sim.resources import asset

if TYPE_CHECKING:
    from app.theme.palette import Theme

FOLDER = asset("icons")
INK = "#000"  # the colour that the files are drawn in
SIDE = 20  # logical pixels
RATIOS = (1.0, 2.0)  # device pixels a logical pixel that icons are kept for
APP = "orrery"
EMBLEM = "emblem"


@cache
def _drawing(name: str) -> str:
    return (FOLDER / f"{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, colour: str, side: int = SIDE, ratio: float = 2.0) -> QPixmap:
    """Return the icon `name` in one colour, `side` logical pixels wide."""
    return QPixmap.fromImage(_image(name, colour, side, ratio))


@lru_cache(maxsize=512)
def _image(name: str, colour: str, side: int, ratio: float) -> QImage:
    size = round(side * ratio)
    out = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    out.fill(Qt.GlobalColor.transparent)
    drawing = _drawing(name).replace(INK, colour)
    painter = QPainter(out)
    QSvgRenderer(QByteArray(drawing.encode())).render(
        painter, QRectF(0, 0, out.width(), out.height())
    )
    painter.end()
    out.setDevicePixelRatio(ratio)
    return out


def icon(name: str, theme: Theme, colour: str = "", side: int = SIDE) -> QIcon:
    """Return the icon `name` in the theme's text colour; dim where disabled."""
    out = QIcon()
    faint = mix(theme.panel, theme.muted, 0.5)
    for ratio in RATIOS:
        out.addPixmap(pixmap(name, colour or theme.text, side, ratio))
        out.addPixmap(pixmap(name, faint, side, ratio), QIcon.Mode.Disabled)
    return out


def app_icon() -> QIcon:
    """Return the program's own icon, in the sizes that desktops ask for."""
    out = QIcon()
    for side in (16, 32, 48, 64, 128, 256):
        name = EMBLEM if side < 32 else APP  # noqa: PLR2004 - the ring needs room
        out.addPixmap(pixmap(name, INK, side, 1.0))
    return out
