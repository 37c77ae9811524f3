"""Long sums that end early, because no one waits for them any more."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

_LOCAL = threading.local()


class SumAbandonedError(Exception):
    """A sum ended early, and has no result."""


@contextmanager
def abandoned_if(asked: Callable[[], bool]) -> Generator[None]:
    """Let the sums of this thread end early once `asked()`, which is called often.

    They raise `SumAbandonedError`.
    """
    before = abandonment()
    _LOCAL.asked = asked
    try:
        yield
    finally:
        _LOCAL.asked = before


def abandonment() -> Callable[[], bool]:
    """Return what says whether sums of this thread are to end early."""
    asked: Callable[[], bool] = getattr(_LOCAL, "asked", _never)
    return asked


def _never() -> bool:
    return False
