"""The document in force, and the engines that run its lanes."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.document.sentences import sentence
from sim.engine import Engine, EngineGroup, FailureKind
from sim.restarts import restarts
from sim.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.document.document import Document
    from app.document.lane import Lane
    from sim.frame import Frame
    from sim.tokens.edits import TokenEdits

POLL_MS = 8  # half a refresh of a 60 Hz screen


class EngineLink(QObject):
    """Gives edits of the document to its engines, and takes what they played.

    Attributes
    ----------
    document : Document
        What is in force.
    engines : EngineGroup
        What runs its lanes, in their order.
    t : float
        The time on show.
    """

    changed = Signal(object, object)
    """Old and new document."""
    log_changed = Signal()
    """The changes of a run."""
    arrived = Signal(tuple)
    """Frames of one moment, one for each lane."""
    failed = Signal(str)
    """Why an engine did not do something, in a sentence."""
    edit_refused = Signal(object)
    """The document that the engines run, where one refused that in force."""

    def __init__(self, document: Document, engine: Engine) -> None:
        super().__init__()
        self.document, self.t = document, 0.0
        self._waits: set[int] = set()  # numbers of lanes with an edit not yet seen
        self._in_doubt: set[int] = set()  # of those whose engine refused something
        self._origin = engine
        engines = [self._engine(lane) for lane in document.others]
        engines.insert(document.place, engine)
        self.engines = EngineGroup(engines)
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.poll)
        self._soon = QTimer(self)  # a turn of the event loop later
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.poll)
        self._held_until = 0.0

    def _engine(self, lane: Lane) -> Engine:
        return Engine(Simulation(lane.run, self._origin.backend))

    @property
    def engine(self) -> Engine:
        """What runs the lane that is edited."""
        return self.engines[self.document.place]

    @property
    def waits(self) -> bool:
        """Whether an edit is not yet part of a frame."""
        return bool(self._waits)

    def start(self, *, playing: bool) -> None:
        """Start the engines and fetch their frames."""
        self.engines.set_speed(self.document.look.speed)
        self.engines.start(playing=playing)
        self._timer.start()

    def close(self) -> None:
        """Stop the engines."""
        self._timer.stop()
        self._soon.stop()
        self.engines.close()

    def apply(self, new: Document) -> None:
        """Put the settings and the look of `new`, of the same lanes, in force."""
        old = self.document
        restarted = False
        pairs = zip(old.lanes, new.lanes, strict=True)
        for k, (before, lane) in enumerate(pairs):
            if before.scenario != lane.scenario:
                self.engines[k].retune(lane.scenario)
                self._waits.add(lane.number)
                restarted |= restarts(before.scenario, lane.scenario)
        if restarted and len(self.engines) > 1:
            self.engines.seek(0.0, pause=False)
        self._adopt(new)

    def play(self, new: Document, t: float, *, anew: bool = False) -> None:
        """Put the runs of `new` in the place of those in force, at the time `t`.

        If `anew`, they are new even where they are equal.
        """
        self._arrange(new.lanes)
        for k, lane in enumerate(new.lanes):
            engine = self.engines[k]
            (engine.load_anew if anew else engine.load)(lane.run, t)
            self._waits.add(lane.number)
        self._adopt(new)

    def set_lanes(self, new: Document, source: int = 0) -> None:
        """Put other lanes in force; those that were there go on as they are.

        Those that are new go on from the time on show.  `source` is the place of the
        lane that they may have their past in common with.
        """
        self._arrange(new.lanes, self.engines[source])
        self._adopt(new)
        self._show()

    def _arrange(self, lanes: Sequence[Lane], origin: Engine | None = None) -> None:
        """Have one engine for each of these lanes; those of the same number stay.

        New ones begin at the time on show, from what `origin` knows.  That is queued
        before they start, so that they follow the others only after it.
        """
        known = {lane.number: k for k, lane in enumerate(self.document.lanes)}
        if [*known] == [lane.number for lane in lanes]:
            return
        numbers = {lane.number for lane in lanes}
        self._waits &= numbers
        self._in_doubt &= numbers
        engines: list[Engine] = []
        for lane in lanes:
            if lane.number in known:
                engines.append(self.engines[known[lane.number]])
                continue
            engines.append(self._engine(lane))
            if origin is not None:
                state = origin.checkpoint(lane.run, self.t)
                engines[-1].load(lane.run, self.t, state)
                self._waits.add(lane.number)
        self.engines.arrange(engines)

    def _adopt(self, new: Document) -> None:
        old, self.document = self.document, new
        if old.look.speed != new.look.speed:
            self.engines.set_speed(new.look.speed)
        self.changed.emit(old, new)

    def edit_tokens(self, edits: TokenEdits, seen: Frame, place: int) -> None:
        """Move, add or remove tokens of the run that the frame `seen` is of."""
        self.engines[place].edit_tokens(edits, seen)
        self._waits.add(self.document.lanes[place].number)

    def reset(self) -> None:
        """Begin new runs with the settings in force, without changes."""
        lanes = [replace(lane, log=None) for lane in self.document.lanes]
        self.document = self.document.with_lanes(lanes, self.document.place)
        for k in range(len(self.engines)):
            self.engines[k].reset()

    def follow_engines(self, new: Document) -> None:
        """Take `new`, which the engines run already."""
        old, self.document = self.document, new
        self.changed.emit(old, new)

    def choose(self, place: int) -> None:
        """Let the lane at this place be the one that is edited."""
        if place != self.document.place:
            self.follow_engines(self.document.with_lanes(self.document.lanes, place))
            self._show()

    def hold(self, seconds: float) -> None:
        """Take no frames until `release`, for so long at most.

        Engines make no new frame while the last one waits: none is made in vain.
        """
        self._held_until = time.perf_counter() + seconds

    def release(self) -> None:
        """Take the newest frames soon."""
        self._held_until = 0.0
        if self._timer.isActive():
            self._soon.start()

    def poll(self) -> None:
        """Take the newest frames and failures of the engines."""
        self._take_failures()
        if time.perf_counter() < self._held_until:
            return
        new = self.engines.take()
        if not new:
            return
        self._take_played(new)
        self._show()

    def _take_failures(self) -> None:
        for k, lane in enumerate(self.document.lanes):
            failure = self.engines[k].failure()
            if failure is not None:
                if failure.kind is FailureKind.REFUSED:
                    self._in_doubt.add(lane.number)
                text = sentence(failure.text)
                several = len(self.engines) > 1
                self.failed.emit(f"Lane {k + 1}: {text}" if several else text)

    def _take_played(self, places: Sequence[int]) -> None:
        """Take the settings and the logs of the newest frames of these lanes."""
        lanes, refused = [*self.document.lanes], False
        for k in places:
            frame, engine = self.engines.frame(k), self.engines[k]
            if frame is None:
                continue
            ran = lanes[k].played(frame)
            if ran.number in self._in_doubt:
                self._in_doubt.discard(ran.number)
                if ran.scenario != lanes[k].scenario:
                    lanes[k], refused = ran, True
            elif frame.record is not None and frame.record.edits >= engine.edits:
                self._waits.discard(ran.number)
                lanes[k] = ran
        now = self.document.with_lanes(lanes, self.document.place)
        self._adopt_played(now, refused=refused)

    def _adopt_played(self, ran: Document, *, refused: bool) -> None:
        if refused:
            self.edit_refused.emit(ran)
            return
        old, self.document = self.document, ran
        if [lane.scenario for lane in old.lanes] != [s.scenario for s in ran.lanes]:
            self.changed.emit(old, ran)
        if [lane.log for lane in old.lanes] != [lane.log for lane in ran.lanes]:
            self.log_changed.emit()

    def _show(self) -> None:
        """Show the newest frames, if they are of one moment."""
        frames = self.engines.frames
        if frames is not None:
            self.t = frames[self.document.place].t
            self.arrived.emit(frames)
