"""The page of the law beside the model: cosines, and always both nulls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from app.annotations.number_format import fixed
from app.inspectors.trained.law_plots import law_panels
from app.inspectors.trained.plot_page import PlotPage
from sim.models.law_beside_model import (
    SENTENCES,
    law_beside_model,
    law_on_sentence,
    value_traces,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from app.figures.figure import PlotPanel
    from app.inspectors.trained.subject import Subject
    from app.theme.palette import Theme
    from sim.array_types import AnyArray
    from sim.frame import Frame
    from sim.models.law_beside_model import LawBesideModel

ALL_LINES = 36  # of a page's height, from which all plots have room
TEST, THIS = "test sentences", "this sentence"
PLOTS = ("heads", "whole layers", "tr(V·O)")


@dataclass(frozen=True, slots=True)
class LawTables:
    """Cosines with the law and with both nulls, and the traces of V·O, (L, h)."""

    law: LawBesideModel
    traces: AnyArray


class LawPage(PlotPage):
    """By head, for attention as a whole, and over tr(V·O)."""

    kind: ClassVar[str] = "law_model"
    title: ClassVar[str] = "Law beside model"
    icon: ClassVar[str] = "law_model"

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.of, self.which = QComboBox(), QComboBox()
        row = QHBoxLayout()
        row.setSpacing(8)
        for box, entries, name in (
            (self.of, (TEST, THIS), "Sentences that are measured"),
            (self.which, PLOTS, "What is plotted"),
        ):
            box.addItems(entries)
            box.setAccessibleName(name)
            box.setToolTip(name)
            box.activated.connect(self._choose)
            row.addWidget(box)
        row.addStretch(1)
        self._body.insertLayout(1, row)

    @property
    def own(self) -> bool:
        """Whether the sentence of the run is measured, not those of the test."""
        return self.of.currentText() == THIS

    def wanted(self, subject: Subject) -> Hashable:
        """Return the model, and the sentence if it counts."""
        return subject.path, subject.sha256, subject.text if self.own else None

    def compute(self, subject: Subject) -> Callable[[Callable[[float], None]], Any]:
        """Return the function that finds the cosines."""
        own = self.own
        return lambda report: read_law(subject, report, own=own)

    def now(self, frame: Frame) -> float | None:
        """Return no time: the axes have none."""
        return None

    def panels(self, theme: Theme) -> tuple[PlotPanel, ...]:
        """Return all plots."""
        return law_panels(self.result.law, self.result.traces, theme)

    def shown_panels(self) -> tuple[PlotPanel, ...]:
        """Return all plots, or the chosen one where there is no room."""
        panels, all_of_them = self.panels(self._theme), self.lines >= ALL_LINES
        self.which.setHidden(all_of_them)
        return panels if all_of_them else (panels[self.which.currentIndex()],)

    def text(self) -> str:
        """Say how many heads beat both nulls, and what remains."""
        return law_text(self.result, own=self.own)

    def _choose(self, _index: int) -> None:
        self._throttle.schedule()


def read_law(
    subject: Subject, report: Callable[[float], None], *, own: bool
) -> LawTables:
    """Return the cosines on the test sentences, or with `own` on the subject's.

    Raises
    ------
    ValueError, OSError
        If the model cannot be read or the sentence is too short.
    """
    model = subject.model()
    if own:
        law = law_on_sentence(model, subject.text, report=report)
    else:
        law = law_beside_model(model, report=report)
    return LawTables(law, value_traces(model.transformer))


def law_text(found: LawTables, *, own: bool) -> str:
    """Return how many heads beat both nulls, and what remains."""
    law = found.law
    parts = (law.law, law.to_mean, law.permuted)
    cosine, to_mean, permuted = (fixed(float(part[-1, -1]), 2) for part in parts)
    half = len(SENTENCES) // 2
    where = "this sentence" if own else f"{half} sentences"
    chosen = "others" if own else f"{half} others"
    r = fixed(law.correlation(found.traces), 2)
    return (
        f"{law}. Last layer as a whole: {cosine}, against {to_mean} (mean "
        f"token of other sentences) and {permuted} (directions permuted). "
        f"Measured on {where}, β chosen on {chosen}. With tr(V·O): r = {r}."
    )
