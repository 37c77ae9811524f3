"""What commands do with lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.actions import PAIR_TEXTS
from app.lanes.compare_dialog import CompareDialog
from app.lanes.pairs import pair_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.document.player import Player
    from app.document.session import Session


class LaneActions(QObject):
    """Compares the run, forks it, and goes from lane to lane."""

    def __init__(self, session: Session, player: Player, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._player, self._window = session, player, window

    def compare(self) -> None:
        """Ask for a setting and its values, and compare the run by them."""
        dialog = CompareDialog(self._session.document, self._window)
        dialog.requested.connect(self._compare)
        dialog.open()

    def pair(self, name: str) -> None:
        """Compare the run by a named pair of settings."""
        document, pair = self._session.document, pair_of(name)
        if why := pair.refusal(document):
            self._session.refused.emit(why)
            return
        try:
            settings = [*pair.settings(document)]
        except (KeyError, ValueError) as error:
            self._session.refused.emit(str(error.args[0]))
            return
        self._compare(settings, dict(PAIR_TEXTS)[name])

    def _compare(self, settings: list[dict[str, object]], text: str) -> None:
        playing = self._player.playing
        if self._session.lanes.compare(settings, f"compare {text}") and not playing:
            self._player.play()

    def fork(self) -> None:
        """Let a second lane go on from the moment on show, with its own changes."""
        self._session.lanes.fork()

    def duplicate(self) -> None:
        """Show the chosen run once more, to be changed."""
        self._session.lanes.duplicate()

    def next(self) -> None:
        """Choose the next lane."""
        document = self._session.document
        self._session.lanes.choose((document.place + 1) % len(document.lanes))

    def close(self) -> None:
        """Close the lane that is chosen."""
        lanes = self._session.lanes
        if lanes.count > 1:
            lanes.close(self._session.document.place)

    def close_others(self) -> None:
        """Make the chosen lane the only run."""
        self._session.lanes.close_others(self._session.document.place)
