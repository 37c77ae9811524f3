"""Non-uniform Fourier transforms: finufft's, or cufinufft's on a graphics card."""

from __future__ import annotations

from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arrays import namespace
from sim.sums.pool import share, threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.arrays import Array

LIBRARIES = {"numpy": "finufft", "cupy": "cufinufft"}
"""Who transforms whose arrays."""
PIECE = 1 << 18  # keys whose moments are summed at a time, each piece on one thread


@cache
def missing(library: str) -> str | None:
    """Say why arrays of `library` have no transform here; None if they have one."""
    name = LIBRARIES[library]
    try:
        import_module(name)
    except (ImportError, OSError) as error:
        return f"needs {name} ({error})"
    return None


def collected(
    places: list[Array], weights: Array, sizes: tuple[int, ...], asked: float
) -> Array:
    """Return Σⱼ wⱼ e^{-i⟨k,xⱼ⟩} for all modes k: d of (m,), (v, m) -> (v, *sizes).

    On the processor in pieces on one thread each, so that no run differs in a bit; a
    graphics card adds in an order of its own, and its runs differ by rounding.
    """
    xp, m = namespace(weights), weights.shape[-1]
    transform = _of(weights, f"nufft{len(sizes)}d1", 1)
    size = PIECE if xp is np else m
    starts = range(0, m, size)
    parts: list[Any] = [None] * len(starts)

    def piece(k: int) -> None:
        rows = slice(starts[k], starts[k] + size)
        points = [p[rows] for p in places]
        some = xp.ascontiguousarray(weights[:, rows])
        found = transform(*points, some, sizes, eps=asked, isign=-1)
        parts[k] = found.reshape(len(weights), *sizes)

    share([partial(piece, k) for k in range(len(starts))])
    return xp.sum(xp.stack(parts), axis=0)


def handed_out(places: list[Array], moments: Array, asked: float) -> Array:
    """Return Σₖ fₖ e^{i⟨k,xᵢ⟩} at all places: d of (n,), (v, *sizes) -> (v, n)."""
    transform = _of(moments, f"nufft{moments.ndim - 1}d2", threads())
    found = transform(*places, moments, eps=asked, isign=1)
    return namespace(moments).ascontiguousarray(found.reshape(len(moments), -1))


def _of(like: Array, name: str, nthreads: int) -> Callable[..., Any]:
    """Return the transform called `name` for arrays such as `like`, and where it runs.

    cufinufft computes on card 0 and CUDA's own stream unless it is told CuPy's.
    """
    xp = namespace(like)
    transform = getattr(import_module(LIBRARIES[xp.__name__]), name)
    if xp is np:
        return partial(transform, nthreads=nthreads)
    stream, card = xp.cuda.get_current_stream().ptr, xp.cuda.Device().id
    return partial(transform, gpu_stream=stream, gpu_device_id=card)
