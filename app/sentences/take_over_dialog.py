"""The dialog that lets a law take over from a trained model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSpinBox, QWidget

from app.sentences.take_over import TakingOver, beta_of_scores, whole
from app.widgets.controls import ComboBox
from app.widgets.form_dialog import FormDialog
from app.widgets.number_box import NumberBox
from sim.models.model_settings import heads_of, layers_of

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.dynamics.trained import Trained

FIRST_BETA, MAX_BETA = 9.0, 100_000.0
LAWS = (("Q = K = V = I", ""), ("the matrices of a head", "head"))
LOST = "Tokens are put on the sphere, so that their lengths are lost."


class TakeOverDialog(FormDialog):
    """Asks for matrices and β; says from where the lane goes on.

    Parameters
    ----------
    model : Trained
        The law in force.
    t : float
        The time on show.
    x : array, shape (n, d)
        The tokens there.
    """

    requested = Signal(object)
    """A `TakingOver`."""

    def __init__(self, model: Trained, t: float, x: Floats, parent: QWidget) -> None:
        title = "Let a law take over"
        super().__init__(title, "Take over", parent)
        self._scores = beta_of_scores(x)
        self.law, self.beta = ComboBox(), NumberBox()
        for text, kind in LAWS:
            self.law.addItem(f"Softmax attention with {text}", kind)
        self.beta.setRange(-MAX_BETA, MAX_BETA)
        self.layer = _counter("Layer", layers_of(model.path))
        self.head = _counter("Head", heads_of(model.path))
        for text, field in (
            ("Law", self.law),
            ("Layer l", self.layer),
            ("Head h", self.head),
            ("β", self.beta),
        ):
            field.setAccessibleName(text)
            self.rows.addRow(text, field)
        self._from = f"A lane beside goes on from t = {whole(t):g}, before "
        self._from += f"{model.time_name(whole(t))}. {LOST}"
        if (after := model.time_name(whole(t))).startswith("after"):
            self._from = f"A lane beside goes on {after}. {LOST}"
        self.law.currentIndexChanged.connect(self._choose)
        self._choose()

    def _choose(self) -> None:
        """Offer the head, and the β at which scores are as large as in the model."""
        of_head = bool(self.law.currentData())
        for field in (self.layer, self.head):
            self.rows.setRowVisible(field, of_head)
        self.beta.setValue(self._scores if of_head else FIRST_BETA)
        said = f" β = {self._scores:g} is the mean of |x|²: scores are as large as in "
        self.note.setText(self._from + (f"{said}the model." if of_head else ""))

    def accept(self) -> None:
        """Report what is asked for."""
        place = (
            (self.layer.value(), self.head.value()) if self.law.currentData() else ()
        )
        self.requested.emit(TakingOver(self.beta.value(), *place))
        super().accept()


def _counter(name: str, count: int) -> QSpinBox:
    out = QSpinBox()
    out.setRange(1, count)
    out.setAccessibleName(name)
    return out
