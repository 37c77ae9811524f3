"""Runge–Kutta with error control: the step follows the motion."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import chain
from operator import add
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from sim.arrays import namespace
from sim.integrators import Flow, Integrator, on_both_parts
from sim.jit.rowwise import rowwise
from sim.settings.knobs import Knob
from sim.state import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.arrays import Array
    from sim.spaces import Space
    from sim.state import Velocity

    Slope = Callable[[State], Velocity]

NODES = (
    (1 / 5,),
    (3 / 40, 9 / 40),
    (44 / 45, -56 / 15, 32 / 9),
    (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
    (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
    (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
)
"""The stages of Dormand and Prince; the last row is the solution of order 5."""

ERROR = (71 / 57600, 0.0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40)
"""Order 5 less order 4, the estimate of the error."""

SAFETY = 0.9  # of the step that should meet the tolerance
MIN_FACTOR, MAX_FACTOR = 0.1, 5.0  # by which one step may differ from the last
MIN_TOLERANCE_ULPS = 8  # units in the last place: tolerances are not below
EPS = 2.0**-52
EXPONENT = -0.2  # −1/5: the error of a step of the method of order 4 is O(h⁵)
TOKEN_AXES = 2  # of one run; a batch has more
MAX_INNER_STEPS = 100_000  # in a nominal step


@dataclass(frozen=True)
class Adaptive(Integrator):
    """Dormand–Prince 5(4), every stage retracted to the space  [1]_.

    The nominal step h stays the spacing of frames; inside it, steps are as short as
    the tolerance requires.  Each nominal step tries the whole of h first, so that it
    depends on its state alone.  In a batch every run has steps of its own.

    References
    ----------
    .. [1] Hairer, Nørsett, Wanner, "Solving Ordinary Differential Equations I", II.4-5.
    """

    kind: ClassVar[str] = "adaptive"
    title: ClassVar[str] = "Adaptive (Dormand–Prince)"
    short_title: ClassVar[str] = "adaptive"
    order: ClassVar[int] = 5
    rtol: Annotated[
        float,
        Knob(
            "rtol",
            1e-14,
            0.1,
            scale="log",
            help="Error allowed in one inner step, relative to the tokens.",
        ),
    ] = 1e-7
    atol: Annotated[
        float,
        Knob(
            "atol",
            1e-16,
            0.1,
            scale="log",
            help="Error allowed in one inner step, where tokens are near zero.",
        ),
    ] = 1e-9

    def step(self, flow: Flow, space: Space, s: State, h: float) -> State:
        if s.x.ndim > TOKEN_AXES:
            return self._batch(flow, space, s, h)
        f, end, first = flow.tangent, s.t + h, flow.tangent(s)
        inner = h
        for _ in range(MAX_INNER_STEPS):
            left = end - s.t
            last = left - inner <= MIN_TOLERANCE_ULPS * EPS * abs(end)
            inner = left if last else inner
            new, slope, error = self._attempt(f, space, s, inner, first)
            if error <= 1:
                if last:
                    return new
                s, first = new, slope
            inner *= _factor(error)
            if inner < EPS * max(h, abs(s.t)):
                break
        raise FloatingPointError(
            f"the tolerance cannot be met at t = {s.t:.6g}: the motion is not smooth "
            f"there, or not finite. Raise rtol = {self.rtol:g}, or choose "
            "Runge–Kutta 4."
        )

    def _batch(self, flow: Flow, space: Space, s: State, h: float) -> State:
        xp, runs = namespace(s.x), range(s.x.shape[0])
        parts = [State(s.t, s.x[k, ...], s.p[k, ...]) for k in runs]
        ends = [self.step(flow, space, part, h) for part in parts]
        return State(
            s.t + h, xp.stack([e.x for e in ends]), xp.stack([e.p for e in ends])
        )

    def _attempt(
        self, f: Slope, space: Space, s: State, h: float, first: Velocity
    ) -> tuple[State, Velocity, float]:
        """Return the state after `h`, the velocity there, and the error over `tol`."""
        slopes, new = [first], s
        for row in NODES:
            new = space.retract(s, sum(row) * h, _sum(row, slopes, 1 / sum(row)))
            slopes.append(f(new))
        return new, slopes[-1], self._excess(s, h, _sum(ERROR, slopes, 1.0))

    def _excess(self, s: State, h: float, error: Velocity) -> float:
        """Return the largest error of a coordinate, as a multiple of the tolerance."""
        parts = ((s.x, error.x), (s.p, error.p)) if s.p.size else ((s.x, error.x),)
        worst = 0.0
        for y, e in parts:
            xp = namespace(y)
            floor = MIN_TOLERANCE_ULPS * float(xp.finfo(y.dtype).eps)
            size = float(xp.max(xp.abs(y)))
            tol = max(self.atol, floor * size) + max(self.rtol, floor) * xp.abs(y)
            worst = max(float(xp.max(h * xp.abs(e) / tol)), worst)  # keeps NaN
        return worst


def _sum(row: tuple[float, ...], slopes: list[Velocity], scale: float) -> Velocity:
    """Return scale · Σ row_k slope_k, without zero terms."""
    terms = [(k, scale * a) for a, k in zip(row, slopes, strict=False) if a]
    return on_both_parts(weighted_sum, *chain.from_iterable(terms))


@rowwise
def weighted_sum(*given: Any) -> Array:
    """Return a₁k₁ + a₂k₂ + …, given k₁, a₁, k₂, a₂, …: arrays (..., d), and numbers."""
    terms = [a * k for k, a in zip(given[::2], given[1::2], strict=True)]
    return reduce(add, terms)


def _factor(error: float) -> float:
    """Return by how much the inner step should change, given its error over `tol`."""
    if error == 0:
        return MAX_FACTOR
    if error != error:  # a stage is NaN
        return MIN_FACTOR
    return min(MAX_FACTOR, max(MIN_FACTOR, SAFETY * error**EXPONENT))
