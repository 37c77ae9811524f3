"""Non-uniform Fourier transforms: finufft's, or cufinufft's on a graphics card."""

from __future__ import annotations

import math
import threading
from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arrays import namespace
from sim.jit.buffer_pool import BUFFER_POOL
from sim.jit.thread_pool import run_tasks, threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.arrays import Array

LIBRARIES = {"numpy": "finufft", "cupy": "cufinufft"}
"""Who transforms whose arrays."""
KEYS_PER_TASK = 1 << 18
MAX_MODES_HELD = 1 << 24  # by all tasks together, if not by one alone
MAX_PLANS, MAX_PLAN_MODES = 4, 1 << 16  # that a thread keeps


@cache
def missing(library: str) -> str | None:
    """Say why arrays of `library` have no transform here; None if they have one."""
    name = LIBRARIES[library]
    try:
        import_module(name)
    except (ImportError, OSError) as error:
        return f"needs {name} ({error})"
    return None


def to_modes(
    places: list[Array], weights: Array, sizes: tuple[int, ...], asked: float
) -> Array:
    """Return Σⱼ wⱼ e^{-i⟨k,xⱼ⟩} for all modes k: d of (m,), (v, m) -> (v, *sizes).

    On the processor in pieces on one thread each, so that no run differs in a bit; a
    graphics card adds in an order of its own, and its runs differ by rounding.
    """
    xp, (count, m) = namespace(weights), weights.shape
    if xp is not np:
        transform = _gpu_transform(xp, f"nufft{len(sizes)}d1")
        return transform(*places, weights, sizes, eps=asked, isign=-1).reshape(
            count, *sizes
        )
    pieces = max(
        1, min(-(-m // KEYS_PER_TASK), MAX_MODES_HELD // (count * math.prod(sizes)))
    )
    size = -(-m // pieces)
    parts = BUFFER_POOL.empty((pieces, count, *sizes), weights.dtype)

    def piece(k: int) -> None:
        rows = slice(k * size, (k + 1) * size)
        some = BUFFER_POOL.empty(weights[:, rows].shape, weights.dtype)
        np.copyto(some, weights[:, rows])
        plan = _plan(1, sizes, count, weights.dtype, asked, 1)
        plan.setpts(*[p[rows] for p in places])
        plan.execute(some, parts[k])

    run_tasks([partial(piece, k) for k in range(pieces)])
    for part in parts[1:]:
        parts[0] += part
    return parts[0]


def at_points(places: list[Array], moments: Array, asked: float) -> Array:
    """Return Σₖ fₖ e^{i⟨k,xᵢ⟩} at all places: d of (n,), (v, *sizes) -> (v, n)."""
    xp, (count, *sizes) = namespace(moments), moments.shape
    if xp is not np:
        transform = _gpu_transform(xp, f"nufft{len(sizes)}d2")
        found = transform(*places, moments, eps=asked, isign=1)
        return xp.ascontiguousarray(found.reshape(count, -1))
    found = BUFFER_POOL.empty((count, len(places[0])), moments.dtype)
    plan = _plan(2, tuple(sizes), count, moments.dtype, asked, threads())
    plan.setpts(*places)
    plan.execute(moments, found)
    return found


class _Plans(threading.local):
    """The plans of this thread: their grids, and how those are transformed."""

    def __init__(self) -> None:
        self.kept: dict[tuple[object, ...], Any] = {}


_plans = _Plans()


def _plan(
    way: int,
    sizes: tuple[int, ...],
    count: int,
    kind: np.dtype[Any],
    asked: float,
    nthreads: int,
) -> Any:
    """Return this thread's plan of finufft for `count` transforms of one type."""
    kept = _plans.kept
    key = (way, sizes, count, kind, asked, nthreads)
    plan = kept.get(key)
    if plan is None:
        plan = import_module(LIBRARIES["numpy"]).Plan(
            way,
            sizes,
            count,
            asked,
            -1 if way == 1 else 1,
            kind.name,
            nthreads=nthreads,
        )
        if math.prod(sizes) <= MAX_PLAN_MODES:
            if len(kept) == MAX_PLANS:
                kept.clear()
            kept[key] = plan
    return plan


def _gpu_transform(xp: Any, name: str) -> Callable[..., Any]:
    """Return cufinufft's transform called `name`, where CuPy computes.

    It computes on card 0 and CUDA's own stream unless it is given CuPy's.
    """
    transform = getattr(import_module(LIBRARIES[xp.__name__]), name)
    stream, card = xp.cuda.get_current_stream().ptr, xp.cuda.Device().id
    return partial(transform, gpu_stream=stream, gpu_device_id=card)
