"""A preset as a card: a thumbnail, a title, and what to watch."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton

from app.pages.subjects import place_of, subject_of
from app.theme import fonts
from app.theme.palette import mix
from app.theme.theme import accent_hover
from app.widgets.wrapped_text import WrappedText
from sim.resources import presets

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QPaintEvent

    from app.theme.palette import Theme

CARD_WIDTH, PICTURE_HEIGHT = 236, 132  # pixels of a thumbnail at scale 1
THUMBNAIL, LIGHT_THUMBNAIL = ".webp", ".light.webp"  # of files beside a preset
TEXT_HEIGHT = 124  # pixels below it
ARCHIVE = "arXiv:"  # begins where a paper is found
PADDING = 12
CORNER_RADIUS = 8.0  # radius of the corners


@dataclass(frozen=True, slots=True)
class Preset:
    """One file of the gallery."""

    path: Path
    title: str
    note: str
    reference: str
    star: str = ""

    @property
    def subject(self) -> str:
        """What it belongs to in the gallery."""
        return subject_of(self.path.stem)

    @property
    def words(self) -> str:
        """What a search looks through."""
        parts = (self.title, self.note, self.subject, self.star, self.reference)
        return " ".join((*parts, self.path.stem)).lower()


SYMBOLS = {
    "beta": "β",
    "gamma": "γ",
    "phi": "φ",
    "tokens": "n",
    "temperature": "T",
    "angle": "angle",
    "count": "heads",
    "start": "half layer",
    "stir": "stir",
}
"""Names of star settings on a card, by the last part of their paths."""
USUAL_STARS = ("dynamics.beta", "dynamics.gamma", "tokens")


def star_text(data: dict[str, Any]) -> str:
    """Return the star setting of a preset's data, such as ``β 9``; or nothing."""
    look = data.get("look")
    chosen = look.get("star", "") if isinstance(look, dict) else ""
    for path in (chosen, *USUAL_STARS):
        value: Any = data
        for part in path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            name = path.rpartition(".")[2]
            return f"{SYMBOLS.get(name, name)} {value:g}".replace("-", "−")
    return ""


def shipped_presets() -> list[Preset]:
    """Return the presets that can be read, by subject, the opening one first."""
    found: list[Preset] = []
    for path in presets().values():
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        title, note, source = (
            str(data.get(key, "")) for key in ("title", "note", "reference")
        )
        found.append(Preset(path, title, note, source, star_text(data)))
    return sorted(found, key=_place)


def _place(preset: Preset) -> tuple[int, int, str]:
    return place_of(preset.path.stem)


