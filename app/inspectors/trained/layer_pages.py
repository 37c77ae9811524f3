"""The pages of cosines by layer, and of ranks by layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from app.inspectors.trained.layer_plots import cosine_panels, rank_panels
from app.inspectors.trained.plot_page import PlotPage
from sim.models.by_layer import cosines_by_layer, ranks_by_layer

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from app.figures.figure import PlotPanel
    from app.inspectors.trained.subject import Subject
    from app.theme.palette import Theme
    from sim.models.by_layer import LayerCosines, LayerRanks


class LayerPage(PlotPage):
    """Plots over half layers, a line at the time; a click goes to a half layer."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.plot.picked.connect(self._go)

    def wanted(self, subject: Subject) -> Hashable:
        """Return all that it depends on: the sentence."""
        return subject

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
        assert self.subject is not None
        return cosines_text(self.result, self.subject)


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
        assert self.subject is not None
        return ranks_text(self.result, self.subject)


def _beginning(subject: Subject) -> str:
    """Return what is changed in the model as the beginning of a text; or nothing."""
    return f"With {subject.changed}. " if subject.changed else ""


def cosines_text(found: CountedCosines, subject: Subject) -> str:
    """Return which tokens count, and where the cosines begin and end."""
    with_added = f" with {', '.join(found.added)}" if found.added else ""
    first, last = found.cosines.words[0], found.cosines.words[-1]
    ends = "" if found.tokens < 2 else f", {first:.2f} → {last:.2f}"  # noqa: PLR2004
    return (
        f"{_beginning(subject)}Odd ℓ: after attention. Mean over pairs of the "
        f"{found.tokens} tokens of the sentence{ends}, and over all "
        f"{found.tokens + len(found.added)}{with_added}."
    )


def ranks_text(found: dict[str, LayerRanks], subject: Subject) -> str:
    """Return what is measured, and where it ends."""
    ends = ", ".join(f"{name} {r.residual[-1]:.2f}" for name, r in found.items())
    return (
        f"{_beginning(subject)}All tokens; odd ℓ: after attention. Rank residual "
        f"|X − mean|/|X| at the end (0: all tokens are one): {ends}."
    )
