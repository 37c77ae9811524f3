"""Tells when a picture is drawn, without waiting for it."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

from app.gl import gloo

COMMANDS_COMPLETE = 0x9117  # GL_SYNC_GPU_COMMANDS_COMPLETE
SIGNALED = (0x911A, 0x911C)  # GL_ALREADY_SIGNALED, GL_CONDITION_SATISFIED


class Fence:
    """Stands behind all that was sent off so far; its context is current.

    Where OpenGL has no fences (before 3.2) it is passed from the start: who fetches
    the picture then waits for it.
    """

    def __init__(self) -> None:
        self._sync: int | None = None
        try:
            make, self._ask, self._drop = _functions()
        except RuntimeError:
            return
        self._sync = make(COMMANDS_COMPLETE, 0)
        gloo.flush()

    @property
    def passed(self) -> bool:
        """Whether all before it is drawn; asking does not wait."""
        return self._sync is None or self._ask(self._sync, 0, 0) in SIGNALED

    def drop(self) -> None:
        """Give it back."""
        sync, self._sync = self._sync, None
        if sync is not None:
            self._drop(sync)


@cache
def _functions() -> tuple[Any, Any, Any]:
    """Return glFenceSync, glClientWaitSync and glDeleteSync."""
    word, sync = ctypes.c_uint, ctypes.c_void_p
    return (
        gloo.native("glFenceSync", [word, word], sync),
        gloo.native("glClientWaitSync", [sync, word, ctypes.c_uint64], word),
        gloo.native("glDeleteSync", [sync]),
    )
