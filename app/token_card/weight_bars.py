"""The largest weights of a token as bars with numbers; a click chooses a token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.annotations.number_format import minus
from app.token_card.facts import ROWS
from app.widgets.font_sizes import tabular_font

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from app.theme.palette import Theme
    from app.token_card.facts import TokenFacts, Weight

NAME_SHARE = 0.43  # of the width
BAR_HEIGHT_PX = 7.0
LEADING_PX = 4.0  # between lines of text
GAP_PX = 8.0


class WeightBars(QWidget):
    """Ten rows: name, bar, number; a dashed line where 90 % is reached."""

    token_chosen = Signal(int)
    token_hovered = Signal(int)
    """The id of the token under the mouse; -1 for none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._weights: tuple[Weight, ...] = ()
        self._covered, self._why_not, self._hovered = 0, "", -1
        self._signed = False
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Largest weights")

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def show_facts(self, facts: TokenFacts) -> None:
        """Show the weights of a token, or why there are none."""
        self._weights, self._covered = facts.weights, facts.covered
        self._why_not, self._signed = facts.why_not, facts.signed
        texts = (f"{w.name} {number_text(w.value)}" for w in facts.weights)
        self.setAccessibleDescription("; ".join(texts) or facts.why_not)
        self.update()

    @property
    def _line_px(self) -> float:
        return self.fontMetrics().height() + LEADING_PX

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return room for every row."""
        return QSize(240, round(ROWS * self._line_px))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the height of `sizeHint`."""
        return QSize(160, self.sizeHint().height())

    def weight_at(self, y: float) -> Weight | None:
        """Return the weight at a height of the widget."""
        k = int(y // self._line_px)
        return self._weights[k] if 0 <= k < len(self._weights) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose the token of a row."""
        found = self.weight_at(event.position().y())
        if found is not None:
            self.token_chosen.emit(found.token)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Light up the token of a row."""
        found = self.weight_at(event.position().y())
        self._hover(-1 if found is None else found.token)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Light up no token."""
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, token: int) -> None:
        if token != self._hovered:
            self._hovered = token
            shape = Qt.CursorShape
            self.setCursor(
                shape.PointingHandCursor if token >= 0 else shape.ArrowCursor
            )
            self.token_hovered.emit(token)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the rows."""
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setFont(tabular_font(self.font()))
        if self._why_not:
            p.setPen(QColor(self._theme.muted))
            how = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            p.drawText(QRectF(self.rect()), int(how), self._why_not)
        most = max((abs(w.value) for w in self._weights), default=0.0) or 1.0
        for k, weight in enumerate(self._weights):
            box = QRectF(0, k * self._line_px, self.width(), self._line_px)
            beyond = 0 < self._covered <= k
            self._row(p, weight, abs(weight.value) / most, box, beyond)
        if 0 < self._covered < len(self._weights):
            p.setPen(QPen(QColor(self._theme.accent), 1, Qt.PenStyle.DashLine))
            y = round(self._covered * self._line_px) - 0.5
            p.drawLine(QPointF(0, y), QPointF(self.width(), y))
        p.end()

    def _ink(self, weight: Weight) -> str:
        """Return the colour of a bar: of a difference that of its sign."""
        if not self._signed:
            return self._theme.accent
        return self._theme.flux[0 if weight.value < 0 else 2]

    def _row(
        self, p: QPainter, weight: Weight, share: float, box: QRectF, beyond: bool
    ) -> None:
        theme, metrics = self._theme, QFontMetricsF(p.font())
        sides = Qt.AlignmentFlag
        name = f"{weight.name} (itself)" if weight.own else weight.name
        wide = NAME_SHARE * box.width()
        cut = metrics.elidedText(name, Qt.TextElideMode.ElideRight, wide)
        p.setPen(QColor(theme.muted if beyond else theme.text))
        p.drawText(box, int(sides.AlignVCenter | sides.AlignLeft), cut)
        number = number_text(weight.value)
        p.drawText(box, int(sides.AlignVCenter | sides.AlignRight), number)
        right = metrics.horizontalAdvance("−0.0000") + GAP_PX
        track = QRectF(wide + GAP_PX, 0, box.width() - wide - right - GAP_PX, 0)
        track.setTop(box.center().y() - BAR_HEIGHT_PX / 2)
        track.setHeight(BAR_HEIGHT_PX)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(theme.raised))
        p.drawRoundedRect(track, BAR_HEIGHT_PX / 2, BAR_HEIGHT_PX / 2)
        p.setBrush(QColor(theme.muted if beyond else self._ink(weight)))
        track.setWidth(max(share * track.width(), 2.0))
        p.drawRoundedRect(track, 2.0, 2.0)


def number_text(value: float) -> str:
    """Return a weight with four decimals, or as a power of ten where it is small."""
    small = 0 < abs(value) < 5e-4  # noqa: PLR2004 - would lose its digits
    return minus(f"{value:.1e}".replace("e-0", "e-") if small else f"{value:.4f}")
