"""Builds the scene of a frame: every picture of the simulation is made from one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from app.scene.arcs import TokenArcs, arc_ends, arc_lines, lit_tokens, token_arcs
from app.scene.colouring import Colouring
from app.scene.density import density_ring
from app.scene.geometry import (
    EdgeLines,
    cluster_masses,
    stems,
)
from app.scene.globe_fields import globe_request, painted_globe
from app.scene.projector import CIRCLE, PastPoints, Projector
from app.scene.sampling import sample, subset
from app.scene.scene import MIN_RING_MASS, Scene, bead_radius
from app.scene.scene_info import NO_SCENE, SceneInfo
from app.scene.trails import trails
from app.scene.words import special_tokens
from app.theme.palette import LONE, rgb, token_colours
from sim.frame import FrameRequest
from sim.measure.cluster_ids import followed, link_distance, linked
from sim.measure.clusters import SAME_CLUSTER_COSINE
from sim.trace import ClusterIds

if TYPE_CHECKING:
    from app.document.look import Look
    from app.theme.palette import Theme
    from sim.array_types import Bools, Ints, Single
    from sim.frame import Frame


CAPTION_OBSERVABLES = frozenset({"f_hat", "energy"})
MAX_COLOURED_BY_CLUSTER = 50_000  # tokens: above, clusters are not computed
DIMMING = 0.62  # how far tokens without an arc are from their colours to the globe's
HIDDEN_WITHIN_RADII = 0.6  # beads closer than this hide each other


class SceneBuilder:
    """Builds the scenes of one view; a frame always gives the same scene.

    Attributes
    ----------
    info : SceneInfo
        What the last scene shows.  It is replaced as a whole and never changed, so that
        another thread may read it while the next scene is built.
    max_tokens : int, optional
        Tokens that are drawn, an even sample of more; all if None.
    """

    def __init__(self, theme: Theme) -> None:
        self._colouring, self._past_points = Colouring(theme), PastPoints()
        self.info = NO_SCENE
        self.max_tokens: int | None = None

    @property
    def theme(self) -> Theme:
        """The theme in force."""
        return self._colouring.theme

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`, from the next scene on."""
        self._colouring.theme = theme

    def request(
        self, look: Look, frame: Frame | None = None, chosen: tuple[int, ...] = ()
    ) -> FrameRequest:
        """Return what frames must hold for `look`; see `request_for`."""
        n, d = frame.x.shape if frame is not None else (0, 0)
        return request_for(look, n, d, chosen)

    def build(self, frame: Frame, look: Look, chosen: tuple[int, ...] = ()) -> Scene:
        """Return `frame` as `look` shows it, with the `chosen` tokens marked, by id."""
        arcs = token_arcs(frame, chosen, look.attention) if look.arcs else ()
        marked = tuple(dict.fromkeys((*look.attention.pins, *chosen)))
        hidden = () if look.special else special_tokens(frame)
        drawn = sample(frame, self.max_tokens, (*marked, *arc_ends(arcs)), hidden)
        if drawn is None:
            scene, self.info = self._build(frame, look, marked, arcs)
            return scene
        scene, info = self._build(subset(frame, drawn), look, marked, arcs)
        self.info = self._for_all_tokens(info, frame, drawn)
        return scene

    def _for_all_tokens(self, info: SceneInfo, frame: Frame, drawn: Ints) -> SceneInfo:
        """Return the info of all n tokens: those not drawn are in no cluster."""
        n = len(frame.x)
        cluster_ids, numbers = (np.full(n, LONE) for _ in range(2))
        colours = np.empty((n, 4), np.float32)
        colours[:] = token_colours(self.theme, numbers[:1])  # one for all: n is large
        cluster_ids[drawn], numbers[drawn] = info.cluster_ids, info.numbers
        colours[drawn] = info.colours
        values = {"numbers": numbers, "cluster_ids": cluster_ids, "colours": colours}
        return replace(info, frame=frame, sampled=drawn, **values)

    def _build(
        self,
        frame: Frame,
        look: Look,
        chosen: tuple[int, ...],
        arcs: tuple[TokenArcs, ...],
    ) -> tuple[Scene, SceneInfo]:
        n, d = frame.x.shape
        projector = Projector(frame, look, self._past_points)
        projected, clusters = projector.projected, _clusters(frame)
        cosine = _link_cosine(frame)
        colours, numbers = self._colouring.colour(
            frame, look, projected.points, clusters, cosine
        )
        rows = frame.rows_of(chosen)
        chosen = tuple(rows)
        arcs = tuple(a.without_near(frame, projected.points) for a in arcs)
        edges = EdgeLines.of(frame, projected.points, shown=look.edges)
        painted = painted_globe(frame, look)
        flat = d == CIRCLE
        mass = None if flat else _masses(frame, look, projected.points)
        around = flat and frame.scenario.space.bounded
        scene = Scene(
            projected.points,
            self._dimmed(colours, frame, arcs),
            flat=flat,
            on_sphere=projected.on_sphere,
            trails=trails(frame, look, projector),
            bead=look.bead,
            glow=look.glow,
            chosen=_selected_mask(n, list(rows.values())) if rows else None,
            mass=mass,
            arcs=arc_lines(frame, projected.points, arcs),
            edges=edges.lines
            or stems(frame, projected.points, look)
            or painted.streaks,
            field=painted.field,
            field_kind=painted.kind,
            density_ring=density_ring(projected.points) if around else None,
            potential_ring=_ring_potential(frame.potential) if around else None,
        )
        colouring, scales = self._colouring, edges.scales
        parts = (frame, chosen, numbers, clusters.now, colours, projected, n, None)
        reasons = (colouring.legend, scales, colouring.reason)
        ringed = mass is not None and bool((mass >= MIN_RING_MASS).any())
        return scene, SceneInfo(*parts, *reasons, arcs, look.attention, painted, ringed)

    def _dimmed(
        self, colours: Single, frame: Frame, arcs: tuple[TokenArcs, ...]
    ) -> Single:
        """Return colours, (n, 4), paler but for tokens with arcs and at their ends."""
        if not arcs:
            return colours
        lit = lit_tokens(arcs, frame)
        out = colours.copy()
        out[:, :3] += np.float32(DIMMING) * (rgb(self.theme.glass.deep) - out[:, :3])
        out[lit] = colours[lit]
        return out


