"""The page of senses: a word's cosine across two senses, beside its controls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from PySide6.QtWidgets import QComboBox, QWidget

from app.figures.figure import PlotPanel
from app.figures.parts import Axis, Column, Curve
from app.inspectors.trained.layer_plots import WIDTH, half_layers, layer_axis
from app.inspectors.trained.own_senses import OwnSenses
from app.inspectors.trained.plot_page import PlotPage
from sim.initial.sentence import Sentence
from sim.models.senses import EXAMPLE_OF, EXAMPLES, senses

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from app.document.document import Document
    from app.inspectors.trained.subject import Subject
    from app.theme.palette import Theme
    from sim.array_types import AnyArray
    from sim.frame import Frame
    from sim.models.senses import Senses

OWN = "own sentences"
TITLES = {"apple": "apple: fruit, firm", "bank": "bank: river, money", OWN: OWN}
NEARLY_NOTHING = 0.1  # of a cosine beyond the controls


class SensesPage(PlotPage):
    """Cosines of a word by half layer: across senses, and within each."""

    kind: ClassVar[str] = "senses"
    title: ClassVar[str] = "Senses"
    icon: ClassVar[str] = "senses"

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.choice = QComboBox()
        for kind, title in TITLES.items():
            self.choice.addItem(title, kind)
        self.choice.setAccessibleName("Word and its senses")
        self.choice.activated.connect(self._choose)
        self._title_row.addWidget(self.choice)
        self.own = OwnSenses()
        self.own.edited.connect(self._throttle.schedule)
        self.own.hide()
        self._body.insertWidget(1, self.own)
        self._text = ""  # of the run

    def show_document(self, document: Document) -> None:
        """Choose the word of another sentence, if that is one of the examples."""
        super().show_document(document)
        start = document.scenario.initial
        text = start.text if isinstance(start, Sentence) else ""
        if text != self._text:
            self._text = text
            if text in EXAMPLE_OF:
                self.choice.setCurrentIndex(self.choice.findData(EXAMPLE_OF[text]))
                self._choose(self.choice.currentIndex())

    @property
    def asked(self) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        """The word, and the sentences of each sense."""
        kind = str(self.choice.currentData())
        return self.own.asked if kind == OWN else (kind, *EXAMPLES[kind])

    def wanted(self, subject: Subject) -> Hashable:
        """Return the model, the word and its sentences."""
        return subject.path, subject.sha256, self.asked

    def compute(self, subject: Subject) -> Callable[[Callable[[float], None]], Any]:
        """Return the function that finds the cosines."""
        asked = self.asked
        return lambda _report: senses(subject.model(), *asked)

    def now(self, frame: Frame) -> float | None:
        """Return no time: the sentences are not those of the run."""
        return None

    def panels(self, theme: Theme) -> tuple[PlotPanel, ...]:
        """Return cosines, and below them by how much senses part beyond controls."""
        return senses_panels(self.result, theme)

    def text(self) -> str:
        """Say whether senses part beyond their controls."""
        return verdict(self.result, self.asked[0])

    def show_result(self, frame: Frame) -> None:
        """Draw the plots; the tooltip of the choice has the sentences."""
        super().show_result(frame)
        _, first, second = self.asked
        self.choice.setToolTip("\n".join((*first, "", *second)))

    def _choose(self, _index: int) -> None:
        own = self.choice.currentData() == OWN
        self.own.setVisible(own)
        if own and self.subject is not None:
            self.own.offer(self.subject.text)
        self._throttle.schedule()


def senses_panels(found: Senses, theme: Theme) -> tuple[PlotPanel, ...]:
    """Return cosines, and below them by how much senses part beyond controls."""
    k = half_layers(found.across.shape[1])
    return _cosines(found, k, theme), _beyond(found, k, theme)


def verdict(found: Senses, word: str) -> str:
    """Return what the last layer says of the senses of a word."""
    apart = float(found.beyond_controls[-1])
    across, first, second = (
        float(part.mean(0)[-1]) for part in (found.across, found.first, found.second)
    )
    size = f"{abs(apart):.2f}"
    if apart >= NEARLY_NOTHING:
        said = f"the senses of “{word}” part by {size} beyond their controls"
    elif apart > 0:
        said = (
            f"the senses of “{word}” part by {size} beyond their controls: nearly "
            "nothing"
        )
    else:
        said = f"the senses of “{word}” do not part beyond their controls"
    return (
        f"After the last layer {said}. Mean cosine across senses {across:.2f}; the "
        f"same sense in two sentences {first:.2f} and {second:.2f}."
    )


def _cosines(found: Senses, k: AnyArray, theme: Theme) -> PlotPanel:
    across, first, second = (
        part.mean(0) for part in (found.across, found.first, found.second)
    )
    low = float(min(0.0, *across, *first, *second))
    parts = (
        Curve("control: first sense", k, first, theme.sky, width=1.2),
        Curve("control: second sense", k, second, theme.good, dashed=True, width=1.2),
        Curve("across senses", k, across, theme.accent, width=WIDTH + 0.6),
    )
    columns = [
        Column("half layers", k),
        Column("across senses, mean", across),
        Column("control, first sense", first),
        Column("control, second sense", second),
    ]
    pairs = [Column(f"across, pair {j + 1}", p) for j, p in enumerate(found.across)]
    return PlotPanel(
        layer_axis(len(k), labelled=False),
        Axis("cosine", (low, 1.0)),
        parts,
        height=0.5,
        data=(*columns, *pairs),
    )


def _beyond(found: Senses, k: AnyArray, theme: Theme) -> PlotPanel:
    beyond = found.beyond_controls
    most = max(0.3, float(np.abs(beyond).max()) * 1.1)
    least = min(-0.1, float(beyond.min()) * 1.1)
    zero = Curve("", k[[0, -1]], np.zeros(2), theme.muted, width=0.6)
    return PlotPanel(
        layer_axis(len(k)),
        Axis("beyond", (least, most)),
        (zero, Curve("", k, beyond, theme.accent, width=WIDTH)),
        height=0.25,
        data=(Column("half layers", k), Column("beyond controls", beyond)),
    )
