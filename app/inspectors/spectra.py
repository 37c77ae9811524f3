"""The page of spectra: the eigenvalues that theorems depend on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.inspectors.complex_plane import ComplexPlane, Eigenvalue
from app.inspectors.markers import draw_marker
from app.inspectors.page import Page
from app.inspectors.page_figures import spectra_figure
from app.scene import matrix_order
from app.widgets.view import NO_REQUEST
from sim.checks.spectral import consequences
from sim.measure.operators import MAX_DIMENSION, RELATIVE_TOLERANCE, too_large

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from app.figures.figure import Figure
    from app.theme.palette import Theme
    from sim.array_types import AnyArray
    from sim.frame import Frame, FrameRequest
    from sim.measure.operators import Operators
    from sim.scenario import Scenario


LEGEND_LINES = 0.95  # room for a marker of the legend, of a line's height


class SpectraPage(Page):
    """The complex plane, its legend, and the consequences in words."""

    kind: ClassVar[str] = "spectra"
    title: ClassVar[str] = "Spectra"
    icon: ClassVar[str] = "spectra"
    wants: ClassVar[FrameRequest] = replace(
        NO_REQUEST, quantities=frozenset({"operators"})
    )

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._plane = ComplexPlane(theme, self)
        self._legend = [
            MarkerLegend("ring", "D = QᵀK", "sky", theme),
            MarkerLegend("diamond", "V", "accent", theme),
            MarkerLegend("cross", "mean of V", "text", theme),
        ]
        legend = QHBoxLayout()
        legend.setSpacing(12)
        for sign in self._legend:
            legend.addWidget(sign)
        legend.addStretch(1)
        self._legend[2].hide()
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setProperty("role", "small")
        self._body.addLayout(legend)
        self._body.addWidget(self._plane, 1)
        self._body.addWidget(self._words)
        self._tip.setText("eigenvalues, by head")

    @classmethod
    def fits(cls, scenario: Scenario) -> bool:
        """Return whether the law attends among tokens through Q, K and V."""
        return matrix_order.has_attention(scenario)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        super().set_theme(theme, scale)
        self._plane.set_theme(theme)
        for sign in self._legend:
            sign.set_theme(theme)

    @property
    def plane(self) -> ComplexPlane:
        """The complex plane alone."""
        return self._plane

    @property
    def text(self) -> str:
        """The text below the plane."""
        return self._words.text()

    def draw(self, frame: Frame) -> None:
        """Draw the eigenvalues, and write what follows from them."""
        heads = frame.scenario.dynamics.attention_heads
        count, d = 1 if heads is None else heads.count, frame.x.shape[-1]
        if frame.operators is not None:
            eigenvalues = eigenvalues_of(frame.operators)
            leads = "mean V" if eigenvalues[-1].kind == "mean V" else "V"
            leading = next(m for m in eigenvalues if m.kind == leads)
            self._plane.show_eigenvalues(eigenvalues, count, leading)
            self._legend[2].setVisible(leads == "mean V")
            self._words.setText(" ".join(consequences(frame.scenario, frame.operators)))
        elif too_large(count, d):
            self._plane.show_eigenvalues((), 1, None)
            self._words.setText(
                f"Eigenvalues are computed up to d = {MAX_DIMENSION}, and "
                f"{2 * MAX_DIMENSION} for all heads together; here d = {d}, "
                f"with {count} head{'s' if count > 1 else ''}."
            )

    def figure_of(self, frame: Frame, caption: tuple[str, ...]) -> Figure | None:
        """Return the complex plane as a figure."""
        return spectra_figure(self._plane.eigenvalues, caption)


class MarkerLegend(QWidget):
    """A marker and its name."""

    def __init__(self, shape: str, word: str, role: str, theme: Theme) -> None:
        super().__init__()
        self._shape, self._role, self._theme = shape, role, theme
        self._word = QLabel(word)
        self._word.setProperty("role", "small")
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._word)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        self._row.setContentsMargins(round(self._side) + 2, 0, 0, 0)
        self.update()

    @property
    def _side(self) -> float:
        return LEGEND_LINES * self.fontMetrics().height()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return room for the marker and its name."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the marker."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        at = QPointF(self._side / 2, self.height() / 2)
        ink = QColor(getattr(self._theme, self._role))
        draw_marker(painter, self._shape, at, 0.28 * self._side, ink)
        painter.end()


def eigenvalues_of(o: Operators) -> tuple[Eigenvalue, ...]:
    """Return the eigenvalues of each matrix, equal ones as one.

    The leading ones of each matrix come first; the mean of V, where heads differ, last.
    """
    alike = o.alike
    out: list[Eigenvalue] = []
    for kind, found in (("D", o.score), ("V", o.value)):
        for head, values in enumerate(found[:1] if alike else found):
            out += _grouped(kind, -1 if alike else head, values)
    if not alike:
        mean = _grouped("mean V", -1, o.mean)
        return (*out, *mean)
    return tuple(out)


def _grouped(kind: str, head: int, values: AnyArray) -> list[Eigenvalue]:
    size = RELATIVE_TOLERANCE * max(1.0, float(np.abs(values).max()))
    rounded = np.round(values / size)
    _, first, counts = np.unique(rounded, return_index=True, return_counts=True)
    order = np.argsort(first)
    found = [(complex(values[first[k]]), int(counts[k])) for k in order]
    return [Eigenvalue(kind, head, value, count) for value, count in found]
