"""Which curves are shown with which law, and what they need of frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.plots.headings import partner_kind
from sim.frame import FrameRequest
from sim.observables import Observable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.dynamics import Dynamics

DEFAULT_KINDS = ("energy", "clusters", "order")
MAX_CURVES = 4
ALWAYS_SAMPLED = frozenset({"clusters"})  # whose falls are merges on the timeline


class KindsByLaw:
    """The curves that the user chose, for each law, and the default ones of a law.

    Attributes
    ----------
    law : str
        The kind of the law in force; empty before the first frame.
    """

    def __init__(self) -> None:
        self.law = ""
        self._chosen: dict[str, tuple[str, ...]] = {}

    @property
    def is_chosen(self) -> bool:
        """Whether the user chose curves for the law in force."""
        return self.law in self._chosen

    def choose(self, law: str, kinds: Iterable[str]) -> tuple[str, ...]:
        """Choose curves for a law; return those that there are, if any are chosen."""
        valid = known_kinds(kinds)
        if valid:
            self._chosen[law] = valid
        return valid

    def adopt(self, law: Dynamics) -> tuple[str, ...]:
        """Return the curves of the law that is in force from now on."""
        if not self.law and "" in self._chosen:  # chosen before the first frame
            self._chosen[law.kind] = self._chosen.pop("")
        self.law = law.kind
        return self._chosen.get(law.kind, law.curves)


def known_kinds(kinds: Iterable[str]) -> tuple[str, ...]:
    """Return those of `kinds` that are observables, each once, as many as fit."""
    known = Observable.kinds()
    return tuple(k for k in dict.fromkeys(kinds) if k in known)[:MAX_CURVES]


def request_of(kinds: Iterable[str]) -> FrameRequest:
    """Return what frames should hold for these curves, and what is sampled."""
    shown = frozenset(kinds)
    wanted = shown | {partner_kind(k) for k in shown} - {""}
    return FrameRequest(
        observables=wanted, clusters=False, series=wanted | ALWAYS_SAMPLED
    )
