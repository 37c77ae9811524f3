"""What views and recorders receive: host arrays, ready to draw or write."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from sim.arrays import to_host
from sim.deprecation import warn_renamed
from sim.frame_request import FrameRequest, wish
from sim.measure import globe_flow
from sim.measure.attention_matrix import sampled_matrix, whole_columns, whole_rows
from sim.measure.gram import Gram, gram
from sim.measure.potential import log_potential
from sim.measure.quantities import COMPUTE, edge_weights, mode_energies, quantity
from sim.observables import Observable
from sim.tokens.present import rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sim.array_types import Floats, Ints
    from sim.law import Carrier
    from sim.measure.check import Check
    from sim.measure.cosines import Histogram
    from sim.measure.globe_flow import Streaks
    from sim.measure.operators import Operators
    from sim.measure.probe import Probe
    from sim.record import Record
    from sim.scenario import Scenario
    from sim.schedule import Run
    from sim.tokens.present import TokenList
    from sim.trace import Trace

NO_IDS = np.empty(0, np.int64)
WHOLE_STEP = 1e-6  # of a step: how far rounding may move a whole one


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One moment of a run.

    A field made by `quantity` is None unless its name is requested; that line is all
    that a further one needs.

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
    ids : int, shape (n,)
        The number of each token, which it keeps: 0, 1, … at the start; those added get
        the next ones, and that of a removed token is not used again.  By default the
        number of the row.
    names, groups : tuple of str
        The tokens' names, and the groups they came with; or nothing.
    group_order : tuple of str
        Every group that a token of the run has or had so far, in order.
    edges : int, shape (m, 2), optional
        Tail and head of each edge of the law's graph, as rows of `x`.
    sample : int, shape (s,), optional
        Tokens of the rows and columns of `matrix`, as rows of `x`.
    matrix : shape (h, s, s), optional
        Attention among the sample, rows attend; h = 1 where all heads agree.
    rows : dict of int to (h, n), optional
        Whole rows of the attention matrix, by id.
    columns : dict of int to (h, n)
        Whole columns of the attention matrix, by id.
    speed : shape (n,), optional
        |ẋᵢ|.
    potential : shape (1024,) or (96, 192), optional
        log Σⱼ e^{β⟨y,xⱼ⟩}/(nβ) at places y of the circle, from angle −π, or of the
        globe, from the south pole; d = 2 or 3 only.  See `sim.measure.potential`.
    head : int, shape (n,), optional
        The head that moves each token most.
    carrier : {"", "edges", "tokens"}
        What `p` belongs to: nothing, the edges, or the tokens.
    edge_weight : shape (m,), optional
        How strong each edge is, such as by the attention in force.
    modes : shape (k, 2), optional
        Frequency and energy of each mode of the graph, slowest first.
    notes : tuple of str
        What a person should know about the law and the graph in force, in sentences.
    first : float64, shape (n, d), optional
        Tokens at t = 0, or where they were added.
    token_density : shape (96, 192), optional
        Density of tokens on the globe, by `sim.measure.globe_flow`; d = 3 only.
    flow_divergence : shape (96, 192), optional
        Divergence of the velocity of a token without mass, likewise.
    streaks : Streaks, optional
        Short streamlines of that velocity.
    operators : Operators, optional
        Eigenvalues of D and V; None too where they would take too long.
    cosines : Histogram, optional
        How many pairs of tokens have which cosine.
    entropy : shape (h,), optional
        Mean entropy of the rows of each head's attention, in nats.
    checks : tuple of Certificate
        The last results of `sim.checks.state`.
    method : (str, str)
        How sums over tokens are computed, and why, with the bound on their error.
    run : Run, optional
        The start and the changes of the run, those to come included.
    record : Record, optional
        The run with its samples, and how far it was played; given by an engine.
    trace : Trace, optional
        What its picture takes from the run before; given where the run is followed.
    requested : frozenset of str
        The quantities that it was asked for; one of them is None where it has no
        meaning.
    whole : bool
        Whether it holds all that was requested of an engine, and not only what frames
        between whole ones do.
    """

    scenario: Scenario
    t: float
    x: Floats
    p: Floats
    epoch: int
    measures: dict[str, float]
    labels: Ints | None = None
    ids: Ints = field(default_factory=lambda: NO_IDS)
    names: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    group_order: tuple[str, ...] = ()
    edges: Ints | None = None
    sample: Ints | None = None
    matrix: Floats | None = None
    rows: dict[int, Floats] = field(default_factory=dict)
    columns: dict[int, Floats] = field(default_factory=dict)
    carrier: Carrier = ""
    edge_weight: Floats | None = None
    notes: tuple[str, ...] = ()
    first: Floats | None = None
    checks: tuple[Check, ...] = ()
    method: tuple[str, str] = ("", "")
    run: Run | None = None
    record: Record | None = None
    trace: Trace | None = None
    requested: frozenset[str] = frozenset()
    whole: bool = True
    speed: Floats | None = quantity(lambda probe: probe.speed)
    potential: Floats | None = quantity(log_potential)
    head: Ints | None = quantity(lambda probe: probe.head)
    token_density: Floats | None = quantity(globe_flow.token_density)
    flow_divergence: Floats | None = quantity(globe_flow.flow_divergence)
    streaks: Streaks | None = quantity(globe_flow.streaks)
    modes: Floats | None = quantity(mode_energies)
    operators: Operators | None = quantity(lambda probe: probe.operators)
    cosines: Histogram | None = quantity(lambda probe: probe.histogram)
    gram: Gram | None = quantity(gram)
    entropy: Floats | None = quantity(lambda probe: probe.entropies)

    def __post_init__(self) -> None:
        if self.ids is NO_IDS:
            object.__setattr__(self, "ids", np.arange(len(self.x)))

    @property
    def id_count(self) -> int:
        """How many tokens the run ever has: ids are below."""
        return len(self.x) if self.run is None else self.run.id_count

    def rows_of(self, ids: Iterable[int]) -> dict[int, int]:
        """Return the rows of x of those of `ids` that are there, by id."""
        return rows_of(self.ids, ids)

    @classmethod
    def quantities(cls) -> dict[str, Callable[[Probe], Any]]:
        """Return the quantities that are computed on request alone, by name."""
        return {
            f.name: f.metadata[COMPUTE] for f in fields(cls) if COMPUTE in f.metadata
        }

    @classmethod
    def of(
        cls,
        probe: Probe,
        *,
        scenario: Scenario,
        tokens: TokenList,
        epoch: int,
        request: FrameRequest,
        run: Run | None = None,
    ) -> Self:
        """Return the frame of one probed state.

        Raises
        ------
        ValueError
            If a quantity is requested that does not exist; lists those that do.
        """
        graph = probe.field.graph
        sample, matrix = sampled_matrix(probe, request.matrix)
        return cls(
            scenario=scenario,
            run=run,
            t=probe.state.t,
            x=probe.host,
            p=to_host(probe.state.p),
            epoch=epoch,
            measures=_measures(probe, request),
            labels=probe.labels if request.clusters else None,
            ids=tokens.ids,
            names=tokens.names,
            groups=tokens.groups,
            group_order=tokens.kinds,
            edges=None if graph is None else graph.edges,
            sample=sample,
            matrix=matrix,
            rows=whole_rows(probe, rows_of(tokens.ids, request.rows)),
            columns=whole_columns(probe, rows_of(tokens.ids, request.columns)),
            carrier=probe.field.carrier,
            edge_weight=edge_weights(probe),
            notes=(*(graph.notes if graph else ()), *probe.field.notes),
            first=tokens.first,
            method=probe.method,
            requested=request.quantities,
            **cls._requested(probe, request),
        )

    @classmethod
    def _requested(cls, probe: Probe, request: FrameRequest) -> dict[str, Any]:
        known = cls.quantities()
        if unknown := sorted(request.quantities - known.keys()):
            raise ValueError(
                f"no quantity {unknown[0]!r} of a frame; there are {', '.join(known)}."
            )
        return {k: f(probe) for k, f in known.items() if k in request.quantities}

    @property
    def depth(self) -> float:
        """How many steps of the scenario in force lead from the start to here."""
        return self.scenario.clock.coordinate(self.t) / self.scenario.step

    @property
    def layer(self) -> bool:
        """Whether this is the state after a step that is a layer, and none between."""
        whole = abs(self.depth - round(self.depth)) <= WHOLE_STEP
        return whole and self.scenario.integrator.discrete


def _measures(probe: Probe, request: FrameRequest) -> dict[str, float]:
    """Return the requested observables by kind, in alphabetical order."""
    kinds = Observable.kinds()
    wanted = kinds if request.observables is None else request.observables
    return {k: kind().measure(probe) for k, kind in kinds.items() if k in wanted}


def __getattr__(name: str) -> Callable[..., FrameRequest]:
    """Give `wish` under the name that requests had in 0.1, `Wish`."""
    if name != "Wish":
        raise AttributeError(f"module 'sim.frame' has no attribute {name!r}")
    warn_renamed("sim.frame.Wish", "sim.frame.FrameRequest")
    return wish