class Card(QAbstractButton):
    """A thumbnail, a title, and what to watch."""

    def __init__(self, preset: Preset, theme: Theme, scale: float) -> None:
        super().__init__()
        self.preset, self._theme, self._scale = preset, theme, scale
        picture = preset.path.with_suffix(LIGHT_THUMBNAIL)
        if theme.dark or not picture.is_file():
            picture = preset.path.with_suffix(THUMBNAIL)
        self._picture = QPixmap(str(picture)) if picture.is_file() else QPixmap()
        self.setFixedSize(
            round(CARD_WIDTH * scale), round((PICTURE_HEIGHT + TEXT_HEIGHT) * scale)
        )
        self.setText(preset.title)
        self.setAccessibleName(preset.title)
        self.setAccessibleDescription(preset.note)
        self.setToolTip("\n".join(w for w in (preset.note, preset.reference) if w))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the card."""
        t, box = self._theme, QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        shape = QPainterPath()
        shape.addRoundedRect(box, CORNER_RADIUS, CORNER_RADIUS)
        painter.fillPath(shape, QColor(t.raised))
        painter.save()
        painter.setClipPath(shape)
        self._draw_picture(
            painter, QRectF(0, 0, self.width(), PICTURE_HEIGHT * self._scale)
        )
        painter.restore()
        self._write(painter)
        edge = mix(t.line, t.muted, 0.5) if self.underMouse() else t.line
        focus = self.hasFocus()
        painter.setPen(
            QPen(QColor(accent_hover(t) if focus else edge), 2 if focus else 1)
        )
        painter.drawPath(shape)
        painter.end()

    def _draw_picture(self, painter: QPainter, box: QRectF) -> None:
        if self._picture.isNull():
            placeholder(painter, box, self._theme, self.preset.title)
            return
        size = self._picture.size()
        high = size.width() * box.height() / box.width()
        part = QRectF(0, (size.height() - high) / 2, size.width(), high)
        painter.drawPixmap(box, self._picture, part)

    def _write(self, painter: QPainter) -> None:
        scale, t = self._scale, self._theme
        room = QRectF(
            PADDING, (PICTURE_HEIGHT + 8) * scale, self.width() - 2 * PADDING, 0
        )
        room.setBottom(self.height() - 6 * scale)
        strong = fonts.font(10.5 * scale, fonts.QFont.Weight.DemiBold)
        used = self._wrap(painter, room, self.preset.title, strong, t.text)
        room.setTop(room.top() + used + 3 * scale)
        foot = QRectF(room.left(), room.bottom() - 18 * scale, room.width(), 18 * scale)
        room.setBottom(foot.top() - 2 * scale)
        self._wrap(painter, room, self.preset.note, fonts.font(9.5 * scale), t.muted)
        self._write_foot(painter, foot)

    def _write_foot(self, painter: QPainter, room: QRectF) -> None:
        """Write the star setting, and the reference as far as it fits."""
        scale, t = self._scale, self._theme
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setFont(fonts.font(9.5 * scale, QFont.Weight.DemiBold))
        painter.setPen(QColor(t.accent))
        painter.drawText(room, int(left), self.preset.star)
        used = painter.fontMetrics().horizontalAdvance(self.preset.star)
        if self.preset.reference:
            painter.setFont(fonts.font(9.0 * scale))
            painter.setPen(QColor(t.muted))
            rest = room.adjusted(used + 8 * scale, 0, 0, 0)
            text = fitting_reference(painter, self.preset.reference, rest.width())
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(rest, int(right), text)

    def _wrap(
        self, painter: QPainter, room: QRectF, text: str, font: QFont, colour: str
    ) -> float:
        """Write `text` from the top of `room`; return the height that it took."""
        painter.setPen(QColor(colour))
        written = shortened(text, font, room)
        written.paint(painter, room.topLeft())
        return written.height


def short_references(text: str) -> list[str]:
    """Return a reference in full, with its first author alone, and without authors."""
    *authors, where = text.partition(";")[0].split(", ")
    if not authors or not where.startswith(ARCHIVE):
        return [text]
    first = authors[0].removesuffix(" et al.")
    many = len(authors) > 1 or first != authors[0]
    return [text, f"{first} et al., {where}" if many else f"{first}, {where}", where]


def fitting_reference(painter: QPainter, text: str, room: float) -> str:
    """Return the longest form of a reference that fits into so many pixels."""
    metrics, forms = painter.fontMetrics(), short_references(text)
    whole = [form for form in forms if metrics.horizontalAdvance(form) <= room]
    elided = metrics.elidedText(forms[-1], Qt.TextElideMode.ElideRight, int(room))
    return whole[0] if whole else elided


def shortened(text: str, font: QFont, room: QRectF) -> WrappedText:
    """Return as much of `text`, word by word, as fits into `room`, in lines."""
    words, cut = text.split(), text
    while words:
        written = WrappedText(cut, font, room.width())
        if written.height <= room.height():
            return written
        words.pop()
        cut = " ".join(words).rstrip(".,:;") + " …"
    return WrappedText("", font, room.width())


def placeholder(painter: QPainter, box: QRectF, theme: Theme, title: str) -> None:
    """Draw a globe with a few beads where there is no picture yet."""
    painter.fillRect(box, QColor(theme.canvas))
    middle, radius = box.center(), box.height() * 0.38
    painter.setPen(QPen(QColor(theme.glass.rim), 1.2))
    painter.setBrush(QColor(mix(theme.glass.glass, theme.glass.deep, 0.4)))
    painter.drawEllipse(middle, radius, radius)
    painter.setPen(QPen(QColor(theme.accent), 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(middle, radius, radius * 0.3)
    painter.setPen(Qt.PenStyle.NoPen)
    for k, letter in enumerate(title[:7].encode()):
        painter.setBrush(QColor(theme.clusters[k % len(theme.clusters)]))
        x, y = (letter * 37 % 100 - 50) / 62, (letter * 61 % 100 - 50) / 62
        painter.drawEllipse(
            QRectF(middle.x() + radius * x - 4, middle.y() + radius * y - 4, 8, 8)
        )
