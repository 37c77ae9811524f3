"""Switches between laws: which settings each of them changes.

SA ⇄ USA (is the sum normalised?), V = +I ⇄ −I (do tokens attract?), and attention ⇄
Hamiltonian ⇄ double bracket (is energy conserved?).  The latter two are the limits of
the law in force, if it has any, and else those of bracket dynamics.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

from sim.dynamics import Dynamics
from sim.dynamics.bracket import Bracket
from sim.dynamics.softmax import Softmax
from sim.dynamics.unnormalised import Unnormalised
from sim.settings.knobs import get, hints
from sim.spaces.flat import Flat
from sim.spaces.sphere import Sphere
from sim.weights.identity import Identity

if TYPE_CHECKING:
    from app.document.document import Document
    from sim.attention.heads import Heads
    from sim.law import Limits
    from sim.spaces import Space

Flow = Literal["", "attention", "hamiltonian", "double"]
Changes = dict[str, Any]

VALUE = "dynamics.heads.value"
BRACKET = cast("Limits", Bracket.limits)
SUM_KINDS = (Softmax.kind, Unnormalised.kind)


def flow_of(document: Document) -> Flow:
    """Return which of the three kinds of motion is in force, or nothing."""
    law = document.scenario.dynamics
    if law.limits is None:
        return "attention" if heads_of(document) is not None else ""
    conserves = get(law, law.limits.setting) == law.limits.conservative.value
    return "hamiltonian" if conserves else "double"


def limits_of(document: Document) -> Limits:
    """Return the two limits that the toggle switches between."""
    return document.scenario.dynamics.limits or BRACKET


def to_limit(limits: Limits, flow: Flow) -> Changes:
    """Return the edits that take a law to the one of its `limits` that `flow` names."""
    limit = limits.conservative if flow == "hamiltonian" else limits.dissipative
    return {f"dynamics.{limits.setting}": limit.value}


def to_bracket(document: Document, flow: Flow) -> Changes:
    """Return the edits that take `document` to one limit of bracket dynamics."""
    here = isinstance(document.scenario.dynamics, Bracket)
    law = {} if here else to_law(document, Bracket.kind)
    return law | to_limit(BRACKET, flow)


def heads_of(document: Document) -> Heads | None:
    """Return the heads of the law in force, if it has Q, K and V."""
    return document.scenario.dynamics.attention_heads


def sum_of(document: Document) -> str:
    """Return the kind of attention in force, softmax or unnormalised; or nothing."""
    kind = document.scenario.dynamics.kind
    return kind if kind in SUM_KINDS else ""


def sign_of(document: Document) -> int:
    """Return the sign of c in V = c·I; 0 where V is no multiple of I."""
    heads = heads_of(document)
    if heads is None or not isinstance(heads.value, Identity):
        return 0
    return 1 if heads.value.scale > 0 else -1


def to_law(document: Document, kind: str) -> Changes:
    """Return what takes `document` to the law `kind`.

    What both laws have, such as β and the heads, is kept; the surface changes if the
    law promises something about its energy on another surface only.
    """
    old, make = document.scenario.dynamics, Dynamics.member(kind)
    ours, theirs = hints(make), hints(type(old))
    kept = {n: getattr(old, n) for n in ours if theirs.get(n) == ours[n]}
    law, space = make(**kept), document.scenario.space
    for there in (space, Sphere(), Flat()):
        if law.energy_behaviour(there) != "none":
            return {"dynamics": law, "space": there}
    return {"dynamics": law, "space": space}


def to_sign(document: Document, sign: int) -> Changes:
    """Return what makes V = c·I attract (+1) or repel (−1), keeping |c|."""
    heads = heads_of(document)
    if heads is None:
        return {}
    size = abs(heads.value.scale) if isinstance(heads.value, Identity) else 1.0
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
        if document.scenario.dynamics.limits is None:
            return to_bracket(document, flow)
        return to_limit(limits_of(document), flow)
