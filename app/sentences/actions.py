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
from app.tables.background import TableWork
from sim.models.model_settings import checked_model

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from app.document.player import Player
    from app.document.session import Session

TEXT = "sentence"  # what is undone


class SentenceActions(QObject):
    """Reads on a thread, and edits when it is known that a sentence can be played."""

    said = Signal(str, bool)
    """What is to be said below the fields, and whether something is wrong."""

    def __init__(self, session: Session, player: Player, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._player = session, player
        self._work: TableWork | None = None

    def enter(self, lanes: tuple[int, ...], text: str) -> None:
        """Play a sentence in these lanes, or in a new one, from the start."""
        document = self._session.document
        found = sentence_of(document.lanes[lanes[0] if lanes else document.place])
        if found is None:
            found = next(s for lane in document.lanes if (s := sentence_of(lane)))
        path, digest = found.path, found.sha256

        def read(_progress: Callable[[float], None]) -> None:
            try:
                checked_model(path, digest).encode(text)
            except OSError as error:
                raise ValueError(str(error)) from error

        self._begin(read, partial(self._play, lanes, text))

    def _begin(
        self,
        read: Callable[[Callable[[float], None]], Any],
        done: Callable[[Any], None],
    ) -> TableWork:
        """Read on a thread; what was asked for before is given up."""
        if self._work is not None:
            self._work.cancel()
        self._work = TableWork(read, self)
        self._work.done.connect(self._forget)
        self._work.failed.connect(self._forget)
        self._work.done.connect(done)
        self._work.failed.connect(self._refuse)
        return self._work

    def _forget(self) -> None:
        self._work = None

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
