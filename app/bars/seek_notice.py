"""How far a seek is that takes long, with a button to leave it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from app.document.player import Player
    from app.widgets.notifications import JobNotice, Notifications


class SeekNotice(QObject):
    """Shows a notice while a seek goes on; see `Player.seek_progressed`."""

    def __init__(self, player: Player, notices: Notifications) -> None:
        super().__init__(notices)
        self._player, self._notices = player, notices
        self._shown: JobNotice | None = None
        player.seek_progressed.connect(self._show)

    def _show(self, share: float | None) -> None:
        if share is None:
            if self._shown is not None:
                self._shown.close_now()
            self._shown = None
            return
        if self._shown is None:
            text = f"Going to t = {self._player.goal:.4g}"
            self._shown = self._notices.start_job(text)
            self._shown.cancelled.connect(self._player.leave_seek)
        self._shown.show_progress(share)
