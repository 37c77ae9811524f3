"""What a run is often compared by: each a few lanes with settings of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.panel import law_switches

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.document.document import Document

    Settings = dict[str, Any]

NO_HEADS = "{law} has no matrices Q, K and V. Choose a law of attention first."
NO_BETA = "{law} has no β. Choose a law of attention first."


@dataclass(frozen=True, slots=True)
class Pair:
    """A comparison that has a name.

    Attributes
    ----------
    name : str
        Its name in `app.actions.PAIR_TEXTS`, which has its name on screen.
    settings : Document -> sequence of settings by path
        What each lane has of its own.
    needs_heads : bool
        Whether the law has to have heads.
    needs_beta : bool
        Whether it has to have an inverse temperature.
    """

    name: str
    settings: Callable[[Document], Sequence[Settings]]
    needs_heads: bool = False
    needs_beta: bool = False

    def refusal(self, document: Document) -> str:
        """Return why a document cannot be compared so; empty if it can."""
        law = document.scenario.dynamics
        if self.needs_heads and law_switches.heads_of(document) is None:
            return NO_HEADS.format(law=law.title)
        if self.needs_beta and not hasattr(law, "beta"):
            return NO_BETA.format(law=law.title)
        return ""


def _temperatures(_document: Document) -> Sequence[Settings]:
    return [{"dynamics.beta": beta} for beta in (1.0, 9.0)]


def _sums(document: Document) -> Sequence[Settings]:
    return _laws(document, "softmax", "unnormalised")


def _hardmax(document: Document) -> Sequence[Settings]:
    return _laws(document, "softmax", "hardmax")


def _laws(document: Document, *kinds: str) -> Sequence[Settings]:
    return [law_switches.to_law(document, kind) for kind in kinds]


def _signs(document: Document) -> Sequence[Settings]:
    return [law_switches.to_sign(document, sign) for sign in (1, -1)]


def _dynamics(document: Document) -> Sequence[Settings]:
    brackets = [
        law_switches.to_bracket(document, flow) for flow in ("hamiltonian", "double")
    ]
    attention, diffusion = _laws(document, "softmax", "grand")
    return [attention, *brackets, diffusion]


def _integrators(_document: Document) -> Sequence[Settings]:
    return [{"integrator": kind} for kind in ("euler", "rk4")]


def _precisions(_document: Document) -> Sequence[Settings]:
    return [{"precision": precision} for precision in ("float32", "float64")]


def _spaces(_document: Document) -> Sequence[Settings]:
    return [{"space": kind} for kind in ("sphere", "flat")]


def _masks(_document: Document) -> Sequence[Settings]:
    return [{"dynamics.heads.mask": kind} for kind in ("full", "causal")]


PAIRS = (
    Pair("beta", _temperatures, needs_beta=True),
    Pair("sums", _sums),
    Pair("hardmax", _hardmax),
    Pair("signs", _signs, needs_heads=True),
    Pair("masks", _masks, needs_heads=True),
    Pair("spaces", _spaces),
    Pair("dynamics", _dynamics),
    Pair("integrators", _integrators),
    Pair("precisions", _precisions),
)
"""Comparisons of the menu, in its order."""


def pair_of(name: str) -> Pair:
    """Return the comparison of this name in code."""
    return next(pair for pair in PAIRS if pair.name == name)
