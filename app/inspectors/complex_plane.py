"""The complex plane with the eigenvalues of D and V."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from app.annotations.number_format import complex_number, general
from app.inspectors.markers import scatter
from app.widgets import axis_scale
from app.widgets.font_sizes import small_font

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from app.theme.palette import Theme
    from sim.array_types import Complexes, Floats


MIN_HEIGHT_PX = 72
MARGIN_FACTOR = 1.22  # between the farthest eigenvalue and the border
MARKER_RADIUS, DENSE_RADIUS = 0.33, 0.15  # of a line's height; the latter if many
MAX_LABELLED = 64  # more markers are small and have no labels
HOVER_DISTANCE_PX = 9.0  # from the mouse
SHAPES = {"D": "ring", "V": "diamond", "mean V": "cross"}


@dataclass(frozen=True, slots=True)
class Eigenvalue:
    """One eigenvalue, or several that are equal.

    Attributes
    ----------
    kind : {"D", "V", "mean V"}
        The matrix.
    head : int
        The head, from 0; −1 for all.
    value : complex
        The eigenvalue.
    count : int
        Its multiplicity.
    """

    kind: str
    head: int
    value: complex
    count: int

    def text(self, heads: int) -> str:
        """Return it as text; the head is named where there are several `heads`."""
        where = f", head {self.head + 1}" if self.head >= 0 and heads > 1 else ""
        often = f" ({self.count} times)" if self.count > 1 else ""
        return f"{self.kind}{where}: λ = {complex_number(self.value)}{often}"


class ComplexPlane(QWidget):
    """Axes, the unit circle, and a marker for every eigenvalue."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._size = theme, 0.0
        self._eigenvalues: tuple[Eigenvalue, ...] = ()
        self._heads = 1
        self._leading: Eigenvalue | None = None
        self._far = 0j  # the largest |Re| and |Im|
        self._values: Complexes = np.empty(0, complex)
        self.setMinimumHeight(MIN_HEIGHT_PX)
        self.setMouseTracking(True)
        self.setAccessibleName("Eigenvalues in the complex plane")

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self.update()

    def show_eigenvalues(
        self,
        eigenvalues: tuple[Eigenvalue, ...],
        heads: int,
        leading: Eigenvalue | None,
    ) -> None:
        """Draw the eigenvalues of `heads` heads, and label `leading`, one of them."""
        if (eigenvalues, heads) != (self._eigenvalues, self._heads):
            self._eigenvalues, self._heads, self._leading = eigenvalues, heads, leading
            self._values = np.array([m.value for m in eigenvalues], complex)
            sides = np.real(self._values), np.imag(self._values)
            self._far = complex(*(float(np.abs(v).max(initial=0.0)) for v in sides))
            texts = [m.text(heads) for m in eigenvalues[:16]]
            self.setAccessibleDescription("; ".join(texts))
            self.update()

    @property
    def eigenvalues(self) -> tuple[Eigenvalue, ...]:
        """The eigenvalues that are drawn."""
        return self._eigenvalues

    @property
    def reach(self) -> float:
        """Im λ at the upper border: all markers and the unit circle are inside."""
        wide = self.width() / max(self.height(), 1)
        return MARGIN_FACTOR * max(self._far.imag, self._far.real / wide, 1.0)

    def place(self, value: complex) -> QPointF:
        """Return the position of `value` in the widget."""
        unit = self.height() / 2 / self.reach
        middle = QRectF(self.rect()).center()
        return middle + QPointF(value.real * unit, -value.imag * unit)

    def places(self) -> Floats:
        """Return the positions of all eigenvalues: (k, 2)."""
        zero, unit = self.place(0), self.height() / 2 / self.reach
        v = self._values
        x, y = zero.x() + np.real(v) * unit, zero.y() - np.imag(v) * unit
        return np.stack([x, y], axis=-1)

    def text_at(self, at: QPointF) -> str:
        """Return the tooltip at a position of the widget."""
        off = self.places() - np.array([at.x(), at.y()])
        near = np.flatnonzero(np.abs(off).sum(axis=1) < HOVER_DISTANCE_PX)[:8]
        return "\n".join(self._eigenvalues[k].text(self._heads) for k in near)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Show what is under the mouse."""
        text = self.text_at(event.position())
        QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw axes, markers and labels."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(small_font(self))
        taken = self._axes(painter)
        dense = len(self._eigenvalues) > MAX_LABELLED
        line = QFontMetricsF(painter.font()).height()
        self._size = line * (DENSE_RADIUS if dense else MARKER_RADIUS)
        kinds = [(mark.kind, mark.head) for mark in self._eigenvalues]
        looks = {
            (m.kind, m.head): (SHAPES[m.kind], self.colour(m))
            for m in self._eigenvalues
        }
        scatter(painter, self.places(), kinds, looks, self._size)
        if self._leading is not None:
            taken.append(self._name(painter, self._leading))
        if not dense:
            self._numbers(painter, taken)
        painter.end()

    def _axes(self, p: QPainter) -> list[QRectF]:
        """Draw axes and the unit circle; return the boxes of their numbers."""
        box, zero = QRectF(self.rect()), self.place(0)
        unit = self.place(1).x() - zero.x()
        p.setPen(QPen(QColor(self._theme.line), 1))
        p.drawLine(QPointF(0, zero.y()), QPointF(box.right(), zero.y()))
        p.drawLine(QPointF(zero.x(), 0), QPointF(zero.x(), box.bottom()))
        p.setPen(QPen(QColor(self._theme.muted), 1, Qt.PenStyle.DashLine))
        p.drawEllipse(zero, unit, unit)
        p.setPen(QColor(self._theme.muted))
        high = QFontMetricsF(p.font()).height()
        taken: list[QRectF] = []
        for v in axis_scale.round_numbers(-self.reach, self.reach):
            if not v:
                continue
            word = general(v)
            along, up = self.place(v), self.place(v * 1j)
            taken.append(self._write(p, along + QPointF(0, 3 + high / 2), word))
            if high < up.y() < box.bottom() - high / 2:
                taken.append(self._write(p, up - QPointF(0.9 * high, 0), f"{word}i"))
        end = QRectF(box.right() - 6 * high, zero.y() - high - 2, 6 * high - 2, high)
        p.drawText(end, Qt.AlignmentFlag.AlignRight, "Re λ")
        p.drawText(QRectF(zero.x() + 4, 0, 6 * high, high), "Im λ")
        return taken

    def _write(self, p: QPainter, at: QPointF, word: str) -> QRectF:
        """Write around a position, on a background that hides the lines behind.

        Returns the box of the text.
        """
        metrics = QFontMetricsF(p.font())
        size = QSizeF(metrics.horizontalAdvance(word) + 4, metrics.height() - 2)
        box = QRectF(at - QPointF(size.width(), size.height()) / 2, size)
        p.fillRect(box, QColor(self._theme.panel))
        p.drawText(box, Qt.AlignmentFlag.AlignCenter, word)
        return box

    def colour(self, mark: Eigenvalue) -> QColor:
        """Return the colour of an eigenvalue: of its head, or of its matrix.

        The shape shows which matrix, and a number which head.
        """
        if mark.head >= 0 and self._heads > 1:
            return QColor(self._theme.clusters[mark.head])
        kinds = {"D": self._theme.sky, "V": self._theme.accent}
        return QColor(kinds.get(mark.kind, self._theme.text))

    def _numbers(self, p: QPainter, taken: list[QRectF]) -> None:
        """Write head and multiplicity beside every marker that has room."""
        metrics = QFontMetricsF(p.font())
        for mark in self._eigenvalues:
            number = str(mark.head + 1) if self._heads > 1 and mark.head >= 0 else ""
            word = number + (f" ×{mark.count}" if mark.count > 1 else "")
            if not word or mark == self._leading:
                continue
            size = QSizeF(metrics.horizontalAdvance(word) + 2, metrics.height())
            down = mark.kind == "D"
            r = self._size
            off = QPointF(r + 2, r - 2 if down else 2 - r - size.height())
            box = QRectF(self.place(mark.value) + off, size)
            if box.right() > self.width():
                box.moveRight(self.place(mark.value).x() - r - 2)
            if not any(box.intersects(t) for t in taken):
                p.setPen(self.colour(mark))
                p.drawText(box, Qt.AlignmentFlag.AlignLeft, word.strip())
                taken.append(box)

    def _name(self, p: QPainter, mark: Eigenvalue) -> QRectF:
        """Label the leading eigenvalue; return the rectangle of the label."""
        metrics = QFontMetricsF(p.font())
        often = f"  ×{mark.count}" if mark.count > 1 else ""
        word = f"λ₁ = {complex_number(mark.value)}{often}"
        at = self.place(mark.value)
        size = QSizeF(metrics.horizontalAdvance(word) + 8, metrics.height() + 2)
        r = self._size
        box = QRectF(at + QPointF(r + 5, -size.height() - r), size)
        if box.right() > self.width():
            box.moveRight(min(at.x() - r - 5, self.width()))
        box.moveTop(max(box.top(), 0))
        ground = QColor(self._theme.panel)
        ground.setAlphaF(0.8)
        p.fillRect(box, ground)
        p.setPen(QColor(self._theme.text))
        p.drawText(box, Qt.AlignmentFlag.AlignCenter, word)
        return box
