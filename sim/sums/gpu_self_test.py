"""What a method must get right on this very graphics card before it is trusted."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from sim.sums import Problem
from sim.sums.methods.direct import Direct

if TYPE_CHECKING:
    from sim.masks import Rule
    from sim.sums.methods import Method

TOKENS, SCALE = 700, 2.0  # several blocks, and a last tile that is not full


@cache
def self_test_failure(
    method: Method, kind: str, width: int, mask: Rule | None = None
) -> str | None:
    """Say why sums of `method` are not trusted; None if a small problem came out right.

    It is made to compile, run, and agree with the direct sum on the same card within
    twice what it promises, for tokens of this type and dimension under this mask.
    """
    try:
        cupy = import_module("cupy")
        x = cupy.sin(cupy.arange(width * TOKENS, dtype=kind))
        x = x.reshape(TOKENS, width)
        small = Problem(x, x, x, SCALE, mask)
        found, wanted = method.sums(small).mean, Direct().sums(small).mean
        apart = float(cupy.max(cupy.abs(found - wanted)))
        allowed = 2 * method.error(small) * small.lengths[3]
    except Exception as error:  # CuPy raises many kinds when CUDA is half-installed
        return f"cannot be used here ({type(error).__name__}: {error})"
    return None if apart <= allowed else f"computes wrong numbers here (by {apart:.0e})"
