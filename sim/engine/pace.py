"""How fast an engine goes, in moving averages."""

from __future__ import annotations

from dataclasses import dataclass, replace

SMOOTHING = 0.9  # weight of the past in the moving averages
MIN_ELAPSED_S = 1e-6  # keeps rates finite


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the engine goes.

    Attributes
    ----------
    step_ms : float
        Milliseconds per step, averaged.
    rate : float
        Simulated time per second, as achieved; below the requested speed where steps
        take longer than that allows.
    playing : bool
        Whether time passes.
    backend, method : str
        The array library, and how sums are computed.
    why : str
        Why they are computed so.
    """

    step_ms: float
    rate: float
    playing: bool
    backend: str
    method: str
    why: str = ""

    def averaged(self, steps: int, spent: float, gained: float, passed: float) -> Pace:
        """Return the pace after more of a run.

        Parameters
        ----------
        steps : int
            How many steps there were.
        spent : float
            Seconds that they took.
        gained : float
            By how much of the clock the run advanced.
        passed : float
            Seconds that passed.
        """
        a, step_ms = SMOOTHING, self.step_ms
        if steps:
            now = 1e3 * spent / steps
            step_ms = a * step_ms + (1 - a) * now if step_ms else now
        rate = a * self.rate + (1 - a) * gained / max(passed, MIN_ELAPSED_S)
        return replace(self, step_ms=step_ms, rate=rate, playing=True)

    def paused(self) -> Pace:
        """Return the pace while time does not pass."""
        return replace(self, rate=0.0, playing=False)
