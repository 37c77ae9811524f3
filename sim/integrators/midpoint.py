"""The implicit midpoint rule."""

from __future__ import annotations

from dataclasses import dataclass
from operator import add, sub
from typing import TYPE_CHECKING, ClassVar

from sim.arrays import namespace
from sim.integrators import Flow, Integrator, on_both_parts
from sim.jit.rowwise import rowwise

if TYPE_CHECKING:
    from sim.arrays import Array
    from sim.numerics.linear_flow import LinearFlow
    from sim.spaces import Space
    from sim.state import State

MAX_ITERATIONS = 60  # each gains a factor of h|f'|/2
CONVERGED_ULPS = 8  # units in the last place: a change below is rounding
STALL_ULPS = 1000  # units in the last place: where iterations may stall


plus, minus = rowwise(add), rowwise(sub)


@dataclass(frozen=True)
class Midpoint(Integrator):
    """x⁺ = x + h f((x + x⁺)/2), the midpoint retracted to the space  [1]_, [2]_.

    Preserves quadratic first integrals to rounding, and the symplectic form.  On the
    sphere f at the midpoint is orthogonal to it, so that |x⁺| = |x|.

    References
    ----------
    .. [1] Hairer, Lubich, Wanner, "Geometric Numerical Integration", Sec. IV.2.
    .. [2] McLachlan, Modin, Verdier, "Symplectic integrators for spin systems", Phys.
           Rev. E 89 (2014).
    """

    kind: ClassVar[str] = "midpoint"
    title: ClassVar[str] = "Implicit midpoint"
    short_title: ClassVar[str] = "midpoint"
    order: ClassVar[int] = 2
    preserves: ClassVar[frozenset[str]] = frozenset({"quadratic", "symplectic"})

    def step(self, flow: Flow, space: Space, s: State, h: float) -> State:
        """Advance by `h`.

        Raises
        ------
        RuntimeError
            If the iterations do not converge; they do for small `h`.
        """
        if flow.linear is not None and flow.linear.dense:
            return _solved(flow, flow.linear, space, s, h)
        v, before = flow.tangent(s), float("inf")
        for _ in range(MAX_ITERATIONS):
            rest = on_both_parts(minus, flow.tangent(space.retract(s, h / 2, v)), v)
            v = on_both_parts(plus, v, rest)
            change, unit = _largest(rest.x, rest.p), _ulp(v.x, v.p)
            noise = STALL_ULPS * (
                unit + _ulp(s.x, s.p)
            )  # f is not known more accurately
            stalled = change >= before / 2 and change <= noise
            if change <= CONVERGED_ULPS * unit or stalled:
                return space.retract(s, h, v)
            before = change
        raise RuntimeError(
            f"implicit midpoint: {MAX_ITERATIONS} iterations do not converge for "
            f"a step of {h:g}. Choose a smaller step, or Runge–Kutta 4."
        )


def _solved(flow: Flow, linear: LinearFlow, space: Space, s: State, h: float) -> State:
    """Step a linear flow by its matrix, and correct once by the residual.

    Without the correction the errors of the matrix, the same in every step, add up.
    """
    v = flow.tangent(s)
    for _ in range(2):
        rest = on_both_parts(minus, flow.tangent(space.retract(s, h / 2, v)), v)
        v = v + linear.solve(rest, s, h)
    return space.retract(s, h, v)


def _largest(x: Array, p: Array) -> float:
    """Return the largest |entry| of x, (..., n, d), and p, (..., m, d)."""
    xp = namespace(x)
    return max(float(xp.max(xp.abs(a))) for a in (x, p) if a.shape[-2])


def _ulp(x: Array, p: Array) -> float:
    """Return one unit in the last place of the largest entry."""
    return _largest(x, p) * float(namespace(x).finfo(x.dtype).eps)
