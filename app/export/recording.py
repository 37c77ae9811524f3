"""Recording: what is played from now on becomes a video, with its camera."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.document.look import CameraPose
from app.document.look_track import LookRecorder

if TYPE_CHECKING:
    from app.canvas.token_view import TokenView
    from app.document.player import Player
    from app.document.session import Session
    from sim.frame import Frame


class Recording(QObject):
    """Notes camera and look while the run is played, between start and stop."""

    ended = Signal(object, object)
    """The `LookTrack`, and the first and the last time of the run."""
    changed = Signal(bool)
    """Whether it is under way."""

    def __init__(self, session: Session, player: Player, view: TokenView) -> None:
        super().__init__(session)
        self._session, self._player, self._view = session, player, view
        self._recorder: LookRecorder | None = None
        player.shown.connect(self._note)

    @property
    def running(self) -> bool:
        """Whether it is under way."""
        return self._recorder is not None

    def record(self, running: bool) -> None:
        """Start, or stop and report what was recorded."""
        if running and self._recorder is None:
            self._start()
        elif not running and self._recorder is not None:
            self._stop(self._recorder)

    def _start(self) -> None:
        self._recorder = LookRecorder()
        if self._player.frame is not None:
            self._note(self._player.frame)
        if not self._player.playing:
            self._player.play()
        self.changed.emit(True)

    def _stop(self, recorder: LookRecorder) -> None:
        self._recorder = None
        self._player.pause()
        self.changed.emit(False)
        track, (first, last) = recorder.track, recorder.span
        if last > first:
            self.ended.emit(track, (first, last))
        else:
            self._session.refused.emit(
                "Nothing was recorded: the run did not go on. Play it while recording."
            )

    def _note(self, frame: Frame) -> None:
        if self._recorder is not None:
            camera = self._view.orbit.camera
            pose = CameraPose(camera.azimuth, camera.elevation, camera.zoom)
            look = replace(self._session.document.look, camera=pose, rotate=0.0)
            self._recorder.note(frame.t, look)
