"""The coordinates of every token over time, as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sim.frame import FrameRequest
from sim.recorders import Tabular

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.frame import Frame


@dataclass(frozen=True)
class Trajectory(Tabular):
    """One row per token and frame: t, token, label, group, x0, x1, …, cluster.

    Tokens and clusters are numbered from 0; without groups that column is missing.  A
    token keeps its number when others are added or removed.
    """

    kind: ClassVar[str] = "trajectory"
    title: ClassVar[str] = "Trajectory (CSV)"

    def request(self) -> FrameRequest:
        return FrameRequest(observables=frozenset(), clusters=True)

    def header(self, frame: Frame) -> list[str]:
        group = ["group"] if _grouped(frame) else []
        axes = [f"x{k}" for k in range(frame.x.shape[1])]
        return ["t", "token", "label", *group, *axes, "cluster"]

    def rows(self, frame: Frame) -> Iterator[list[Any]]:
        names = frame.names or ("",) * len(frame.x)
        labels = [""] * len(frame.x) if frame.labels is None else frame.labels.tolist()
        groups = frame.groups or ("",) * len(frame.x)
        ids, grouped = frame.ids.tolist(), _grouped(frame)
        for i, x in enumerate(frame.x.tolist()):
            group = [groups[i]] if grouped else []
            yield [frame.t, ids[i], names[i], *group, *x, labels[i]]


def _grouped(frame: Frame) -> bool:
    """Whether a token of the run has a group, be it added later."""
    changes = () if frame.run is None else frame.run.changes
    return bool(frame.groups) or any(a.group for c in changes for a in c.tokens.add)
