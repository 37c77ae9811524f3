"""The page of the cosines: how far tokens are spread, and how far attention is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from app.inspectors.histogram import Columns, Shares
from app.inspectors.page import Page
from app.widgets.view import NO_REQUEST

if TYPE_CHECKING:
    from app.theme.palette import Theme
    from sim.frame import Frame, FrameRequest


class Cosines(Page):
    """A histogram of ⟨xᵢ,xⱼ⟩, and below it the entropy of every head's attention."""

    kind: ClassVar[str] = "cosines"
    title: ClassVar[str] = "Cosines"
    icon: ClassVar[str] = "cosines"
    wants: ClassVar[FrameRequest] = replace(
        NO_REQUEST, quantities=frozenset({"cosines", "entropy"})
    )

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._log = QToolButton()
        self._log.setText("log")
        self._log.setCheckable(True)
        self._log.setProperty("role", "small")
        self._log.setToolTip("Count on a logarithmic scale")
        self._log.setAccessibleName("Logarithmic count")
        self._log.toggled.connect(self._rescale)
        self._columns, self._shares = Columns(theme, self), Shares(theme, self)
        self._head, self._bound = QLabel("Attention entropy"), QLabel()
        self._head.setProperty("role", "title")
        self._bound.setProperty("role", "small")
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self._head)
        below.addWidget(self._bound)
        below.addStretch(1)
        self._title_row.addWidget(self._log)
        self._body.addWidget(self._columns, 1)
        self._body.addLayout(below)
        self._body.addWidget(self._shares)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        super().set_theme(theme, scale)
        self._columns.set_theme(theme)
        self._shares.set_theme(theme)

    @property
    def columns(self) -> Columns:
        """The histogram alone."""
        return self._columns

    @property
    def shares(self) -> Shares:
        """The bars of the entropies alone."""
        return self._shares

    def draw(self, frame: Frame) -> None:
        """Draw the cosines and entropies of `frame`; those of none stay."""
        n = len(frame.x)
        if frame.cosines is not None:
            some = frame.cosines.tokens
            of = f"pairs of {some} of {n:,} tokens" if some < n else "⟨xᵢ,xⱼ⟩ of pairs"
            self._tip.setText(of)
            self._columns.show_histogram(frame.cosines)
        told = frame.entropy is not None
        for part in (self._head, self._bound, self._shares):
            part.setVisible(told)
        if frame.entropy is not None:
            self._shares.show_entropies(tuple(frame.entropy.tolist()), n)
            self._bound.setText(f"of at most log n = {self._shares.most:.2f}")

    def _rescale(self, log: bool) -> None:
        self._columns.count(log=log)
