"""What views and recorders are given: host arrays, ready to draw or write."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import namespace, to_host
from sim.observables import Observable
from sim.sums.choose import attend
from sim.sums.row_tiles import TILE

if TYPE_CHECKING:
    from sim.array_types import Floats, Ints
    from sim.initial import Start
    from sim.law import Carrier
    from sim.measure.check import Certificate
    from sim.measure.cosines import Histogram
    from sim.measure.operators import Operators
    from sim.measure.probe import Probe
    from sim.scenario import Scenario


RING = 1024  # angles at which the circle's potential is given
WHOLE = 1e-6  # of a step: rounding
GRID = (96, 192)  # latitudes and longitudes of the globe's potential


@dataclass(frozen=True, slots=True)
class FrameRequest:
    """What a frame should hold beyond tokens: nothing else is computed.

    Attributes
    ----------
    observables : frozenset of str, optional
        Kinds to measure; all if None.
    clusters : bool
        Whether to label clusters.
    matrix : int
        Largest side of the attention matrix; 0 for none.  Above it, an even sample of
        the tokens stands for all.
    rows : tuple of int
        Tokens whose row of the attention matrix is wanted whole.
    speed : bool
        Whether to give every token's speed.
    potential : bool
        Whether to give the log-potential on the circle or the globe.
    head : bool
        Whether to say which head moves each token most.
    modes : bool
        Whether to give the energy of each mode of the graph.
    operators : bool
        Whether to give the eigenvalues of D = QᵀK and V.
    cosines : bool
        Whether to give the histogram of cosines.
    entropy : bool
        Whether to give the entropy of attention, head by head.
    checks : bool
        Whether to check the state; only `Engine` does, now and then.
    """

    observables: frozenset[str] | None = None
    clusters: bool = True
    matrix: int = 0
    rows: tuple[int, ...] = ()
    speed: bool = False
    potential: bool = False
    head: bool = False
    modes: bool = False
    operators: bool = False
    cosines: bool = False
    entropy: bool = False
    checks: bool = False

    def without_clusters(self) -> FrameRequest:
        """Return this request without cluster labels and their number."""
        kinds = self.observables
        kinds = frozenset(Observable.kinds()) if kinds is None else kinds
        return replace(self, clusters=False, observables=kinds - {"clusters"})

    def __or__(self, other: FrameRequest) -> FrameRequest:
        """Return the request for all that either asks for."""
        a, b = self.observables, other.observables
        return FrameRequest(
            None if a is None or b is None else a | b,
            self.clusters or other.clusters,
            max(self.matrix, other.matrix),
            tuple(dict.fromkeys((*self.rows, *other.rows))),
            self.speed or other.speed,
            self.potential or other.potential,
            self.head or other.head,
            self.modes or other.modes,
            self.operators or other.operators,
            self.cosines or other.cosines,
            self.entropy or other.entropy,
            self.checks or other.checks,
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """One moment of a run.

    Attributes
    ----------
    scenario : Scenario
        In force at that moment, so that a plot can break where a setting changed.
    t : float
        Time.
    x : shape (n, d)
        Tokens, in the run's own precision.
    p : shape (m, d)
        Momenta of edges or of tokens, see `carrier`; m = 0 without them.
    epoch : int
        Counts starts: frames of one epoch are one continuous run.
    measures : dict of str to float
        Observables by kind; NaN where one has no meaning.
    labels : int, shape (n,), optional
        Cluster of each token, numbered by first member.
    names, groups : tuple of str
        What the tokens are called, and the groups they came with; or nothing.
    edges : int, shape (m, 2), optional
        Tail and head of each edge of the law's graph.
    sample : int, shape (s,), optional
        Tokens that `matrix` is about.
    matrix : shape (h, s, s), optional
        Attention among the sample, rows attend; h = 1 where all heads agree.
    rows : dict of int to (h, n), optional
        Whole rows of the attention matrix.
    speed : shape (n,), optional
        |ẋᵢ|.
    potential : shape (1024,) or (96, 192), optional
        log Σⱼ e^{β⟨y,xⱼ⟩}/(nβ) at places y of the circle, from angle −π, or of the
        globe, from the south pole (see `ring`, `grid`); d = 2 or 3 only.
    head : int, shape (n,), optional
        The head that moves each token most.
    carrier : {"", "edges", "tokens"}
        What `p` belongs to: nothing, the edges, or the tokens.
    edge_weight : shape (m,), optional
        How strong each edge is, such as by the attention in force.
    modes : shape (k, 2), optional
        Frequency and energy of each mode of the graph, slowest first.
    notes : tuple of str
        What a person should know about the graph in force, in sentences.
    first : float64, shape (n, d), optional
        Where the tokens began.
    operators : Operators, optional
        Eigenvalues of D and V; nothing either where they would take too long.
    cosines : Histogram, optional
        How many pairs of tokens have which cosine.
    entropy : shape (h,), optional
        Mean entropy of the rows of each head's attention, in nats.
    checks : tuple of Certificate
        What was checked last, see `sim.checks.state`.
    method : (str, str)
        How sums over tokens are done, and why, with the bound on their error.
    """

    scenario: Scenario
    t: float
    x: Floats
    p: Floats
    epoch: int
    measures: dict[str, float]
    labels: Ints | None = None
    names: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    edges: Ints | None = None
    sample: Ints | None = None
    matrix: Floats | None = None
    rows: dict[int, Floats] = field(default_factory=dict)
    speed: Floats | None = None
    potential: Floats | None = None
    head: Ints | None = None
    carrier: Carrier = ""
    edge_weight: Floats | None = None
    modes: Floats | None = None
    notes: tuple[str, ...] = ()
    first: Floats | None = None
    operators: Operators | None = None
    cosines: Histogram | None = None
    entropy: Floats | None = None
    checks: tuple[Certificate, ...] = ()
    method: tuple[str, str] = ("", "")

    @property
    def depth(self) -> float:
        """How many steps of the scenario in force lead from the start to here."""
        return self.scenario.clock.reading(self.t) / self.scenario.step

    @property
    def layer(self) -> bool:
        """Whether this is the state after a step that is a layer, and none between."""
        whole = abs(self.depth - round(self.depth)) <= WHOLE
        return whole and self.scenario.integrator.discrete


def look_at(
    probe: Probe, scenario: Scenario, begin: Start, epoch: int, request: FrameRequest
) -> Frame:
    """Return the frame of one probed state."""
    kinds = Observable.kinds()
    wanted = (
        kinds if request.observables is None else request.observables & kinds.keys()
    )
    graph = probe.field.graph
    sample, matrix = _matrix(probe, request.matrix)
    return Frame(
        scenario,
        probe.state.t,
        probe.host,
        to_host(probe.state.p),
        epoch,
        {k: kinds[k]().measure(probe) for k in kinds if k in wanted},
        probe.labels if request.clusters else None,
        begin.names,
        begin.groups,
        None if graph is None else graph.edges,
        sample,
        matrix,
        _rows(probe, request.rows),
        probe.speed if request.speed else None,
        _potential(probe) if request.potential else None,
        probe.head if request.head else None,
        probe.field.carrier,
        _edge_weight(probe),
        _modes(probe) if request.modes else None,
        () if graph is None else graph.notes,
        begin.x,
        operators=probe.operators if request.operators else None,
        cosines=probe.histogram if request.cosines else None,
        entropy=probe.entropies if request.entropy else None,
        method=probe.method,
    )


def _edge_weight(probe: Probe) -> Floats | None:
    weight = probe.field.edge_weight
    return None if weight is None else to_host(weight(probe.state))[:, 0]


def _modes(probe: Probe) -> Floats | None:
    modes = probe.field.measures.get("modes")
    return None if modes is None else to_host(modes(probe.state))


def _matrix(probe: Probe, side: int) -> tuple[Ints | None, Floats | None]:
    n = len(probe.host)
    if not side or probe.attention is None:
        return None, None
    sample = np.unique(np.linspace(0, n - 1, min(n, side)).round().astype(int))
    x, attention = probe.seen.x, probe.attention
    found = attention.among(x, namespace(x).asarray(sample))
    if found is not None:
        return sample, to_host(found)
    size = max(1, TILE // (n * attention.heads))  # whole rows, a few at a time
    parts = [
        to_host(attention.rows(x, namespace(x).asarray(some)))[..., sample]
        for some in np.split(sample, range(size, len(sample), size))
    ]
    return sample, np.concatenate(parts, axis=-2)


def _rows(probe: Probe, rows: tuple[int, ...]) -> dict[int, Floats]:
    known = [r for r in rows if 0 <= r < len(probe.host)]
    if not known or probe.attention is None:
        return {}
    x = probe.seen.x
    found = to_host(probe.attention.rows(x, namespace(x).asarray(known)))
    return {r: found[:, k, :] for k, r in enumerate(known)}


def _potential(probe: Probe) -> Floats | None:
    d, beta = probe.host.shape[-1], probe.beta
    if d not in (2, 3) or not beta or beta != beta:  # no β is NaN
        return None
    at = ring() if d == 2 else grid().reshape(-1, 3)  # noqa: PLR2004
    x = to_host(probe.seen.x)
    heights = attend(at.astype(x.dtype), x, x, scale=beta).log_z[:, 0]
    heights = (heights - np.log(len(x))) / beta
    return heights if d == 2 else heights.reshape(GRID)  # noqa: PLR2004


def ring() -> Floats:
    """Return the places on the circle, from angle −π: (1024, 2)."""
    a = (np.arange(RING) + 0.5) / RING * 2 * np.pi - np.pi
    return np.stack([np.cos(a), np.sin(a)], axis=-1)


def grid() -> Floats:
    """Return the places on the globe, from the south pole, longitude from 0."""
    rows, columns = GRID
    lat = ((np.arange(rows) + 0.5) / rows - 0.5) * np.pi
    lon = (np.arange(columns) + 0.5) / columns * 2 * np.pi
    z = np.broadcast_to(np.sin(lat)[:, None], GRID)
    c = np.cos(lat)[:, None]
    return np.stack([c * np.cos(lon), c * np.sin(lon), z], axis=-1)


def __getattr__(name: str) -> type[FrameRequest]:
    """Give `FrameRequest` under its name in 0.1, `Wish`."""
    if name != "Wish":
        raise AttributeError(f"module 'sim.frame' has no attribute {name!r}")
    text = "sim.frame.Wish is now sim.frame.FrameRequest; the old name goes in 0.3."
    warnings.warn(text, DeprecationWarning, stacklevel=2)
    return FrameRequest
