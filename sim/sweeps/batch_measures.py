"""Observables of many runs: those that one array program gives, and all others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import mean_of
from sim.measure.cluster_counts import cluster_counts
from sim.measure.probe import f_hats
from sim.observables import Observable
from sim.observables.mean_cosine import mean_cosines
from sim.played_run import overflow_ignored

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.array_types import Floats
    from sim.arrays import Array
    from sim.attention.base import Attention
    from sim.state import State
    from sim.sweeps.batch import Batch


def measured(
    batch: Batch, state: State, kinds: Sequence[str], runs: Sequence[int]
) -> list[dict[str, float]]:
    """Return observables of some runs of a batch, by kind."""
    if not runs:
        return []
    at_once = {k: _at_once(k, batch, state, runs) for k in kinds if k in AT_ONCE}
    others = {
        k: member()
        for k, member in Observable.kinds().items()
        if k in kinds and k not in AT_ONCE
    }
    found: list[dict[str, float]] = []
    for place, k in enumerate(runs):
        alone = batch.measured(k, state, others) if others else {}
        found.append(alone | {kind: v[place] for kind, v in at_once.items()})
    return found


def _at_once(kind: str, batch: Batch, state: State, runs: Sequence[int]) -> list[float]:
    here = batch.stepper.law.at(state.t)
    x = here.space.at(state.t).normalised_state(state).x
    attention = here.field.attention
    now = None if attention is None else attention.at(state.t)
    if len(runs) < len(x):
        some = np.asarray(runs, dtype=np.int64)
        x = x[some]
        if now is not None and now.betas is not None:
            now = replace(now, betas=now.betas[some])
    with overflow_ignored():
        return AT_ONCE[kind](x, now).tolist()


def _counts(x: Array, attention: Attention | None) -> Floats:
    return cluster_counts(x).astype(np.float64)


def _mean_cosines(x: Array, attention: Attention | None) -> Floats:
    return mean_cosines(x, mean_of(x))


AT_ONCE: dict[str, Callable[[Array, Attention | None], Floats]] = {
    "f_hat": f_hats,
    "clusters": _counts,
    "mean_cosine": _mean_cosines,
}
"""What one array program gives of tokens as the law sees them, (runs, n, d)."""


def measured_alone(kinds: Sequence[str] | None) -> int:
    """Return how many of some observables, None for all, are measured run by run."""
    return len({*(kinds or Observable.kinds())} - {*AT_ONCE})
