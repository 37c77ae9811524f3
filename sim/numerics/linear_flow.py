"""Linear flows as matrices, computed once per step size."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import namespace, to_host
from sim.state import State, Velocity

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.array_types import AnyArray
    from sim.arrays import Array

MAX_MATRIX_SIZE = 1024  # nodes and edges: above, dense matrices cost too much
CACHED_STEP_SIZES = 4
MAX_TAYLOR_TERMS = 40  # before the step is halved
MAX_TERM_GROWTH = 16  # above, terms cancel too many digits


class LinearFlow:
    """ẏ = K y for y = (x, p), the same for every feature.

    Parameters
    ----------
    velocity : State -> Velocity
        y ↦ K y.
    like : State
        A state of the flow.
    """

    def __init__(self, velocity: Callable[[State], Velocity], like: State) -> None:
        self._velocity = velocity
        self._like = like
        self.size = like.x.shape[-2] + like.p.shape[-2]
        self.exponential = lru_cache(CACHED_STEP_SIZES)(self._exponential)
        self.resolvent = lru_cache(CACHED_STEP_SIZES)(self._resolvent)

    @property
    def dense(self) -> bool:
        """Whether the flow is small enough for matrices."""
        return self.size <= MAX_MATRIX_SIZE

    def flow(self, s: State, h: float) -> State:
        """Return e^{hK} applied to `s`."""
        if self.dense:
            y = self.exponential(h) @ _joined(s.x, s.p)
            return State(s.t + h, *_parted(y, s))
        return self._taylor(s, h)

    def solve(self, v: Velocity, s: State, h: float) -> Velocity:
        """Return (1 − hK/2)⁻¹ v."""
        return Velocity(*_parted(self.resolvent(h) @ _joined(v.x, v.p), s))

    def _matrix(self) -> AnyArray:
        """Return K in float64: (..., n + m, n + m)."""
        xp, x = namespace(self._like.x), self._like.x
        one = xp.eye(self.size, dtype=x.dtype)
        n = x.shape[-2]
        v = self._velocity(State(0.0, one[:n, :], one[n:, :]))
        return np.asarray(to_host(_joined(v.x, v.p)), dtype=np.float64)

    def _exponential(self, h: float) -> Array:
        from scipy.linalg import expm

        return self._device(expm(h * self._matrix()))

    def _resolvent(self, h: float) -> Array:
        k = self._matrix()
        return self._device(np.linalg.inv(np.eye(self.size) - h / 2 * k))

    def _device(self, host: AnyArray) -> Array:
        x = self._like.x
        return namespace(x).asarray(host, dtype=x.dtype)

    def _taylor(self, s: State, h: float) -> State:
        """Return Σ (hK)^k y / k!, in half steps where the series would cancel."""
        total = term = Velocity(s.x, s.p)
        start = size = _size(term)
        for k in range(1, MAX_TAYLOR_TERMS):
            term = (h / k) * self._velocity(State(s.t, term.x, term.p))
            total, size = total + term, _size(term)
            if size > MAX_TERM_GROWTH * start:
                break
            if size <= _rounding(s.x) * start:
                return State(s.t + h, total.x, total.p)
        half = self._taylor(s, h / 2)
        return self._taylor(half, h / 2)


def _joined(x: Array, p: Array) -> Array:
    xp = namespace(x)
    if p.shape[-2] and x.ndim != p.ndim:  # one matrix and one stack
        lead = (x if x.ndim > p.ndim else p).shape[:-2]
        x, p = (xp.broadcast_to(a, (*lead, *a.shape[-2:])) for a in (x, p))
    return xp.concat([x, p], axis=-2) if p.shape[-2] else x


def _parted(y: Array, s: State) -> tuple[Array, Array]:
    n = s.x.shape[-2]
    return y[..., :n, :], y[..., n:, :] if s.p.shape[-2] else s.p


def _size(v: Velocity) -> float:
    xp = namespace(v.x)
    sizes = [float(xp.max(xp.abs(a))) for a in (v.x, v.p) if a.shape[-2]]
    return max(sizes)


def _rounding(x: Array) -> float:
    return float(namespace(x).finfo(x.dtype).eps) / 4
