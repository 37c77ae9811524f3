"""One frame as it is drawn: points in R^3 and colours; no GL, no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from sim.array_types import Bools, Single

FieldKind = Literal["potential", "density", "divergence"]
MIN_RING_MASS = 2  # tokens at one place: a single one has no ring


@dataclass(frozen=True, slots=True)
class Lines:
    """Great-circle arcs (or chords, where tokens are off the sphere) to draw.

    Attributes
    ----------
    start, end : float32, shape (m, 3)
        End points.
    weight : float32, shape (m,)
        Width and opacity, in [0, 1].
    flux : float32, shape (m,), optional
        A signed quantity in [-1, 1] that chooses the colour, and makes its line more
        opaque; without it all lines are brass.
    """

    start: Single
    end: Single
    weight: Single
    flux: Single | None = None


@dataclass(frozen=True, slots=True)
class TrailLines:
    """Where tokens have been, as many points for each of them.

    Attributes
    ----------
    points : float32, shape (m, n, 3)
        Oldest first; the last ones are where tokens are.
    ages : float32, shape (m,)
        How long ago that was, in coordinates of the clock.
    length : float
        The age at which trails end.
    place : int
        The number of the first points among those that the run's clock has.
    """

    points: Single
    ages: Single
    length: float
    place: int = 0


@dataclass(frozen=True, slots=True)
class Scene:
    """One frame, ready to draw.

    Attributes
    ----------
    points : float32, shape (n, 3)
        Tokens as they are drawn; of length 1 where ``on_sphere``.
    colours : float32, shape (n, 4)
        sRGB and alpha, in [0, 1].
    flat : bool
        Whether to draw the circle, face on (d = 2).
    on_sphere : bool
        Whether tokens live on the globe's surface; if not, the globe is a faint guide.
    trails : Trails, optional
        Where tokens have been.
    bead : float
        Size of the beads, relative to the automatic size.
    glow : bool
        Whether beads shine (on a dark canvas).
    chosen : bool, shape (n,), optional
        Tokens with a brass ring.
    mass : float32, shape (n,), optional
        Number of tokens at one place, at one of them; 0 for the others.  Drawn as
        a ring whose width grows with its square root.
    arcs : Lines, optional
        Attention of the chosen tokens.
    edges : Lines, optional
        Edges of the graph, coloured by flux.
    field : float32, shape (96, 192), optional
        A scalar field on the sphere in [0, 1], at the points of
        `scalar_field.field_grid`.
    field_kind : {"potential", "density", "divergence"}
        What the field is, which chooses its colours.  A density and a divergence are
        painted as their legend has them, without light and shade.
    density_ring, potential_ring : float32, shape (1024,), optional
        Density around the circle and potential inside it, for d = 2, at the angles of
        `circle.angles`; each is drawn on its own scale.
    """

    points: Single
    colours: Single
    flat: bool = False
    on_sphere: bool = True
    trails: TrailLines | None = None
    bead: float = 1.0
    glow: bool = True
    chosen: Bools | None = None
    mass: Single | None = None
    arcs: Lines | None = None
    edges: Lines | None = None
    field: Single | None = None
    field_kind: FieldKind = "potential"
    density_ring: Single | None = None
    potential_ring: Single | None = None


def bead_radius(n: int) -> float:
    """Return the world radius of n beads, small enough not to touch if uniform."""
    return float(np.clip(0.042 * (64 / max(n, 1)) ** (1 / 3), 0.0035, 0.056))
