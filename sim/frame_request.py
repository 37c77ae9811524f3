"""What a frame should hold: nothing else is computed."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from sim.observables import Observable


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
        the tokens represents all.
    rows : tuple of int
        Ids of tokens whose row of the attention matrix is returned whole.
    quantities : frozenset of str
        Names of further quantities; see `Frame.quantities`.
    checks : bool
        Whether to check the state; only `Engine` does, now and then.
    series : frozenset of str
        Observables that `Engine` samples at even times, whether or not there is a frame
        of that time; see `sim.series`.
    columns : tuple of int
        Ids of tokens whose column of the attention matrix is returned whole.
    trails : frozenset of float
        Lengths of trails, in coordinates of the clock, for which frames of a run that
        is followed have points; see `sim.tracer`.
    """

    observables: frozenset[str] | None = None
    clusters: bool = True
    matrix: int = 0
    rows: tuple[int, ...] = ()
    quantities: frozenset[str] = frozenset()
    checks: bool = False
    series: frozenset[str] = frozenset()
    columns: tuple[int, ...] = ()
    trails: frozenset[float] = frozenset()

    def without_clusters(self) -> FrameRequest:
        """Return this request without cluster labels and their number."""
        kinds = self.observables
        kinds = frozenset(Observable.kinds()) if kinds is None else kinds
        return replace(self, clusters=False, observables=kinds - {"clusters"})

    def __or__(self, other: FrameRequest) -> FrameRequest:
        """Return the request for all that either asks for, field by field."""
        names = [f.name for f in fields(self)]
        return FrameRequest(
            **{k: _joined(getattr(self, k), getattr(other, k)) for k in names}
        )


def _joined(a: Any, b: Any) -> Any:
    """Return one field of a joined request: the union of sets, else the larger."""
    if a is None or b is None:
        return None  # everything
    if isinstance(a, frozenset):
        return a | b
    if isinstance(a, tuple):
        return tuple(dict.fromkeys((*a, *b)))
    return max(a, b)


def wish(
    observables: frozenset[str] | None = None,
    clusters: bool = True,
    matrix: int = 0,
    rows: tuple[int, ...] = (),
    *,
    checks: bool = False,
    **flags: bool,
) -> FrameRequest:
    """Return a request from the arguments of 0.1, with a flag for each quantity."""
    quantities = frozenset(name for name, is_set in flags.items() if is_set)
    return FrameRequest(observables, clusters, matrix, rows, quantities, checks)
