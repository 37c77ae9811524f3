"""Tokens without positions: a set, not a sequence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.positions import Positions


@dataclass(frozen=True)
class NoPositions(Positions):
    """No code: tokens are a set, and their order does not matter."""

    kind: ClassVar[str] = "none"
    title: ClassVar[str] = "None"
