"""The sums that were asked for last: velocity, energy and entropy need the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.arrays import Array
    from sim.sums import Sums


class Recent:
    """Remembers, of each kind, the sums of the last tokens: the very same array."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[Array, Sums]] = {}

    def of(self, kind: str, x: Array, make: Callable[[Array], Sums]) -> Sums:
        """Return the sums ``make(x)``, which are made once for one array."""
        held = self._held.get(kind)
        if held is None or held[0] is not x:
            self._held.pop(kind, None)  # before: two of a million tokens need room
            held = self._held[kind] = (x, make(x))
        return held[1]
