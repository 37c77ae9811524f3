"""The pages of cosines by layer, and of ranks by layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton, QWidget

from app.figures.figure import Figure
from app.inspectors.trained.layer_plots import cosine_panels, rank_panels
from app.inspectors.trained.page import ModelPage
from app.inspectors.trained.panel_plot import PanelPlot
from app.theme.palette import PAPER
from sim.models.by_layer import cosines_by_layer, ranks_by_layer

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from PySide6.QtGui import QResizeEvent

    from app.figures.figure import PlotPanel
    from app.inspectors.trained.subject import Subject
    from app.theme.palette import Theme
    from sim.frame import Frame
    from sim.models.by_layer import LayerCosines

MIN_LINES = 21  # of a page's height, below which its words are in a tooltip


class LayerPage(ModelPage):
    """Plots over half layers, a line at the time; a click goes to a half layer."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.plot = PanelPlot(theme, self.title)
        self.plot.picked.connect(self._go)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setProperty("role", "small")
        self.rows.addWidget(self.plot, 1)
        self.rows.addWidget(self.words)

    def set_theme(self, theme: Theme, scale: float) -> None:
        """Take the colours of `theme`."""
        super().set_theme(theme, scale)
        self.plot.set_theme(theme)

    def panels(self, theme: Theme) -> tuple[PlotPanel, ...]:
        """Return the plots of `result`."""
        raise NotImplementedError

    def text(self) -> str:
        """Return what is said of `result` below the plots."""
        raise NotImplementedError

    def wanted(self, subject: Subject) -> Hashable:
        """Return all that it depends on: the sentence."""
        return subject

    def show_result(self, frame: Frame) -> None:
        """Draw the plots, and a line at the half layer of the time."""
        assert self.subject is not None
        now = self.subject.start + frame.t
        self.plot.show_panels(self.panels(self._theme), now)
        self.words.setText(self.text())
        self._tip.setText("" if self.words.isVisibleTo(self) else self.text())
        self._tip.setToolTip(self.text())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Leave the words to a tooltip where there is no room for them."""
        super().resizeEvent(event)
        lines = self.height() / self.fontMetrics().height()
        self.words.setVisible(lines >= MIN_LINES)

    def result_figure(self, frame: Frame, caption: tuple[str, ...]) -> Figure:
        """Return the plots as a figure."""
        return Figure(self.kind, self.panels(PAPER), (self.text(), *caption))

    def _go(self, half: float) -> None:
        if self.subject is not None:
            self.time_chosen.emit(self.subject.time_of(half))


@dataclass(frozen=True, slots=True)
class CountedCosines:
    """Cosines by half layer, the tokens of a sentence, and those the model added."""

    cosines: LayerCosines
    tokens: int
    added: tuple[str, ...]


def read_cosines(subject: Subject) -> CountedCosines:
    """Return the cosines of a sentence by half layer.

    Raises
    ------
    ValueError, OSError
        If the model cannot be read or the sentence does not fit.
    """
    model = subject.model()
    encoding = model.encode(subject.text)
    states, special = subject.forward(model).states, encoding.special
    names = zip(encoding.names, special, strict=True)
    added = tuple(name for name, extra in names if extra)
    cosines = cosines_by_layer(states, special)
    return CountedCosines(cosines, len(special) - sum(special), added)


class LayerCosinesPage(LayerPage):
    """Mean pairwise cosine of tokens by layer, as papers show it."""

    kind: ClassVar[str] = "layer_cosines"
    title: ClassVar[str] = "Cosines by layer"
    icon: ClassVar[str] = "layer_cosines"

    def compute(self, subject: Subject) -> Callable[[Callable[[float], None]], Any]:
        """Return the function that finds the cosines."""
        return lambda _report: read_cosines(subject)

    def panels(self, theme: Theme) -> tuple[PlotPanel, ...]:
        """Return the plot of the cosines."""
        return cosine_panels(self.result.cosines, theme)

    def text(self) -> str:
        """Say which tokens count, and where the cosines begin and end."""
        found: CountedCosines = self.result
        with_added = f" with {', '.join(found.added)}" if found.added else ""
        first, last = found.cosines.words[0], found.cosines.words[-1]
        ends = "" if found.tokens < 2 else f", {first:.2f} → {last:.2f}"  # noqa: PLR2004
        return (
            f"Odd ℓ: after attention. Mean over pairs of the {found.tokens} tokens of "
            f"the sentence{ends}, and over all {found.tokens + len(found.added)}"
            f"{with_added}."
        )


class RanksPage(LayerPage):
    """Effective rank and rank residual, with skip or MLP taken away."""

    kind: ClassVar[str] = "ranks"
    title: ClassVar[str] = "Ranks by layer"
    icon: ClassVar[str] = "ranks"

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.log = QToolButton()
        self.log.setText("log")
        self.log.setCheckable(True)
        self.log.setProperty("role", "small")
        self.log.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.log.setToolTip("Rank residual on a logarithmic scale, from 10⁻⁴")
        self.log.setAccessibleName("Logarithmic rank residual")
        self.log.toggled.connect(self._throttle.schedule)
        self._title_row.addWidget(self.log)

    def compute(self, subject: Subject) -> Callable[[Callable[[float], None]], Any]:
        """Return the function that finds the ranks."""
        return lambda report: ranks_by_layer(
            subject.model(), subject.text, subject.edits, report
        )

    def panels(self, theme: Theme) -> tuple[PlotPanel, ...]:
        """Return the plots of the ranks."""
        return rank_panels(self.result, theme, log=self.log.isChecked())

    def text(self) -> str:
        """Say what is measured, and where it ends."""
        ends = ", ".join(
            f"{name} {ranks.residual[-1]:.2f}" for name, ranks in self.result.items()
        )
        return (
            "All tokens; odd ℓ: after attention. Rank residual |X − mean|/|X| at the "
            f"end (0: all tokens are one): {ends}."
        )
