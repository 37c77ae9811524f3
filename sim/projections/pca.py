"""Principal axes that follow the tokens continuously."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.projections import MIN_LENGTH, LinearProjector, Projection
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.frame import Frame


SEARCH_COLUMNS = 8  # more than 3, so that the first search converges fast
SEARCH_ROUNDS = 24  # of the first search
AXIS_INERTIA = 1e-3  # of the mean square length: keeps an axis without variance

PLAIN, DIRECTIONS, CENTRED_DIRECTIONS = "plain", "directions", "centred directions"
ON_GLOBE = Knob(
    "Onto the globe",
    help="On: tokens of length 1 are drawn on the globe, in the direction of their "
    "projection.  Off: inside it, at the length of their projection.",
)


@dataclass(frozen=True)
class Pca(Projection):
    """The three principal axes of the tokens, rotated as little as possible.

    They follow the principal subspace along the run.  Each place of its clock makes one
    step of subspace iteration, and of all bases takes the one nearest to the step: the
    polar factor.  Axes can thus neither flip nor swap, and cost O(n d) a step.
    """

    kind: ClassVar[str] = "pca"
    title: ClassVar[str] = "Principal axes"
    onto_globe: Annotated[bool, ON_GLOBE] = True

    def projector(self, frame: Frame) -> LinearProjector:
        return LinearProjector(frame, axes_of(frame), self.onto_globe)

    def surface(self) -> bool:
        return self.onto_globe

    def caption(self) -> str:
        return "three principal axes"


def axes_of(frame: Frame, of: str = PLAIN) -> Floats:
    """Return the axes at a frame of a run, or of a frame alone: (d, 3)."""
    maps = None if frame.trace is None else frame.trace.maps
    if maps is not None:
        return maps.axes[of]
    return principal(parts(frame.x, frame.scenario.space.bounded)[of])


def parts(x: Floats, bounded: bool) -> dict[str, Floats]:
    """Return what principal axes belong to, each of shape (n, d), by its name."""
    centred = x - x.mean(axis=0) if len(x) > 1 else x
    return {
        PLAIN: x if bounded else x - x.mean(axis=0),
        DIRECTIONS: directions(x),
        CENTRED_DIRECTIONS: directions(centred),
    }


def directions(x: Floats) -> Floats:
    """Return x/|x| of the rows of x, (..., n, d)."""
    size = np.linalg.norm(x, axis=-1, keepdims=True)
    return x / np.maximum(size, MIN_LENGTH).astype(x.dtype)


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
