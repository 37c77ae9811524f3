"""What is done with sentences: entered, played in another model, left to a law."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.document.sentences import sentence
from app.sentences.edits import (
    sentence_of,
    with_second_sentence,
    with_sentence,
)
from app.sentences.model_reading import model_document, show_progress
from app.sentences.take_over import TakingOver, refusal, taken_over
from app.sentences.take_over_dialog import TakeOverDialog
from app.widgets.background import LatestWork
from sim.dynamics.trained import Trained
from sim.models.model_settings import checked_model

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from PySide6.QtWidgets import QWidget

    from app.document.document import Document
    from app.document.player import Player
    from app.document.session import Session
    from app.widgets.background import BackgroundWork
    from app.widgets.notifications import Notifications

TEXT = "sentence"  # what is undone


class SentenceActions(QObject):
    """Reads on a thread, and edits when it is known that a sentence can be played."""

    said = Signal(str, bool)
    """What is to be said below the fields, and whether something is wrong."""

    def __init__(
        self, session: Session, player: Player, notices: Notifications, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._player = session, player
        self._notices, self._window = notices, window
        self._work = LatestWork(self)

    def enter(self, lanes: tuple[int, ...], text: str) -> None:
        """Play a sentence in these lanes, or in a new one, from the start."""
        document = self._session.document
        found = sentence_of(document.lanes[lanes[0] if lanes else document.place])
        if found is None:
            found = next(s for lane in document.lanes if (s := sentence_of(lane)))
        path, digest = found.path, found.sha256

        def read(_progress: Callable[[float], None]) -> None:
            checked_model(path, digest).encode(text)

        self._begin(read, partial(self._play, lanes, text), self._refuse)

    def open_model(self, folder: Path) -> None:
        """Play the sentences on show in the model of a checkpoint folder."""
        path, base = folder.expanduser().resolve(), self._session.document
        work = self._begin(
            partial(model_document, path, base), self._load, self._session.refused.emit
        )
        show_progress(work, self._notices, f"Reading {path.name}")

    def take_over(self) -> None:
        """Ask by which law a lane beside goes on from the half layer on show."""
        document, frame = self._session.document, self._player.frame
        law = document.scenario.dynamics
        if (why := refusal(document)) or frame is None or not isinstance(law, Trained):
            self._session.refused.emit(why)
            return
        dialog = TakeOverDialog(law, frame.t, frame.x, self._window)
        dialog.requested.connect(self._take_over)
        dialog.open()

    def _take_over(self, by: TakingOver) -> None:
        self._session.lanes.add(partial(taken_over, by=by), "let a law take over")

    def _load(self, found: tuple[Document, str]) -> None:
        document, said = found
        self._session.load(document)
        self._session.detach()
        self._session.reported.emit(said)
        self._player.play()

    def _begin(
        self,
        read: Callable[[Callable[[float], None]], Any],
        done: Callable[[Any], None],
        failed: Callable[[str], None],
    ) -> BackgroundWork:
        """Read on a thread; what was asked for before is given up."""
        work = self._work.start(read)
        work.done.connect(done)
        work.failed.connect(failed)
        return work

    def _refuse(self, why: str) -> None:
        self.said.emit(sentence(why), True)

    def _play(self, lanes: tuple[int, ...], text: str, _read: object) -> None:
        how = (
            partial(with_sentence, places=lanes, text=text)
            if lanes
            else partial(with_second_sentence, text=text)
        )
        self.said.emit("", False)
        if self._session.lanes.play_anew(how, TEXT) and not self._player.playing:
            self._player.play()
