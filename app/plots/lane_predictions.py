"""What theory predicts of several lanes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.plots.curve_menu import energy_is_f_hat
from app.plots.heading import LaneTheory
from app.plots.headings import named, short_reasons, source_of
from app.plots.predictions import CHANGED, Predictions
from sim.schedule import Run

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from sim.array_types import Floats
    from sim.frame import Frame
    from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class PredictedLane:
    """A lane with its latest frame and what theory predicts of it."""

    place: int
    frame: Frame
    theory: Predictions

    @property
    def end(self) -> float:
        """The end of the run."""
        assert self.frame.record is not None
        return self.frame.record.end

    def said(self, kind: str) -> LaneTheory:
        """Return what theory says of an observable."""
        found = self.theory.found.get(kind)
        if found is not None:
            return LaneTheory(self.place, source_of(found))
        return LaneTheory(self.place, "", short_reasons(self.theory.why_not(kind)))

    def tip(self, kind: str) -> str:
        """Return what a tooltip says of theory; empty if there is nothing."""
        if (found := self.theory.found.get(kind)) is not None:
            return f"dashed: {named(found)}"
        why = self.theory.why_not(kind)
        return f"no curve of theory: {why}".replace("\n", "; ") if why else ""


class LanePredictions:
    """Follows the runs of lanes, and has the predictions of each."""

    def __init__(self) -> None:
        self._beside: dict[int, PredictedLane] = {}
        self._own: PredictedLane | None = None

    def follow(self, frames: Sequence[Frame], place: int, own: Predictions) -> bool:
        """Take the frames of all lanes, and the predictions of that at `place`.

        Returns whether something else than before is to be said of them.
        """
        before = self._states()
        beside = {k: f for k, f in enumerate(frames) if k != place and f.record}
        self._own = PredictedLane(place, frames[place], own)
        for lane in set(self._beside) - set(beside):
            self._beside.pop(lane).theory.end()
        for lane, frame in beside.items():
            known = self._beside.get(lane)
            theory = Predictions() if known is None else known.theory
            if known is not None and _is_other(known.frame, frame):
                theory.end()
                theory = Predictions()
            if _run(frame).changes:
                theory.end()
            elif theory.first is None:
                theory.first = frame.first
                theory.restart(frame.scenario)
            self._beside[lane] = PredictedLane(lane, frame, theory)
        return self._states() != before

    def _states(self) -> list[tuple[Predictions, bool]]:
        """Return the predictions of lanes, and whether they go on."""
        return [(lane.theory, lane.theory.first is None) for lane in self.lanes]

    @property
    def lanes(self) -> list[PredictedLane]:
        """All lanes in order; none of a run alone."""
        if self._own is None or not self._beside:
            return []
        every = {self._own.place: self._own, **self._beside}
        return [every[k] for k in sorted(every)]

    def collect(self) -> bool:
        """Take what searches found; return whether there is anything new."""
        return bool(sum(lane.theory.collect() for lane in self._beside.values()))

    def extend(self, axis: float) -> None:
        """Add the points that are known, up to the end of each run."""
        for lane in self._beside.values():
            lane.theory.extend(lane.end, axis)

    def curves(
        self, kind: str, shown: Container[str]
    ) -> dict[int, tuple[Floats, Floats]]:
        """Return times and values, (k,), on the plot of an observable, by lane."""
        out: dict[int, tuple[Floats, Floats]] = {}
        for lane in self.lanes:
            for predicted, t, y in lane.theory.curves(lane.end):
                if shown_as(predicted, lane.frame.scenario, shown) == kind:
                    out[lane.place] = t, y
        return out

    def said(self, kind: str, shown: Container[str]) -> list[tuple[LaneTheory, str]]:
        """Return what theory says on the plot of an observable, and for its tooltip.

        Of an energy, as which F̂ is shown, only where some lane has a curve.
        """
        out: list[tuple[LaneTheory, str]] = []
        for lane in self.lanes:
            f_hat = shown_as("f_hat", lane.frame.scenario, shown) == kind
            predicted = "f_hat" if f_hat else kind
            out.append((lane.said(predicted), lane.tip(predicted)))
        if kind == "energy" and not any(said.source for said, _ in out):
            return []
        if any(tip for _, tip in out):
            for k, lane in enumerate(self.lanes):
                if not out[k][1] and lane.theory.first is None:  # no search was made
                    said = LaneTheory(lane.place, missing=(CHANGED,))
                    out[k] = said, f"no curve of theory: {CHANGED}"
        return out


def shown_as(kind: str, scenario: Scenario | None, shown: Container[str]) -> str:
    """Return the plot on which an observable is shown: F̂ may be the energy."""
    alone = kind == "f_hat" and "f_hat" not in shown
    return "energy" if alone and energy_is_f_hat(scenario) else kind


def _run(frame: Frame) -> Run:
    return Run() if frame.record is None else frame.record.run


def _is_other(before: Frame, now: Frame) -> bool:
    """Return whether a frame is of another run than the one before."""
    one, other = _run(before), _run(now)
    return one is not other and one.divergence(other) == -math.inf
