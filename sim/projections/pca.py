"""Principal axes that follow the tokens continuously."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.projections import MIN_LENGTH, Projection, onto_globe, share
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.frame import Frame


SEARCH_COLUMNS = 8  # more than 3, so that the first search converges fast
SEARCH_ROUNDS = 24  # of the first search
AXIS_INERTIA = 1e-3  # of the mean square length: keeps an axis without variance

ON_GLOBE = Knob(
    "Onto the globe",
    help="On: tokens of length 1 are drawn on the globe, in the direction of their "
    "projection.  Off: inside it, at the length of their projection.",
)


@dataclass(frozen=True)
class Pca(Projection):
    """The three principal axes of the tokens, rotated as little as possible."""

    kind: ClassVar[str] = "pca"
    title: ClassVar[str] = "Principal axes"
    onto_globe: Annotated[bool, ON_GLOBE] = True

    def projector(self) -> PcaProjector:
        return PcaProjector(self.onto_globe)

    def surface(self) -> bool:
        return self.onto_globe

    def caption(self) -> str:
        return "three principal axes"


class PcaProjector:
    """Follows the principal subspace from frame to frame.

    Each frame makes one step of subspace iteration, and of all bases takes the one
    nearest to the step: the polar factor.  Axes can thus neither flip nor swap, and
    cost O(n d) a frame.  Tokens of length 1 are taken from the origin, so that one
    place in R^d stays one place on the screen; others from their mean.
    """

    def __init__(self, onto_globe: bool = True) -> None:
        self._onto_globe = onto_globe
        self._axes: Floats | None = None

    def project(self, frame: Frame) -> tuple[Floats, float]:
        bounded = frame.scenario.space.bounded
        x = frame.x if bounded else frame.x - frame.x.mean(axis=0)
        axes = self.turn(x)
        seen = x @ axes
        if bounded and self._onto_globe:
            seen = onto_globe(seen)
        return seen, share(frame.x, axes)

    def turn(self, x: Floats) -> Floats:
        """Return the axes after a turn towards those of `x`: (n, d) -> (d, 3)."""
        self._axes = principal(x) if self._axes is None else followed(x, self._axes)
        return self._axes


def principal(x: Floats) -> Floats:
    """Return the three principal axes of the rows of `x`: (n, d) -> (d, 3)."""
    d = x.shape[1]
    block = np.random.default_rng(0).standard_normal((d, min(SEARCH_COLUMNS, d)))
    block = np.linalg.qr(block.astype(x.dtype))[0]
    for _ in range(SEARCH_ROUNDS):
        block = np.linalg.qr(x.T @ (x @ block) + MIN_LENGTH * block)[0]
    y = x @ block
    _, turn = np.linalg.eigh(y.T @ y)
    axes = block @ turn[:, ::-1][:, :3]
    largest = np.abs(axes).argmax(axis=0)
    return axes * np.sign(axes[largest, np.arange(3)])


def followed(x: Floats, axes: Floats) -> Floats:
    """Return `axes`, (d, 3), one step closer to the principal axes of `x`, (n, d)."""
    inertia = AXIS_INERTIA * float((x * x).sum()) + MIN_LENGTH
    step = x.T @ (x @ axes) + inertia * axes
    u, _, v = np.linalg.svd(step, full_matrices=False)
    return u @ v
