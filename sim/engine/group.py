"""Engines side by side, which play as one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.frame import FrameRequest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.engine.engine import Engine
    from sim.engine.pace import Pace
    from sim.frame import Frame

SLOW_STEP_MS = 250.0  # of the lane that leads: above, a faster one takes the lead
FASTER = 4.0  # how many times faster that one is at least


class EngineGroup:
    """The engines of one or more lanes, which show the same times.

    One leads, the others follow; see `sim.engine.shared_time.SharedTime`.  A lane that
    steps far more slowly than another does not lead, so that it holds up nothing.

    Parameters
    ----------
    engines : sequence of Engine
        One or more, in the order of the lanes; not started.
    """

    def __init__(self, engines: Sequence[Engine]) -> None:
        self._engines = list(engines)
        self._frames: list[Frame | None] = [None] * len(self._engines)
        self._speed, self._request = 1.0, FrameRequest()
        self._between: FrameRequest | None = None
        self._plays = self._backwards = self._started = False
        for engine in self._engines[1:]:
            engine.follow(self._engines[0])

    def __len__(self) -> int:
        return len(self._engines)

    def __iter__(self) -> Iterator[Engine]:
        return iter(self._engines)

    def __getitem__(self, lane: int) -> Engine:
        return self._engines[lane]

    @property
    def leader(self) -> Engine:
        """The engine in which time passes."""
        leads = (engine for engine in self._engines if engine.leads)
        return next(leads, self._engines[0])

    def start(self, *, playing: bool) -> None:
        """Start all threads."""
        self._started, self._plays = True, playing
        for engine in self._engines:
            engine.start(playing=playing and engine.leads)

    def close(self) -> None:
        """Stop all threads."""
        for engine in self._engines:
            engine.close()

    def arrange(self, engines: Sequence[Engine]) -> None:
        """Let these be the lanes: new ones are started, those left out closed."""
        leader, playing = self.leader, self.playing
        known = dict(zip(self._engines, self._frames, strict=True))
        gone = [engine for engine in self._engines if engine not in engines]
        for engine in engines:
            if engine not in known:
                self._adopt(engine, leader)
        self._engines = list(engines)
        self._frames = [known.get(engine) for engine in engines]
        if leader in gone:
            self._give_lead(leader, self._engines[0], playing=playing)
        if (len(known) > 1) != (len(engines) > 1):
            self.request(self._request, self._between)
        for engine in gone:
            engine.close()

    def _adopt(self, engine: Engine, leader: Engine) -> None:
        engine.follow(leader)
        engine.set_speed(self._speed)
        engine.request(self._request, self._between)
        if self._started:
            engine.start(playing=False)

    def _give_lead(self, old: Engine, new: Engine, *, playing: bool) -> None:
        old.pause()
        new.lead()
        if playing:
            new.play(backwards=self._backwards)

    def go_on(self) -> None:
        """Make the next frames soon: the scenes of those that were taken are built."""
        for engine in self._engines:
            engine.go_on()

    @property
    def playing(self) -> bool:
        """Whether time passes."""
        return self.leader.playing

    @property
    def pace(self) -> Pace:
        """How fast it goes: of all lanes the slowest step."""
        pace = self.leader.pace
        return replace(pace, step_ms=max(e.pace.step_ms for e in self._engines))

    @property
    def seeking(self) -> float | None:
        """The share of a seek that is done in the last lane; None without one."""
        shares = [engine.seeking for engine in self._engines]
        return min((share for share in shares if share is not None), default=None)

    def play(self, *, backwards: bool = False) -> None:
        """Let time pass; with `backwards`, from the present to the start."""
        self._plays, self._backwards = True, backwards
        self.leader.play(backwards=backwards)

    def pause(self) -> None:
        """Stop time."""
        self._plays = False
        for engine in self._engines:
            engine.pause()

    def step(self) -> None:
        """Pause, and advance by one step of the lane that leads."""
        self._plays = False
        self.leader.step()

    def seek(self, t: float, *, pause: bool = True) -> None:
        """Go to the time `t`, exactly, in every lane; with `pause`, stop time there."""
        self._plays &= not pause
        for engine in self._engines:
            engine.seek(t, pause=pause)

    def leave_seek(self) -> None:
        """End a seek where it has come to."""
        for engine in self._engines:
            engine.leave_seek()

    def set_speed(self, speed: float) -> None:
        """Let `speed` units of simulated time pass per second."""
        self._speed = speed
        for engine in self._engines:
            engine.set_speed(speed)

    def request(
        self, request: FrameRequest, between: FrameRequest | None = None
    ) -> None:
        """Set what the next frames hold, and those in between of several lanes.

        Also those of very many tokens; see `Engine.request`.
        """
        self._request, self._between = request, between
        several = len(self._engines) > 1
        for engine in self._engines:
            engine.request(request, between, of_few=several)

    def take(self) -> list[int]:
        """Take new frames, and return the places of the lanes that have one.

        While time passes, only when all lanes have one that are not late: the next
        frames are made when these are taken, and none is made in vain.
        """
        self._check_leader()
        if self.playing and not all(
            e.has_frame or e.late or e.failed for e in self._engines
        ):
            return []
        new: list[int] = []
        for lane, engine in enumerate(self._engines):
            frame = engine.latest()
            if frame is not None:
                self._frames[lane] = frame
                new.append(lane)
        return new

    @property
    def frames(self) -> tuple[Frame, ...] | None:
        """The newest frames, one a lane, if of one time, and all whole or none.

        That of a lane which is late, or has failed, may be of another time; None if
        there is a lane without one, or one that is about to come to the time.
        """
        newest = [frame for frame in self._frames if frame is not None]
        if len(newest) < len(self._engines):
            return None
        first = newest[self._engines.index(self.leader)]
        for frame, engine in zip(newest, self._engines, strict=True):
            alike = (frame.t, frame.whole) == (first.t, first.whole)
            if not (alike or engine.late or engine.failed):
                return None
        return tuple(newest)

    def frame(self, lane: int) -> Frame | None:
        """Return the newest frame of one lane."""
        return self._frames[lane]

    def _check_leader(self) -> None:
        """Give the lead to another lane if the one that has it failed, or is slow."""
        leader = self.leader
        others = [e for e in self._engines if e is not leader and not e.failed]
        if not others:
            return
        best = min(others, key=_step_ms)
        step_ms = _step_ms(leader)
        slow = step_ms > SLOW_STEP_MS and step_ms > FASTER * _step_ms(best)
        if leader.failed or slow:
            self._give_lead(leader, best, playing=self._plays)


def _step_ms(engine: Engine) -> float:
    return engine.pace.step_ms
