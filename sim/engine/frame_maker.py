"""The frames of an engine: what was requested of them, as far as it is affordable."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.checks.state import check_state
from sim.frame import FrameRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.frame import Frame
    from sim.measure.check import Check
    from sim.playback import Playback

CHECK_INTERVAL_S = 0.5  # between two checks of the state
CHECK_COST_RATIO = 10  # durations of a check before the next, if that is more
MANY_TOKENS = 100_000  # above, clusters are not sampled, and computed less often
WHOLE_INTERVAL_S = 0.11  # between two whole frames: numbers are read no faster
LONG_INTERVAL_S = 1.0  # the same with many tokens: sums take longer than a picture
CLUSTER_INTERVAL_S = 2.0  # between two computations of those while time passes


class FrameMaker:
    """Makes frames of a playback, and leaves out what is too slow to be in each.

    Parameters
    ----------
    playback : Playback
        What frames are of; what it samples is set here.

    Attributes
    ----------
    skips : bool
        Whether the last frame lacks something that was requested.
    """

    def __init__(self, playback: Playback) -> None:
        self._playback, self._simulation = playback, playback.simulation
        self._request = FrameRequest()
        self._between: FrameRequest | None = None
        self._between_of_few = True
        self._checks: tuple[Check, ...] = ()
        self._checked_at, self._clustered_at = 0.0, -CLUSTER_INTERVAL_S
        self._whole_at = -LONG_INTERVAL_S
        self.skips = False
        self._prepared: object = None

    def request(
        self,
        request: FrameRequest,
        between: FrameRequest | None = None,
        *,
        of_few: bool = True,
    ) -> None:
        """Set what the next frames hold, and those between whole ones.

        Unless `of_few`, all frames of a run without very many tokens are whole.
        """
        self._request, self._between, self._between_of_few = request, between, of_few
        self._whole_at = -LONG_INTERVAL_S
        self.sample()

    def sample(self) -> None:
        """Have sampled what is requested, but no clusters of very many tokens."""
        kinds = self._request.series
        self._playback.sample(kinds - {"clusters"} if self._many_tokens else kinds)

    def whole_is_due(self) -> bool:
        """Whether the next frame is to be whole while time passes."""
        layers = self._simulation.scenario.integrator.discrete
        interval = LONG_INTERVAL_S if self._many_tokens else WHOLE_INTERVAL_S
        recent = time.perf_counter() - self._whole_at < interval
        return self._request_between is None or layers or not recent

    def frame(
        self, t: float, edits: int, *, playing: bool, whole: bool = True
    ) -> Frame:
        """Return the frame of the time `t`, in which so many edits are in force.

        One that is not `whole` holds only what was requested of frames between.
        """
        between = self._request_between
        if not whole and between is not None:
            self.skips = True
            frame = replace(self._playback.frame(t, between), whole=False)
        else:
            self._whole_at = time.perf_counter()
            frame = self._playback.frame(t, self._affordable_request(playing=playing))
            if self._request.checks:
                frame = replace(frame, checks=self.current_checks(playing=playing))
        self._prepare_edits(frame)
        assert frame.record is not None
        return replace(frame, record=replace(frame.record, edits=edits))

    @property
    def _many_tokens(self) -> bool:
        return len(self._simulation.ids) > MANY_TOKENS

    @property
    def _request_between(self) -> FrameRequest | None:
        """What frames between whole ones hold; None if there are none."""
        if self._between is None:
            return None
        if self._many_tokens:
            return self._between.without_clusters()
        return self._between if self._between_of_few else None

    def _affordable_request(self, *, playing: bool) -> FrameRequest:
        """Return the request in force; clusters of many tokens only now and then."""
        now = time.perf_counter()
        recent = now - self._clustered_at < CLUSTER_INTERVAL_S
        self.skips = self._many_tokens and playing and recent
        if self.skips:
            return self._request.without_clusters()
        self._clustered_at = now
        return self._request

    def _prepare_edits(self, frame: Frame) -> None:
        """Prepare for edits once the first frame of such tokens has been made."""
        tokens = type(frame.scenario.dynamics), frame.x.shape, frame.x.dtype
        if tokens != self._prepared:
            self._prepared = tokens
            self._simulation.prepare_edits()

    def frames(
        self,
        times: Sequence[float],
        request: FrameRequest,
        go_on: Callable[[float], bool],
    ) -> list[Frame]:
        """Return the frames at these times, going there; see `Playback.seek`."""
        out: list[Frame] = []
        for t in times:
            self._playback.seek(t, go_on)
            out.append(self._playback.frame(t, request))
        return out

    def current_checks(self, *, playing: bool) -> tuple[Check, ...]:
        """Check the state in force, or return recent results."""
        now = time.perf_counter()
        if not playing or now - self._checked_at > CHECK_INTERVAL_S:
            self._checks = tuple(check_state(self._simulation))
            after = time.perf_counter()
            extra = CHECK_COST_RATIO * (after - now) - CHECK_INTERVAL_S
            self._checked_at = after + max(0.0, extra)
        return self._checks
