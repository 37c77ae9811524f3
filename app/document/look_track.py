"""How a run was looked at over its time: cameras and options of drawing."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from app.document.look import Look
from sim.settings.serialise import plain_record, record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_TIME = 1e300
MAX_LOOKS = 100_000  # of a recording of half an hour at 60 frames a second


@dataclass(frozen=True)
class LookTrack:
    """Looks by the time of the run from which each holds; empty for one look.

    Attributes
    ----------
    times : tuple of float
        In increasing order.
    looks : tuple of Look
        One for each time.
    """

    times: tuple[float, ...] = ()
    looks: tuple[Look, ...] = ()

    def __len__(self) -> int:
        return len(self.times)

    def __iter__(self) -> Iterator[Look]:
        return iter(self.looks)

    def at(self, t: float, default: Look) -> Look:
        """Return the look at the time `t`: the last one from before, or the first."""
        if not self.looks:
            return default
        return self.looks[max(bisect.bisect_right(self.times, t) - 1, 0)]

    def plain(self) -> dict[str, Any]:
        """Return the track as plain data; empty if it is."""
        if not self.times:
            return {}
        looks = [plain_record(look) for look in self.looks]
        return {"times": list(self.times), "looks": looks}

    @staticmethod
    def from_plain(data: Any) -> LookTrack:
        """Return the track that `plain` wrote.

        Raises
        ------
        ValueError
            If it is none; says what is expected.
        """
        match data:
            case {"times": list(times), "looks": list(looks), **rest} if not rest:
                pass
            case {**rest} if not rest:
                return LookTrack()
            case _:
                raise ValueError("track: expected a group of times and looks.")
        if not len(times) == len(looks) <= MAX_LOOKS:
            raise ValueError(
                f"track: expected as many looks as times, up to {MAX_LOOKS:,}; got "
                f"{len(looks):,} looks and {len(times):,} times."
            )
        if not all(_is_time(t) for t in times) or _decreases(times):
            raise ValueError("track.times: expected increasing times, 0 or later.")
        made = (record(Look, x, f"track.looks[{k}]") for k, x in enumerate(looks))
        return LookTrack(tuple(map(float, times)), tuple(made))


class LookRecorder:
    """Makes a track of looks that come with the times at which they were seen."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._looks: list[Look] = []
        self._end = 0.0

    @property
    def span(self) -> tuple[float, float]:
        """The first and the last time."""
        return (self._times[0], self._end) if self._times else (0.0, 0.0)

    @property
    def track(self) -> LookTrack:
        """What was seen; where a time was seen twice, the last time counts."""
        return LookTrack(tuple(self._times), tuple(self._looks))

    def note(self, t: float, look: Look) -> None:
        """Note that the time `t` was seen with `look`."""
        place = bisect.bisect_left(self._times, t)
        self._end = t
        if place and place == len(self._times) and self._looks[-1] == look:
            return
        if len(self._times) < MAX_LOOKS:
            self._times[place:], self._looks[place:] = [t], [look]


def _is_time(t: Any) -> bool:
    number = isinstance(t, int | float) and not isinstance(t, bool)
    return number and 0 <= t < MAX_TIME


def _decreases(times: Sequence[float]) -> bool:
    return any(b <= a for a, b in pairwise(times))
