"""Observables over time, as a table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sim.frame import FrameRequest
from sim.observables import Observable
from sim.recorders import Tabular

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.frame import Frame


@dataclass(frozen=True)
class Observables(Tabular):
    """One row per frame: t, and a column per observable; ``nan`` where undefined."""

    kind: ClassVar[str] = "observables"
    title: ClassVar[str] = "Observables (CSV)"

    def request(self) -> FrameRequest:
        return FrameRequest(clusters=False)

    def header(self, frame: Frame) -> list[str]:
        return ["t", *frame.measures]

    def note(self, frame: Frame) -> str:
        """Return which columns are ``nan`` at the first time, and why."""
        why = ((k, _why(k, frame)) for k, v in frame.measures.items() if math.isnan(v))
        said = "; ".join(f"{kind}: {reason}" for kind, reason in why if reason)
        return f"undefined at t = {frame.t:g}, written as nan: {said}" if said else ""

    def rows(self, frame: Frame) -> Iterator[list[Any]]:
        yield [frame.t, *frame.measures.values()]


def _why(kind: str, frame: Frame) -> str:
    """Return why an observable is undefined under the law of `frame`.

    Empty for other columns, such as what theory predicts.
    """
    member = Observable.kinds().get(kind)
    if member is None:
        return ""
    scenario = frame.scenario
    shape = scenario.tokens, scenario.dimension
    return member.why_undefined(scenario.dynamics, scenario.space, shape)
