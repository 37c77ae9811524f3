"""Turns a frame into a picture: the only way from the simulator to the screen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from app.scene.cluster_ids import ClusterIds
from app.scene.colouring import Colouring
from app.scene.geometry import Flux, arcs, density_ring, masses, painted, stems
from app.scene.projector import BALL, CIRCLE, Projector
from app.scene.sampling import sample, thinned
from app.scene.scene import Scene, bead_radius
from app.scene.scene_info import NO_SCENE, SceneInfo
from app.theme.palette import LONE, token_colours
from sim.frame import FrameRequest

if TYPE_CHECKING:
    from app.document.look import Look
    from app.theme.palette import Theme
    from sim.array_types import Bools, Ints, Single
    from sim.frame import Frame


CAPTION = frozenset({"f_hat", "energy"})  # observables that it prints, at any n
CLUSTERED = 50_000  # tokens: above, clusters are not looked for to be coloured
HIDDEN = 0.6  # bead radii: a bead that is closer to another one hides it


class SceneBuilder:
    """Directs the frames of one view; the same frames give the same pictures.

    Attributes
    ----------
    cast : Cast
        What it decided for the last `picture`.  Whole at any moment, and never changed
        afterwards: another thread may read it while the next picture is made.
    most : int, optional
        Tokens that are drawn, an even sample of more; all if None.
    """

    def __init__(self, theme: Theme) -> None:
        self._colouring = Colouring(theme)
        self._projector, self._cluster_ids, self._flux = (
            Projector(),
            ClusterIds(),
            Flux(),
        )
        self.cast = NO_SCENE
        self.most: int | None = None

    @property
    def theme(self) -> Theme:
        """The theme in force."""
        return self._colouring.theme

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`, from the next picture on."""
        self._colouring.theme = theme

    def request(
        self, look: Look, frame: Frame | None = None, chosen: tuple[int, ...] = ()
    ) -> FrameRequest:
        """Return what frames must hold for `look`; see `wanted`."""
        n, d = frame.x.shape if frame is not None else (0, 0)
        return wanted(look, n, d, chosen)

    def picture(self, frame: Frame, look: Look, chosen: tuple[int, ...] = ()) -> Scene:
        """Return `frame` as `look` shows it, with the `chosen` tokens marked."""
        some = sample(frame, self.most, chosen)
        if some is None:
            picture, self.cast = self._picture(frame, look, chosen)
            return picture
        known = [i for i in chosen if 0 <= i < len(frame.x)]
        among = tuple(int(k) for k in np.searchsorted(some, known))
        picture, cast = self._picture(thinned(frame, some), look, among)
        self.cast = self._spread(cast, frame, some)
        return picture

    def _spread(self, cast: SceneInfo, frame: Frame, some: Ints) -> SceneInfo:
        """Number and colour all n tokens for other views: those not drawn are lone."""
        n = len(frame.x)
        cluster_ids, numbers = (np.full(n, LONE) for _ in range(2))
        colours = np.empty((n, 4), np.float32)
        colours[:] = token_colours(self.theme, numbers[:1])  # one for all: n is large
        cluster_ids[some], numbers[some] = cast.cluster_ids, cast.numbers
        colours[some] = cast.colours
        all_ = {"numbers": numbers, "cluster_ids": cluster_ids, "colours": colours}
        chosen = tuple(int(some[i]) for i in cast.chosen)
        return replace(cast, frame=frame, chosen=chosen, among=some, **all_)

    def _picture(
        self, frame: Frame, look: Look, chosen: tuple[int, ...]
    ) -> tuple[Scene, SceneInfo]:
        n, d = frame.x.shape
        seen = self._projector.see(frame, look)
        cluster_ids = self._cluster_ids.of(frame, seen.points)
        colours, numbers = self._colouring.wear(frame, look, seen.points, cluster_ids)
        chosen = tuple(i for i in chosen if 0 <= i < n)
        edges = self._flux.lines(frame, seen.points, shown=look.edges)
        flat = d == CIRCLE
        around = flat and frame.scenario.space.bounded
        picture = Scene(
            seen.points,
            colours,
            t=frame.t,
            epoch=frame.epoch,
            flat=flat,
            on_sphere=seen.on_sphere,
            trail=look.trail,
            bead=look.bead,
            glow=look.glow,
            chosen=_marked(n, chosen) if chosen else None,
            mass=None if flat else _masses(frame, look, seen.points),
            arcs=arcs(frame, seen.points, chosen) if look.arcs else None,
            edges=edges or stems(frame, seen.points, look),
            field=_field(frame.potential) if look.potential else None,
            density_ring=density_ring(seen.points) if around else None,
            potential_ring=_ring_potential(frame.potential) if around else None,
        )
        worn, scales = self._colouring, self._flux.scales
        who = (frame, chosen, numbers, cluster_ids, colours, seen, n, None)
        return picture, SceneInfo(*who, worn.legend, scales, worn.reason)


def wanted(look: Look, n: int, d: int, chosen: tuple[int, ...] = ()) -> FrameRequest:
    """Return what frames of n tokens in d dimensions must hold to be shown.

    Observables are those of the caption; a caller that needs more joins its own
    request by ``|``.
    """
    few = n <= CLUSTERED
    needed = {
        "speed": look.colour == "speed",
        "potential": d == CIRCLE or (look.potential and d in (0, BALL)),
        "head": look.colour == "head",
    }
    return FrameRequest(
        observables=CAPTION | {"clusters"} if few else CAPTION,
        clusters=few,
        rows=chosen if look.arcs else (),
        quantities=frozenset(name for name, is_needed in needed.items() if is_needed),
    )


def _masses(frame: Frame, look: Look, points: Single) -> Single | None:
    """Return the weight of places where beads hide each other."""
    if frame.labels is None:
        return None
    bead = bead_radius(len(frame.x)) * look.bead
    return masses(frame.labels, points, HIDDEN * bead)


def _marked(n: int, chosen: tuple[int, ...]) -> Bools:
    out = np.zeros(n, bool)
    out[list(chosen)] = True
    return out


def _ring_potential(potential: Single | None) -> Single | None:
    """Return a potential on the ring, as it is; None for any other."""
    if potential is None or potential.ndim != 1:
        return None
    return potential.astype(np.float32)


def _field(potential: Single | None) -> Single | None:
    """Return a potential on the globe, as it is painted; None for any other."""
    if potential is None or potential.ndim == 1:
        return None
    return painted(potential)
