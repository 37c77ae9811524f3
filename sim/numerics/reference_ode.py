"""Small differential equations, solved to the last digits as far as they are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.array_types import Floats


RTOL, ATOL = 1e-12, 1e-14


class ReferenceSolution:
    """The solution of y' = slope(t, y) from y at t = 0, at growing times."""

    def __init__(self, slope: Callable[[float, Floats], Floats], y: Floats) -> None:
        self._slope, self._t, self._y = slope, 0.0, y

    def at(self, t: float) -> Floats:
        """Return y(t); times before the last one asked for give the last."""
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
