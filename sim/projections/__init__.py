"""How R^d is shown in R^3."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from sim.plugins import Plugin

if TYPE_CHECKING:
    import numpy as np

    from sim.frame import Frame

    Floats = np.ndarray[Any, Any]


class Eye(Protocol):
    """Sees the frames of one run one after the other; may remember the last."""

    def see(self, frame: Frame) -> tuple[Floats, float]:
        """Return where tokens are seen, (n, 3), and the share of variance shown."""
        ...


@dataclass(frozen=True)
class Projection(Plugin, abc.ABC, package=__name__):
    """A way to look at d > 3 dimensions; never changes what is computed."""

    @abc.abstractmethod
    def eye(self) -> Eye:
        """Return an eye that has seen nothing yet."""
