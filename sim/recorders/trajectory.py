"""The coordinates of every token over time, as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sim.frame import FrameRequest
from sim.io.number_text import number_rows
from sim.recorders import Tabular, csv_line

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
        for before, x, label in zip(
            _before(frame), frame.x.tolist(), _labels(frame), strict=True
        ):
            yield [*before, *x, label]

    def lines(self, frame: Frame) -> Iterator[str]:
        rows = zip(_starts(frame), number_rows(frame.x), _labels(frame), strict=True)
        return (f"{start},{x},{label}" for start, x, label in rows)


def _starts(frame: Frame) -> Iterator[str]:
    """Return the text of every row before its coordinates."""
    if frame.names or _grouped(frame):  # which may need quotes
        return map(csv_line, _before(frame))
    t = csv_line([frame.t])
    return (f"{t},{token}," for token in frame.ids.tolist())


def _before(frame: Frame) -> Iterator[list[Any]]:
    """Yield the cells of every token before its coordinates."""
    names = frame.names or ("",) * len(frame.x)
    groups = frame.groups or ("",) * len(frame.x)
    grouped = _grouped(frame)
    for token, name, group in zip(frame.ids.tolist(), names, groups, strict=True):
        yield [frame.t, token, name, *([group] if grouped else [])]


def _labels(frame: Frame) -> list[Any]:
    return [""] * len(frame.x) if frame.labels is None else frame.labels.tolist()


def _grouped(frame: Frame) -> bool:
    """Whether a token of the run has a group, be it added later."""
    changes = () if frame.run is None else frame.run.changes
    return bool(frame.groups) or any(a.group for c in changes for a in c.tokens.add)
