"""Observables over time, as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sim.frame import FrameRequest
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

    def rows(self, frame: Frame) -> Iterator[list[Any]]:
        yield [frame.t, *frame.measures.values()]
