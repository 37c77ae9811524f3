"""The document in force, and the engine that runs it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.document.recorded import played
from app.document.sentences import sentence
from sim.engine import FailureKind

if TYPE_CHECKING:
    from app.document.document import Document
    from sim.engine import Engine
    from sim.frame import Frame
    from sim.tokens.edits import TokenEdits

FRAME_MS = 16  # one refresh of a 60 Hz screen


class EngineLink(QObject):
    """Gives edits of the document to the engine, and takes what it played.

    Attributes
    ----------
    document : Document
        What is in force.
    engine : Engine
        What runs it.
    t : float
        The time of the newest frame.
    waits : bool
        Whether an edit is not yet part of a frame.
    """

    changed = Signal(object, object)
    """Old and new document."""
    log_changed = Signal()
    """The changes of the run."""
    arrived = Signal(object)
    """A frame."""
    failed = Signal(str)
    """Why the engine did not do something, in a sentence."""
    edit_refused = Signal(object)
    """The document that the engine runs, where it refused the one in force."""

    def __init__(self, document: Document, engine: Engine) -> None:
        super().__init__()
        self.document, self.engine = document, engine
        self.t, self.waits = 0.0, False
        self._edit_in_doubt = False
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.poll)

    def start(self, *, playing: bool) -> None:
        """Start the engine and fetch its frames."""
        self.engine.set_speed(self.document.look.speed)
        self.engine.start(playing=playing)
        self._timer.start()

    def close(self) -> None:
        """Stop the engine."""
        self._timer.stop()
        self.engine.close()

    def apply(self, new: Document) -> None:
        """Put the settings and the look of `new` in force, from now on."""
        old, self.document = self.document, new
        if old.scenario != new.scenario:
            self.engine.retune(new.scenario)
            self.waits = True
        self._follow(old, new)

    def play(self, new: Document, t: float) -> None:
        """Put the run of `new` in the place of the one in force, at the time `t`."""
        old, self.document = self.document, new
        self.engine.load(new.run, t)
        self.waits = True
        self._follow(old, new)

    def _follow(self, old: Document, new: Document) -> None:
        if old.look.speed != new.look.speed:
            self.engine.set_speed(new.look.speed)
        self.changed.emit(old, new)

    def edit_tokens(self, edits: TokenEdits, seen: Frame) -> None:
        """Move, add or remove tokens of the run that the frame `seen` is of."""
        self.engine.edit_tokens(edits, seen)
        self.waits = True

    def reset(self) -> None:
        """Begin a new run with the settings in force, without changes."""
        if self.document.log is not None:
            self.document = replace(self.document, log=None)
        self.engine.reset()

    def follow_engine(self, new: Document) -> None:
        """Take `new`, which the engine runs already."""
        old, self.document = self.document, new
        self.changed.emit(old, new)

    def poll(self) -> None:
        """Take the newest frame and failure of the engine."""
        failure, frame = self.engine.failure(), self.engine.latest()
        if failure is not None:
            self._edit_in_doubt = failure.kind is FailureKind.REFUSED
            self.failed.emit(sentence(failure.text))
        if frame is not None:
            self.t = frame.t
            ran = played(self.document, frame)
            if self._edit_in_doubt:
                self._edit_in_doubt = False
                if ran.scenario != self.document.scenario:
                    self.edit_refused.emit(ran)
            elif frame.record is not None and frame.record.edits >= self.engine.edits:
                self._adopt(ran)
            self.arrived.emit(frame)

    def _adopt(self, ran: Document) -> None:
        """Take the settings and the log of what is played."""
        old, self.document = self.document, ran
        self.waits = False
        if old.scenario != ran.scenario:
            self.changed.emit(old, ran)
        if old.log != ran.log:
            self.log_changed.emit()
