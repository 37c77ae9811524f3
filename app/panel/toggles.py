"""Switches of the law: attention, Hamiltonian or double bracket; SA or USA; ±I."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.panel import law_switches
from app.widgets.controls import SegmentedButtons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.document.document import Document
    from app.document.session import Session
    from sim.law import Limits

    Options = Sequence[tuple[object, str, str]]


HAMILTONIAN = "Hamiltonian"  # a proper name keeps its capital


def flow_options(limits: Limits) -> Options:
    """Return the kinds of motion: attention, and the two limits of a law."""
    kept, lost = limits.conservative, limits.dissipative
    return (
        ("attention", "Attention", "Return to the attention law (A)"),
        ("hamiltonian", kept.name, f"{kept.help} (H)"),
        ("double", lost.name, f"{lost.help} (H)"),
    )


def _undo_text(limits: Limits, flow: law_switches.Flow) -> str:
    """Return the name of a kind of motion within "Undo …"."""
    texts = {value: text for value, text, _ in flow_options(limits)}
    return texts[flow] if texts[flow] == HAMILTONIAN else texts[flow].lower()


SUM_OPTIONS = (
    ("softmax", "SA", "Softmax: every row of the attention matrix sums to 1 (U)"),
    ("unnormalised", "USA", "Without the normalising sum: the gradient flow of F (U)"),
)
SIGN_OPTIONS = (
    (1, "V = +I", "Tokens attract (V)"),
    (-1, "V = −I", "Tokens repel (V)"),
)


class LawActions(QObject):
    """Applies the switches, and remembers the attention law to return to."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session, self._memory = session, law_switches.Memory()
        self._memory.note(session.document)
        session.changed.connect(self._note)

    def flow(self, flow: law_switches.Flow) -> None:
        """Go to attention, Hamiltonian or double bracket."""
        document = self._session.document
        changes = self._memory.to_flow(document, flow)
        text = _undo_text(law_switches.limits_of(document), flow)
        self._session.change(changes, text)

    def bracket(self, flow: law_switches.Flow) -> None:
        """Go to one limit of bracket dynamics."""
        changes = law_switches.to_bracket(self._session.document, flow)
        self._session.change(changes, _undo_text(law_switches.BRACKET, flow))

    def law(self, kind: str) -> None:
        """Go to a law, keeping what both have."""
        changes = law_switches.to_law(self._session.document, kind)
        self._session.change(changes, changes["dynamics"].title)

    def sum(self, kind: str) -> None:
        """Go to SA or USA, back from the bracket if need be."""
        back, document = self._attention()
        changes = back | law_switches.to_law(document, kind)
        self._session.change(changes, "SA" if kind == "softmax" else "USA")

    def sign(self, sign: int) -> None:
        """Go to V = +I or −I, back from the bracket if need be."""
        back, document = self._attention()
        if law_switches.heads_of(document) is None:
            title = document.scenario.dynamics.title
            self._session.refused.emit(
                f"{title} has no matrix V. Choose a law of attention first."
            )
            return
        changes = back | law_switches.to_sign(document, sign)
        self._session.change(changes, "V = +I" if sign > 0 else "V = −I")

    def toggle_flow(self) -> None:
        """From one end of the law to the other; from attention to the bracket."""
        here = law_switches.flow_of(self._session.document)
        self.flow("double" if here == "hamiltonian" else "hamiltonian")

    def toggle_sum(self) -> None:
        """SA ⇄ USA."""
        here = law_switches.sum_of(self._session.document)
        self.sum("unnormalised" if here == "softmax" else "softmax")

    def toggle_sign(self) -> None:
        """V = +I ⇄ −I."""
        self.sign(-1 if law_switches.sign_of(self._session.document) > 0 else 1)

    def _attention(self) -> tuple[law_switches.Changes, Document]:
        """Return what leads back to attention, and the document there."""
        here = self._session.document
        changes = self._memory.to_flow(here, "attention")
        return changes, here.edit(changes)

    def _note(self, _old: Document, new: Document) -> None:
        self._memory.note(new)


class LawToggles(QWidget):
    """The segments on top of the group of dynamics."""

    def __init__(self, session: Session, law_actions: LawActions, margin: int) -> None:
        super().__init__()
        self._sums, self._signs = (
            SegmentedButtons(SUM_OPTIONS),
            SegmentedButtons(SIGN_OPTIONS),
        )
        self._flows = SegmentedButtons(
            flow_options(law_switches.limits_of(session.document))
        )
        for segments, name in (
            (self._flows, "Kind of motion"),
            (self._sums, "Normalisation"),
            (self._signs, "Sign of V"),
        ):
            segments.setAccessibleName(name)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(margin, 2, 12, 4)
        stack.setSpacing(6)
        stack.addWidget(self._flows)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._sums, 2)
        row.addWidget(self._signs, 3)
        stack.addLayout(row)
        self._flows.chosen.connect(law_actions.flow)
        self._sums.chosen.connect(law_actions.sum)
        self._signs.chosen.connect(law_actions.sign)
        session.changed.connect(self._follow)
        self._show(session.document)

    def _follow(self, _old: Document, new: Document) -> None:
        self._show(new)

    def _show(self, document: Document) -> None:
        self._flows.rename(flow_options(law_switches.limits_of(document)))
        self._flows.show_value(law_switches.flow_of(document))
        self._sums.show_value(law_switches.sum_of(document))
        self._signs.show_value(law_switches.sign_of(document))
