"""The time that several engines show: one of them sets it, the others follow."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LATE_S = 0.25  # after which a lane is no longer waited for, until it has caught up


@dataclass(slots=True)
class _Place:
    """Where a lane is: the newest time that it has shown."""

    wake: Callable[[], None]
    shown: int = 0
    late: bool = False
    failed: bool = False


class SharedTime:
    """The time on show, set by the lane that leads; the others come to it.

    The lane that leads sets the next time when all others have shown the last one, so
    that lanes are seen at the same times.  One that takes longer than 250 ms is late:
    it is not waited for until it has caught up.  Methods may be called from any thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._places: dict[object, _Place] = {}
        self._leader: object | None = None
        self._number, self._t, self._set_at = 0, 0.0, 0.0
        self._whole = True

    def join(self, lane: object, wake: Callable[[], None]) -> None:
        """Let `lane` take part; `wake` is called when another one has shown a time."""
        with self._lock:
            self._places[lane] = _Place(wake)

    def leave(self, lane: object) -> None:
        """Let `lane` go its own way."""
        with self._lock:
            self._places.pop(lane, None)

    def lead(self, lane: object) -> None:
        """Let `lane` set the time from now on."""
        with self._lock:
            self._leader = lane

    def is_led_by(self, lane: object) -> bool:
        """Whether `lane` sets the time."""
        return self._leader is lane

    def set(self, t: float, *, whole: bool = True) -> None:
        """Set the time on show: that of the frame that the leading lane has made.

        `whole` is whether that frame is, so that those of the other lanes are too.
        """
        with self._lock:
            self._number += 1
            self._t, self._set_at, self._whole = t, time.perf_counter(), whole
            followers = [p for k, p in self._places.items() if k is not self._leader]
        for place in followers:
            place.wake()

    def wanted(self, lane: object) -> tuple[int, float] | None:
        """Return the number and the time that `lane` has yet to show, if any."""
        with self._lock:
            place = self._places.get(lane)
            if place is None or place.failed or place.shown == self._number:
                return None
            return self._number, self._t

    def wants_whole(self, lane: object) -> bool:
        """Whether the next frame of a `lane` that follows is to be whole."""
        with self._lock:
            place = self._places.get(lane)
            alone = place is None or place.failed or place.late
            return alone or self._whole

    def showed(self, lane: object, number: int) -> None:
        """Note that `lane` has shown the time of this number."""
        with self._lock:
            place = self._places.get(lane)
            if place is None:
                return
            place.shown = number
            place.late &= number < self._number
            leader = self._places.get(self._leader)
        if leader is not None:
            leader.wake()

    def fail(self, lane: object, *, failed: bool = True) -> None:
        """Note that `lane` cannot go on, or again can."""
        with self._lock:
            if lane in self._places:
                self._places[lane].failed = failed

    def is_late(self, lane: object) -> bool:
        """Whether `lane` follows too slowly to be waited for."""
        with self._lock:
            place = self._places.get(lane)
            return place is not None and place.late

    def has_failed(self, lane: object) -> bool:
        """Whether `lane` cannot go on."""
        with self._lock:
            place = self._places.get(lane)
            return place is not None and place.failed

    def waits(self) -> bool:
        """Whether a lane has yet to show the time on show, and is not late."""
        with self._lock:
            late = time.perf_counter() - self._set_at > LATE_S
            behind = [
                place
                for lane, place in self._places.items()
                if lane is not self._leader
                and not place.failed
                and place.shown < self._number
            ]
            for place in behind:
                place.late |= late
            return any(not place.late for place in behind)
