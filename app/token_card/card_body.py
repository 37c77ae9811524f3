"""The card of one token: its name, what is known of it, its largest weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.token_card.weight_bars import WeightBars
from app.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from app.document.attention_look import AttentionLook
    from app.theme.palette import Theme
    from app.token_card.facts import TokenFacts

MAX_LINES = 7  # facts above the weights
DOT_PX, NUMBERED_DOT_PX, NUMBER_PX = 12, 20, 12
BRIGHT = 0.45  # lightness of a colour on which black is read better than white
MAX_NAME_PX = 170  # of a name, before it is elided


class CardBody(QWidget):
    """Shows `TokenFacts`."""

    incoming_chosen = Signal(bool)
    """Whether to show who attends to the token, instead of whom it attends to."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._dot, self._name = QLabel(), ElidedLabel("", "head")
        self.lane = ElidedLabel("", "small")
        self.pin_button = _toggle("pin", "Keep the token marked, and its card (P)")
        self.row_button = _toggle("row", "Whom it attends to")
        self.column_button = _toggle("column", "Who attends to it (or hold Shift)")
        self.row_button.clicked.connect(self._choose_row)
        self.column_button.clicked.connect(self._choose_column)
        lines = range(MAX_LINES)
        self._facts = [(ElidedLabel("", "muted"), ElidedLabel()) for _ in lines]
        for part in (part for line in self._facts for part in line):
            part.hide()
        self._heading, self._total = ElidedLabel("", "title"), ElidedLabel("", "small")
        self.bars = WeightBars(theme)
        self._lay_out()

    def _lay_out(self) -> None:
        head, title = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._dot)
        head.addWidget(self._name)
        head.addWidget(self.lane)
        head.addStretch(1)
        head.addWidget(self.pin_button)
        title.setSpacing(8)
        title.addWidget(self._heading)
        title.addStretch(1)
        title.addWidget(self.row_button)
        title.addWidget(self.column_button)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(12, 2, 12, 8)
        stack.setSpacing(6)
        for part in (head, self._grid(), title):
            stack.addLayout(part)
        stack.addWidget(self.bars)
        stack.addWidget(self._total)
        stack.addStretch(1)

    def _grid(self) -> QGridLayout:
        grid, policy = QGridLayout(), QSizePolicy.Policy
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for k, (name, value) in enumerate(self._facts):
            value.setSizePolicy(policy.Ignored, policy.Preferred)
            grid.addWidget(name, k, 0)
            grid.addWidget(value, k, 1)
        return grid

    def show_facts(
        self,
        facts: TokenFacts,
        look: AttentionLook,
        colour: list[float] | None,
        number: str = "",
    ) -> None:
        """Show what is known of a token.

        Its bead has a colour, red, green, blue, and its cluster maybe a number.
        """
        self._name.setText(facts.name)
        whole = min(self._name.sizeHint().width(), MAX_NAME_PX)
        self._name.setMinimumWidth(whole)  # the lane beside it is elided first
        self._dot.setPixmap(_dot(colour, number, self.font(), self.devicePixelRatioF()))
        lines = (*facts.lines, *((("", ""),) * MAX_LINES))[:MAX_LINES]
        for (name, value), (what, text) in zip(self._facts, lines, strict=True):
            name.setVisible(bool(what))
            value.setVisible(bool(what))
            name.setText(what)
            value.setText(text)
            value.setToolTip(text)
        self._heading.setText(facts.heading)
        self._total.setText(facts.total)
        self.pin_button.setChecked(facts.token in look.pins)
        self.row_button.setChecked(not look.incoming)
        self.column_button.setChecked(look.incoming)
        self.bars.show_facts(facts)

    def _choose_row(self) -> None:
        self._choose(incoming=False)

    def _choose_column(self) -> None:
        self._choose(incoming=True)

    def _choose(self, *, incoming: bool) -> None:
        self.row_button.setChecked(not incoming)
        self.column_button.setChecked(incoming)
        self.incoming_chosen.emit(incoming)


def _toggle(text: str, tip: str) -> QToolButton:
    out = QToolButton()
    out.setText(text)
    out.setCheckable(True)
    out.setProperty("role", "small")
    out.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    out.setToolTip(tip)
    out.setAccessibleName(tip)
    return out


def _dot(colour: list[float] | None, number: str, font: QFont, ratio: float) -> QPixmap:
    """Return a disc in the colour of a bead, with a number; nothing without one."""
    side = NUMBERED_DOT_PX if number else DOT_PX
    out = QPixmap(round(side * ratio), round(side * ratio))
    out.setDevicePixelRatio(ratio)
    out.fill(Qt.GlobalColor.transparent)
    if colour is None:
        return out
    p, ink = QPainter(out), QColor.fromRgbF(*colour)
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(ink)
    p.drawEllipse(0, 0, side, side)
    if number:
        bright = ink.lightnessF() > BRIGHT
        p.setPen(QColor("#000000" if bright else "#FFFFFF"))
        small = QFont(font)
        small.setBold(True)
        small.setPixelSize(NUMBER_PX)
        p.setFont(small)
        p.drawText(QRectF(0, 0, side, side), Qt.AlignmentFlag.AlignCenter, number)
    p.end()
    return out
