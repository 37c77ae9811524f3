"""The page of a head's spectra: D = QᵀK and V·O in the complex plane."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QWidget

from app.annotations.number_format import fixed
from app.document.attention_look import AttentionLook
from app.figures.figure import PlotPanel
from app.figures.parts import Axis, Column, Curve, Points
from app.inspectors.trained.plot_page import PlotPage
from sim.models.head_spectra import head_spectra

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from app.document.document import Document
    from app.figures.parts import Shape
    from app.inspectors.trained.subject import Subject
    from app.theme.palette import Theme
    from sim.array_types import Complexes
    from sim.frame import Frame
    from sim.models.head_spectra import HeadSpectra

MARGIN = 1.15  # between the farthest eigenvalue and the border
CIRCLE = 721  # points of the unit circle
ASPECT = 2.0  # of a plot


@dataclass(frozen=True, slots=True)
class FoundSpectra:
    """The spectra of a head; its layer and number from 1, and how many there are."""

    spectra: HeadSpectra
    place: tuple[int, int]
    size: tuple[int, int]


def read_spectra(subject: Subject, layer: int, head: int) -> FoundSpectra:
    """Return the spectra of a head, from 1, or of the last that the model has.

    Raises
    ------
    ValueError, OSError
        If the model cannot be read.
    """
    model = subject.model().transformer
    layer, head = min(layer, model.layers), min(head, model.heads)
    found = head_spectra(model, layer - 1, head - 1)
    return FoundSpectra(found, (layer, head), (model.layers, model.heads))


class HeadSpectraPage(PlotPage):
    """Eigenvalues of the chosen head, but those that are 0."""

    kind: ClassVar[str] = "head_spectra"
    title: ClassVar[str] = "Spectra of a head"
    icon: ClassVar[str] = "head_spectra"

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._look = AttentionLook()
        self.heads = QComboBox()
        self.heads.setAccessibleName("Head of the model")
        self.heads.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.heads.setToolTip("Layer and head, as chosen on the page of attention")
        self.heads.activated.connect(self._choose)
        self._title_row.addWidget(self.heads)

    def show_document(self, document: Document) -> None:
        """Take the chosen head of the document's look."""
        if document.look.attention != self._look:
            self._look = document.look.attention
            self._throttle.schedule()

    def place(self, subject: Subject) -> tuple[int, int]:
        """Return the layer and the head, from 1, as far as the model has them."""
        now = 0 if self._frame is None else subject.half_at(self._frame.t) // 2
        return self._look.layer or now + 1, max(self._look.head, 1)

    def wanted(self, subject: Subject) -> Hashable:
        """Return the model and the head."""
        return subject.path, subject.sha256, self.place(subject)

    def compute(self, subject: Subject) -> Callable[[Callable[[float], None]], Any]:
        """Return the function that finds the eigenvalues."""
        place = self.place(subject)
        return lambda _report: read_spectra(subject, *place)

    def show_result(self, frame: Frame) -> None:
        """Draw the eigenvalues, and offer the heads of the model."""
        found: FoundSpectra = self.result
        (layer, head), (layers, heads) = found.place, found.size
        with QSignalBlocker(self.heads):
            if self.heads.count() != layers * heads:
                self.heads.clear()
                for k in range(layers * heads):
                    place = k // heads + 1, k % heads + 1
                    self.heads.addItem(f"head {place[0]}.{place[1]}", place)
            self.heads.setCurrentIndex((layer - 1) * heads + head - 1)
        super().show_result(frame)

    def now(self, frame: Frame) -> float | None:
        """Return no time: the axes have none."""
        return None

    def panels(self, theme: Theme) -> tuple[PlotPanel, ...]:
        """Return D above V·O."""
        return spectra_planes(self.result, theme)

    def text(self) -> str:
        """Say what is drawn, and what the trace of V·O means."""
        return spectra_text(self.result)

    def _choose(self, index: int) -> None:
        layer, head = self.heads.itemData(index)
        self._look = replace(self._look, layer=layer, head=head)
        self._throttle.schedule()
        self.look_edited.emit("look.attention.layer", layer)
        self.look_edited.emit("look.attention.head", head)


def spectra_planes(found: FoundSpectra, theme: Theme) -> tuple[PlotPanel, ...]:
    """Return the eigenvalues of D above those of V·O."""
    return (
        _plane(("D = QᵀK", "nats"), found.spectra.score, "ring", theme),
        _plane(("V·O", ""), found.spectra.value, "diamond", theme),
    )


def spectra_text(result: FoundSpectra) -> str:
    """Return what is drawn, and what the trace of V·O means."""
    found, (layer, head) = result.spectra, result.place
    e = len(found.score)
    rest = found.dimension - e
    zeros = f"; the other {rest} are 0" if rest else ""
    pull = fixed(found.pull, 2)
    return (
        f"Layer {layer}, head {head}: {e} eigenvalues of each{zeros}. ⟨x,Dy⟩ is a "
        "score, in nats per unit of |x|·|y|; V·O has no unit. The circle is "
        f"|λ| = 1. tr(V·O)/(|V·O|√{e}) = {pull}: above 0 V·O moves tokens to what "
        "they attend to."
    )


def _plane(
    what: tuple[str, str], values: Complexes, shape: Shape, theme: Theme
) -> PlotPanel:
    """Return eigenvalues in the complex plane, with the axes and the unit circle.

    `what` is the matrix, and the unit of its eigenvalues.
    """
    name, unit = what
    colour = theme.sky if shape == "ring" else theme.accent
    far = float(max(np.abs(values.real).max(), np.abs(values.imag).max(), 1e-12))
    reach = MARGIN * far
    turn = np.linspace(0, 2 * np.pi, CIRCLE)
    inside = (np.abs(np.cos(turn)) < ASPECT * reach) & (np.abs(np.sin(turn)) < reach)
    up = np.where(inside, np.sin(turn), np.nan)
    circle = Curve("", np.cos(turn), up, theme.muted, dashed=True, width=0.5)
    guides = [
        Curve(
            "",
            np.array([-ASPECT * reach, ASPECT * reach]),
            np.zeros(2),
            theme.line,
            width=0.5,
        ),
        Curve("", np.zeros(2), np.array([-reach, reach]), theme.line, width=0.5),
    ]
    columns = (
        Column(f"Re λ of {name}", values.real, unit),
        Column(f"Im λ of {name}", values.imag, unit),
    )
    return PlotPanel(
        Axis(f"Re λ of {name}", (-reach, reach), unit),
        Axis("Im λ", (-reach, reach)),
        (circle, *guides, Points("", values.real, values.imag, colour, shape)),
        height=1 / ASPECT,
        equal=True,
        data=columns,
    )
