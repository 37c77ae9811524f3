"""The order in which scenes of several pictures are built, and what comes after."""

from __future__ import annotations

from threading import Event, Lock
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class BuildTurns:
    """Builds one scene at a time, and calls `then` after the last of a moment.

    Python runs one thread at a time: of two scenes that are built at once, both are
    late.  In turns, the first one is drawn while the second one is built, and engines
    make the next frames while both are drawn.

    Parameters
    ----------
    then : callable, optional
        Called by the thread that has built the last scene.
    """

    def __init__(self, then: Callable[[], None] | None = None) -> None:
        self._then, self._turn, self._left = then, Lock(), 0
        self._built = Event()
        self._built.set()

    def begin(self, count: int) -> None:
        """Expect so many scenes of one moment."""
        self._left = count
        self._built.clear()

    def wait(self, seconds: float) -> bool:
        """Wait until all scenes of the moment are built, so long at most; return if so.

        For the window, whose other work would make them late.
        """
        return self._built.wait(seconds)

    def take(self, build: Callable[[], T]) -> T:
        """Return what `build` returns, when it is its turn."""
        with self._turn:
            out = build()
            self._left -= 1
            if self._left <= 0:
                self._built.set()
                if self._then is not None:
                    self._then()
            return out
