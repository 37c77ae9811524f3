"""The frames of an engine: what was requested of them, as far as it is affordable."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.checks.state import check_state
from sim.frame import FrameRequest

if TYPE_CHECKING:
    from sim.frame import Frame
    from sim.measure.check import Check
    from sim.playback import Playback

CHECK_INTERVAL_S = 0.5  # between two checks of the state
CHECK_COST_RATIO = 10  # durations of a check before the next, if that is more
MANY_TOKENS = 100_000  # above, clusters are not sampled, and computed less often
CLUSTER_INTERVAL_S = 2.0  # between two computations of those while time passes


class FrameMaker:
    """Makes frames of a playback, and leaves out what is too slow to be in each.

    Parameters
    ----------
    playback : Playback
        What frames are of; what it samples is set here.
    """

    def __init__(self, playback: Playback) -> None:
        self._playback, self._simulation = playback, playback.simulation
        self._request = FrameRequest()
        self._checks: tuple[Check, ...] = ()
        self._checked_at, self._clustered_at = 0.0, -CLUSTER_INTERVAL_S
        self.skips_clusters = False

    def request(self, request: FrameRequest) -> None:
        """Set what the next frames hold."""
        self._request = request
        self.sample()

    def sample(self) -> None:
        """Have sampled what is requested, but no clusters of very many tokens."""
        kinds = self._request.series
        self._playback.sample(kinds - {"clusters"} if self._many_tokens else kinds)

    def frame(self, t: float, edits: int, *, playing: bool) -> Frame:
        """Return the frame of the time `t`, in which so many edits are in force."""
        frame = self._playback.frame(t, self._affordable_request(playing=playing))
        assert frame.record is not None
        frame = replace(frame, record=replace(frame.record, edits=edits))
        if not self._request.checks:
            return frame
        return replace(frame, checks=self.current_checks(playing=playing))

    @property
    def _many_tokens(self) -> bool:
        return len(self._simulation.ids) > MANY_TOKENS

    def _affordable_request(self, *, playing: bool) -> FrameRequest:
        """Return the request in force; clusters of many tokens only now and then."""
        now = time.perf_counter()
        recent = now - self._clustered_at < CLUSTER_INTERVAL_S
        self.skips_clusters = self._many_tokens and playing and recent
        if self.skips_clusters:
            return self._request.without_clusters()
        self._clustered_at = now
        return self._request

    def current_checks(self, *, playing: bool) -> tuple[Check, ...]:
        """Check the state in force, or return recent results."""
        now = time.perf_counter()
        if not playing or now - self._checked_at > CHECK_INTERVAL_S:
            self._checks = tuple(check_state(self._simulation))
            after = time.perf_counter()
            extra = CHECK_COST_RATIO * (after - now) - CHECK_INTERVAL_S
            self._checked_at = after + max(0.0, extra)
        return self._checks