def request_for(
    look: Look, n: int, d: int, chosen: tuple[int, ...] = ()
) -> FrameRequest:
    """Return what frames of n tokens in d dimensions must hold to be shown.

    Observables are those of the caption; a caller that needs more joins its own
    request by ``|``.
    """
    few = n <= MAX_COLOURED_BY_CLUSTER
    needed = {
        "speed": look.colour == "speed",
        "potential": d == CIRCLE,
        "head": look.colour == "head",
    }
    return FrameRequest(
        observables=CAPTION_OBSERVABLES | {"clusters"} if few else CAPTION_OBSERVABLES,
        clusters=few,
        rows=chosen if look.arcs and not look.attention.incoming else (),
        columns=chosen if look.arcs and look.attention.incoming else (),
        quantities=frozenset(name for name, is_needed in needed.items() if is_needed)
        | globe_request(look, d),
        trails=frozenset({look.trail} if look.trail and d != CIRCLE else ()),
    )


def _clusters(frame: Frame) -> ClusterIds:
    """Return the ids of clusters, which follow from the trace of the run."""
    x, ids, trace = frame.x, frame.ids, frame.trace
    labels = linked(x, frame.scenario.space, frame.labels)
    if labels is None:
        none = np.full(len(x), LONE)
        return ClusterIds(ids, none, none, np.full(len(x), -np.inf))
    started = len(x) if frame.run is None else frame.run.start.tokens
    if trace is None:
        return followed(None, ids, labels, started)
    state = trace.state
    return followed(state.clusters, ids, labels, started, state.coordinate)


def _link_cosine(frame: Frame) -> float:
    """Return the cosine above which tokens have one colour."""
    distance = link_distance(frame.x, frame.scenario.space)
    return SAME_CLUSTER_COSINE if distance is None else 1 - distance**2 / 2


def _masses(frame: Frame, look: Look, points: Single) -> Single | None:
    """Return how many beads hide each other, at one token for each place."""
    if frame.labels is None:
        return None
    bead = bead_radius(len(frame.x)) * look.bead
    return cluster_masses(frame.labels, points, HIDDEN_WITHIN_RADII * bead)


def _selected_mask(n: int, rows: list[int]) -> Bools:
    out = np.zeros(n, bool)
    out[rows] = True
    return out


def _ring_potential(potential: Single | None) -> Single | None:
    """Return a potential on the circle; None for any other."""
    if potential is None or potential.ndim != 1:
        return None
    return potential.astype(np.float32)
