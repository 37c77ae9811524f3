"""Reference solutions of small differential equations, nearly to rounding."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.array_types import Floats


RTOL, ATOL = 1e-12, 1e-14


class ReferenceSolution:
    """The solution of y' = slope(t, y) from y at t = 0, shape (k,)."""

    def __init__(self, slope: Callable[[float, Floats], Floats], y: Floats) -> None:
        self._slope, self._t, self._y = slope, 0.0, y

    def at(self, t: float) -> Floats:
        """Return y(t), (k,), for increasing t; a smaller t gives the last value."""
        from scipy.integrate import solve_ivp

        if t > self._t:
            found = solve_ivp(
                self._slope,
                (self._t, t),
                self._y,
                method="DOP853",
                rtol=RTOL,
                atol=ATOL,
            )
            self._t, self._y = t, found.y[:, -1]
        return self._y
