"""Text with subscripts, superscripts and hats, painted with a vector painter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from app.annotations.hat import HAT, HAT_RISE, put_hat, split
from app.theme import fonts

PT = 2540 / 72  # of a point
SMALLER = 0.72  # size of subscripts and superscripts
DROP, RISE = 0.16, 0.36  # of a subscript and a superscript, in sizes of the font

LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉ᵢⱼₑₖₙᵦ", "0123456789ijeknβ", strict=True))
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ᵀ", "0123456789−+T", strict=True))


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text at one level: 0, or −1 for a subscript, 1 for a superscript."""

    text: str
    level: int = 0


@lru_cache(maxsize=512)
def runs(text: str) -> tuple[Run, ...]:
    """Split `text` at changes of level; E_β has a subscript, and so has xᵢ."""
    out: list[Run] = []
    for letter in text.replace("_β", "ᵦ"):
        level = -1 if letter in LOWERED else int(letter in RAISED)
        plain = LOWERED.get(letter, RAISED.get(letter, letter))
        if out and out[-1].level == level:
            out[-1] = Run(out[-1].text + plain, level)
        else:
            out.append(Run(plain, level))
    return tuple(out)


@lru_cache(maxsize=64)
def sized_font(points: float, strong: bool = False) -> QFont:
    """Return the shipped font at a size in points, for a painter in `PT` units."""
    weight = QFont.Weight.DemiBold if strong else QFont.Weight.Normal
    made = fonts.font(points, weight)
    made.unsetFeature(fonts.TABULAR)  # a file may not say so, and text would move
    made.setPixelSize(round(points * PT))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def _font(points: float, run: Run, strong: bool) -> QFont:
    return sized_font(points * (SMALLER if run.level else 1.0), strong)


def width(text: str, points: float, *, strong: bool = False) -> float:
    """Return the width of `text`."""
    pieces = ((run, QFontMetricsF(_font(points, run, strong))) for run in runs(text))
    return sum(m.horizontalAdvance(r.text.replace(HAT, "")) for r, m in pieces)


def broken(text: str, room: float, points: float) -> list[str]:
    """Return `text` in lines that are at most `room` wide, where words allow it."""
    out: list[str] = []
    for word in text.split(" "):
        longer = f"{out[-1]} {word}" if out else word
        if out and width(longer, points) <= room:
            out[-1] = longer
        else:
            out.append(word)
    return out


def height(points: float) -> float:
    """Return the height of a line."""
    return 1.25 * points * PT


def draw(
    p: QPainter,
    text: str,
    at: tuple[float, float],
    points: float,
    colour: str,
    *,
    align: float = 0.0,
    strong: bool = False,
    angle: float = 0.0,
) -> None:
    """Draw `text` with its middle line through `at`.

    `align` is the share of its width that lies left of `at`; `angle` is in degrees.
    """
    p.save()
    p.translate(*at)
    p.rotate(angle)
    p.setPen(QColor(colour))
    x = -align * width(text, points, strong=strong)
    base = 0.5 * QFontMetricsF(sized_font(points, strong)).capHeight()
    for run in runs(text):
        p.setFont(_font(points, run, strong))
        y = base + points * PT * {0: 0.0, -1: DROP, 1: -RISE}[run.level]
        x = _draw_run(p, run.text, x, y)
    p.restore()


def _draw_run(p: QPainter, text: str, x: float, y: float) -> float:
    """Draw text whose capitals may have hats; return where it ends."""
    metrics = QFontMetricsF(p.font())
    bare, hats = split(text)
    p.drawText(QPointF(x, y), bare)
    for k in hats:
        left = x + metrics.horizontalAdvance(bare[:k])
        wide = metrics.horizontalAdvance(bare[k])
        put_hat(p, p.font(), QPointF(left, y), wide, HAT_RISE)
    return x + metrics.horizontalAdvance(bare)
