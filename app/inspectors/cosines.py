"""The page of cosines: the spread of tokens, and that of attention."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from app.inspectors.entropy_bars import EntropyBars
from app.inspectors.histogram import CosineHistogram
from app.inspectors.page import Page
from app.inspectors.page_figures import cosines_figure
from app.widgets.elided_label import ElidedLabel
from app.widgets.view import NO_REQUEST

if TYPE_CHECKING:
    from app.figures.figure import Figure
    from app.theme.palette import Theme
    from sim.frame import Frame, FrameRequest


class CosinesPage(Page):
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
        self._histogram = CosineHistogram(theme, self)
        self._entropies = EntropyBars(theme, self)
        self._head = QLabel("Attention entropy")
        self._head.setProperty("role", "title")
        self._bound = ElidedLabel(role="small")
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self._head)
        below.addWidget(self._bound)
        below.addStretch(1)
        self._title_row.addWidget(self._log)
        self._body.addWidget(self._histogram, 1)
        self._body.addLayout(below)
        self._body.addWidget(self._entropies)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        super().set_theme(theme, scale)
        self._histogram.set_theme(theme)
        self._entropies.set_theme(theme)

    @property
    def histogram(self) -> CosineHistogram:
        """The histogram alone."""
        return self._histogram

    @property
    def entropies(self) -> EntropyBars:
        """The bars of the entropies alone."""
        return self._entropies

    def draw(self, frame: Frame) -> None:
        """Draw cosines and entropies; a frame without them changes nothing."""
        n = len(frame.x)
        if frame.cosines is not None:
            some = frame.cosines.tokens
            pairs = f"pairs among {some} of {n:,} tokens"
            self._tip.setText(pairs if some < n else "⟨xᵢ,xⱼ⟩ of pairs")
            self._histogram.show_histogram(frame.cosines)
        known = frame.entropy is not None
        for part in (self._head, self._bound, self._entropies):
            part.setVisible(known)
        if frame.entropy is not None:
            self._entropies.show_entropies(tuple(frame.entropy.tolist()), n)
            bound = f"log n = {self._entropies.most:.2f}"
            self._bound.show_forms(f"at most {bound}", f"≤ {bound}")

    def figure_of(self, frame: Frame, caption: tuple[str, ...]) -> Figure | None:
        """Return the histogram and the entropies as a figure."""
        histogram = self._histogram.histogram
        if histogram is None:
            return None
        log = self._log.isChecked()
        return cosines_figure(
            histogram, frame.entropy, len(frame.x), log=log, caption=caption
        )

    def _rescale(self, log: bool) -> None:
        self._histogram.set_scale(log=log)
