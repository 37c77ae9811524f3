"""The laws that a lecturer goes to and fro between: what each toggle changes.

SA ⇄ USA (is the sum normalised?), V = +I ⇄ −I (do tokens attract?), and attention ⇄
Hamiltonian ⇄ double bracket (is energy conserved?).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from sim.dynamics.bracket import Bracket
from sim.dynamics.softmax import Softmax
from sim.dynamics.unnormalised import Unnormalised
from sim.spaces.flat import Flat
from sim.spaces.sphere import Sphere
from sim.weights.identity import Identity

if TYPE_CHECKING:
    from app.document import Document
    from sim.dynamics import Dynamics
    from sim.spaces import Space

Flow = Literal["attention", "hamiltonian", "double"]
Changes = dict[str, Any]

DISSIPATING = 0.5  # γ of the double bracket that the toggle goes to
VALUE = "dynamics.heads.value"
ATTENTION = (Softmax, Unnormalised)


def flow_of(document: Document) -> Flow:
    """Return which of the three kinds of motion is in force."""
    law = document.scenario.dynamics
    if not isinstance(law, Bracket):
        return "attention"
    return "double" if law.gamma > 0 else "hamiltonian"


def sum_of(document: Document) -> str:
    """Return the kind of attention in force, softmax or unnormalised; or nothing."""
    law = document.scenario.dynamics
    return law.kind if isinstance(law, ATTENTION) else ""


def sign_of(document: Document) -> int:
    """Return the sign of c in V = c·I; 0 where V is no multiple of I."""
    law = document.scenario.dynamics
    value = law.heads.value if isinstance(law, ATTENTION) else None
    if not isinstance(value, Identity):
        return 0
    return 1 if value.scale > 0 else -1


def to_sum(document: Document, kind: str) -> Changes:
    """Return what takes attention to `kind`, keeping β and the heads."""
    law = document.scenario.dynamics
    make = {c.kind: c for c in ATTENTION}[kind]
    if isinstance(law, ATTENTION):
        return {"dynamics": make(beta=law.beta, heads=law.heads)}
    return {"dynamics": make()}


def to_sign(document: Document, sign: int) -> Changes:
    """Return what makes V = c·I attract (+1) or repel (−1), keeping |c|."""
    law = document.scenario.dynamics
    value = law.heads.value if isinstance(law, ATTENTION) else None
    size = abs(value.scale) if isinstance(value, Identity) else 1.0
    return {VALUE: "identity", f"{VALUE}.scale": sign * (size or 1.0)}


class Memory:
    """Remembers the attention that was left for the bracket, to go back to it."""

    def __init__(self) -> None:
        self._law: Dynamics = Softmax()
        self._space: Space = Sphere()

    def note(self, document: Document) -> None:
        """Remember the law of `document` if it is one of attention."""
        if flow_of(document) == "attention":
            self._law = document.scenario.dynamics
            self._space = document.scenario.space

    def to_flow(self, document: Document, flow: Flow) -> Changes:
        """Return what takes `document` to `flow`."""
        here = flow_of(document)
        if here == flow:
            return {}
        if flow == "attention":
            return {"dynamics": self._law, "space": self._space}
        gamma = 0.0 if flow == "hamiltonian" else DISSIPATING
        if here == "attention":
            return {"dynamics": Bracket(gamma=gamma), "space": Flat()}
        return {"dynamics.gamma": gamma}
