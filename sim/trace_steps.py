"""One step of what is followed along a run for its pictures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import to_host
from sim.measure.cluster_ids import MAX_COMPARED, followed, linked
from sim.measure.edge_flux import edge_flux, edge_lengths
from sim.measure.quantities import edge_weights
from sim.projections.guided import next_map
from sim.projections.pca import PLAIN, parts, principal
from sim.projections.pca import followed as followed_axes
from sim.trace import Maps, Peaks, TokensAtStart, TraceState

if TYPE_CHECKING:
    from sim.array_types import Floats, Ints
    from sim.measure.probe import Probe
    from sim.scenario import Scenario

SHOWN_DIMENSIONS = 3  # up to here there is nothing to project
MAX_LABELLED_FAR = 1_000  # tokens: so many above three dimensions, as it takes long
PLACES = 32  # in a step of the start
OFTEN, RARELY = 2 * PLACES, 8 * PLACES  # between states; the latter for many tokens
MAX_FOLLOWED = 50_000  # tokens: above, there is but the state at the start
START_FLUX = 0.25  # of the longest edge: momenta grow from q, for E = ½|q|² + ½|p|²


def follows_clusters(start: Scenario) -> bool:
    """Whether clusters of this run keep their numbers."""
    low = start.dimension <= SHOWN_DIMENSIONS
    return start.tokens <= (MAX_FOLLOWED if low else MAX_LABELLED_FAR)


def follows_axes(start: Scenario) -> bool:
    """Whether there are maps to follow, and they move fast against a step."""
    return start.dimension > SHOWN_DIMENSIONS and start.tokens <= MAX_LABELLED_FAR


def first_state(start: Scenario, probe: Probe, tokens: Ints) -> TraceState:
    """Return the state at the start of a run.

    Parameters
    ----------
    start : Scenario
        The start of the run.
    probe : Probe
        Of the state there.
    tokens : int, shape (n,)
        The ids of the tokens.
    """
    x = probe.host
    labels = _labels(start, probe)
    clusters = None
    if labels is not None:
        clusters = followed(None, tokens, labels, start.tokens)
    began = TokensAtStart(np.array(x), probe.groups)
    return TraceState(
        0, 0.0, began, clusters, _first_peaks(probe), _maps(None, probe, labels)
    )


def next_state(
    start: Scenario,
    before: TraceState,
    place: int,
    coordinate: float,
    probe: Probe,
    tokens: Ints,
) -> TraceState:
    """Return the state that follows `before` at a place; see `first_state`."""
    moved = replace(before, place=place, coordinate=coordinate, earlier=before.maps)
    if not np.isfinite(probe.host).all():
        return moved
    labels, clusters = _labels(start, probe), None
    if labels is not None:
        n, then = start.tokens, before.coordinate
        clusters = followed(before.clusters, tokens, labels, n, then)
    peaks = before.peaks | _peaks(probe, speed=place % RARELY == 0)
    maps = _maps(before.maps, probe, labels)
    return replace(moved, clusters=clusters, peaks=peaks, maps=maps)


def _labels(start: Scenario, probe: Probe) -> Ints | None:
    if not follows_clusters(start):
        return None
    x, bounded = probe.host, probe.space.bounded
    counted = len(x) > MAX_COMPARED or not bounded
    return linked(x, probe.space, probe.labels if counted else None)


def _maps(before: Maps | None, probe: Probe, labels: Ints | None) -> Maps | None:
    x, bounded = probe.host, probe.space.bounded
    if x.shape[1] <= SHOWN_DIMENSIONS:
        return None
    shown = parts(x, bounded)
    if before is None:
        return Maps({name: principal(part) for name, part in shown.items()})
    axes = {name: followed_axes(y, before.axes[name]) for name, y in shown.items()}
    if probe.groups:  # their map is fixed
        return Maps(axes)
    return Maps(axes, next_map(x, labels, axes[PLAIN], before.guided, bounded))


def _first_peaks(probe: Probe) -> Peaks:
    if len(probe.host) > MAX_FOLLOWED:
        return Peaks()
    peaks, graph = _peaks(probe, speed=True), probe.field.graph
    if graph is None or not len(graph.edges):
        return peaks
    longest = float(edge_lengths(probe.host, graph.edges).max())
    return peaks | Peaks(flux=START_FLUX * longest)


def _peaks(probe: Probe, *, speed: bool) -> Peaks:
    """Return the largest values of one state."""
    fastest = _largest(to_host(probe.speed)) if speed else 0.0
    graph = probe.field.graph
    if graph is None or not len(graph.edges):
        return Peaks(fastest)
    flux, weight = 0.0, edge_weights(probe)
    if probe.field.carrier == "edges":
        p = to_host(probe.state.p)
        flux = _largest(np.abs(edge_flux(probe.host, p, graph.edges)))
    return Peaks(fastest, flux, 0.0 if weight is None else _largest(weight))


def _largest(values: Floats) -> float:
    return float(np.nan_to_num(values).max(initial=0.0))
