"""What the tokens of a run are called, in texts of what is done to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.frame import Frame


class TokenNames:
    """The names of tokens of a run, those included that were removed since.

    Attributes
    ----------
    by_id : mapping of int to str
        Names; empty where tokens have none.
    """

    def __init__(self) -> None:
        self._last: tuple[str, ...] = ()
        self.by_id: Mapping[int, str] = {}

    def take(self, frame: Frame) -> None:
        """Take the names of a frame, if they are others than those of the last."""
        if frame.names is self._last:
            return
        self._last = frame.names
        self.by_id = {**self.by_id, **names_of(frame)} if frame.names else {}


def names_of(frame: Frame) -> dict[int, str]:
    """Return the names of the tokens of a frame, by id; nothing if they have none."""
    return (
        dict(zip(frame.ids.tolist(), frame.names, strict=True)) if frame.names else {}
    )
