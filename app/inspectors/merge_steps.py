"""Goes from merge to merge of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.inspectors.merge_history import merge_history
from app.inspectors.merges import merges_at

if TYPE_CHECKING:
    from app.document.player import Player

SAME_TIME = 1e-9  # of the time: that of a merge itself


class MergeSteps(QObject):
    """Seeks the next or the previous merge; says why there is none.

    Merges that last, as on the page of merges; the times at which the number of
    clusters fell, where it is not known which clusters there were.
    """

    message = Signal(str)

    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._player = player

    @property
    def times(self) -> list[float]:
        """The times of merges that are known, ascending."""
        history = merge_history(self._player.samples)
        if history is None:
            return self._player.merges
        return sorted(set(history.times.tolist()))

    def next(self) -> None:
        """Go to the next merge after the time on show."""
        t = self._player.t
        later = [m for m in self.times if m > t * (1 + SAME_TIME)]
        if later:
            self._go(later[0])
        else:
            self._refuse("after")

    def previous(self) -> None:
        """Go to the last merge before the time on show."""
        t = self._player.t
        earlier = [m for m in self.times if m < t * (1 - SAME_TIME)]
        if earlier:
            self._go(earlier[-1])
        else:
            self._refuse("before")

    def _go(self, t: float) -> None:
        """Go to a merge, and say which groups it joins."""
        history, frame = merge_history(self._player.samples), self._player.frame
        if history is not None and frame is not None:
            self.message.emit(merges_at(history, frame, t))
        self._player.seek(t)

    def _refuse(self, where: str) -> None:
        t, end = self._player.t, self._player.end
        self.message.emit(
            f"There is no merge {where} t = {t:.4g} in what was played, up to "
            f"t = {end:.4g}." + (" Play on to find more." if where == "after" else "")
        )
