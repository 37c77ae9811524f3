"""What is said of theory in several lanes: each statement once, with its lanes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.plots.heading import LaneTheory

GOT = ", got "  # before what a reason has found instead


def lane_name(titles: Sequence[str], place: int) -> str:
    """Return the title of a lane, or its number where it has none."""
    return next(iter(titles[place : place + 1]), "") or f"lane {place + 1}"


@dataclass(frozen=True, slots=True)
class Statement:
    """What holds in some lanes.

    Attributes
    ----------
    places : tuple of int
        The lanes, counted from 0.
    source : str
        The formula of dashed curves and where it is proved; empty where there are none.
    missing : tuple of str
        Why there are none.
    """

    places: tuple[int, ...]
    source: str = ""
    missing: tuple[str, ...] = ()


def statements(lanes: Sequence[LaneTheory]) -> list[Statement]:
    """Return what is said of lanes: the sources first, then what others lack."""
    sources: dict[str, list[int]] = {}
    needs: dict[tuple[str, ...], list[LaneTheory]] = {}
    for lane in lanes:
        if lane.source:
            sources.setdefault(lane.source, []).append(lane.place)
        elif lane.missing:
            key = tuple(reason.partition(GOT)[0] for reason in lane.missing)
            needs.setdefault(key, []).append(lane)
    out = [Statement(tuple(places), text) for text, places in sources.items()]
    for some in needs.values():
        places = tuple(lane.place for lane in some)
        reasons = zip(*(lane.missing for lane in some), strict=True)
        out.append(Statement(places, missing=tuple(map(_joined, reasons))))
    return out


def _joined(reasons: tuple[str, ...]) -> str:
    """Return reasons that differ in what they have got as one: got 1 | 9."""
    need, _, _ = reasons[0].partition(GOT)
    got = dict.fromkeys(reason.partition(GOT)[2] for reason in reasons)
    values = " | ".join(value for value in got if value)
    return f"{need}{GOT}{values}" if values else need
