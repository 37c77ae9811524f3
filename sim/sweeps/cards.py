"""Which card each worker process computes on, where a machine has several."""

from __future__ import annotations

import os
import sys

VISIBLE = "CUDA_VISIBLE_DEVICES"
"""Environment variable that names the cards a process sees, the first of them first."""


def cards() -> list[str]:
    """Return the names of the cards that this process sees.

    Those of the environment, else as many as CuPy counts, if this process computes
    with it.
    """
    if VISIBLE in os.environ:
        return [name for name in os.environ[VISIBLE].split(",") if name.strip()]
    cupy = sys.modules.get("cupy")
    if cupy is None:
        return []
    try:
        return [str(k) for k in range(cupy.cuda.runtime.getDeviceCount())]
    except RuntimeError:  # there is no driver
        return []


def card_of(number: int) -> dict[str, str]:
    """Return the environment of the worker `number`, which sees one card: in turn.

    Empty where there is no choice.
    """
    known = cards()
    return {VISIBLE: known[number % len(known)]} if len(known) > 1 else {}
