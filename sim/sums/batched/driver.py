"""Batched sums: how runs are shared among threads, and what the kernel is given."""

from __future__ import annotations

from functools import partial
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from sim.jit.buffer_pool import BUFFER_POOL
from sim.jit.machine import machine
from sim.jit.scratch import round_up, scratch
from sim.jit.thread_pool import run_tasks
from sim.sums import Problem, Sums
from sim.sums.batched.kernel import BatchSpec, batch_kernel, held_vectors

if TYPE_CHECKING:
    from sim.array_types import AnyArray, Floats

MIN_PAIRS_PER_TASK = 1 << 17  # about a tenth of a millisecond
PLURAL = {"query": "queries", "key": "keys", "value": "values"}


def compile_for(problem: Problem) -> None:
    """Compile what sums like `problem` need."""
    batch_kernel(spec_of(problem))


def spec_of(problem: Problem) -> BatchSpec:
    """Return what the kernel for `problem` is compiled for."""
    _, _, width, depth = problem.shape
    own = problem.values is problem.keys
    return BatchSpec(problem.kind, width, depth, own, not problem.full)


def batched_sums(problem: Problem) -> Sums:
    """Return the sums of all runs and heads."""
    spec, (n, m, _, depth) = spec_of(problem), problem.shape
    count, kind = prod(problem.leading), problem.kind
    lanes = machine().vector_bytes // np.dtype(kind).itemsize
    padded = round_up(count, lanes)
    arrays, shares = _arrays(problem, spec)
    top, mass = (BUFFER_POOL.empty((padded, n), kind) for _ in range(2))
    mean = BUFFER_POOL.empty((padded, n, depth), kind)
    held = (held_vectors(spec, m), lanes)
    kernel = batch_kernel(spec)

    def some(start: int, stop: int) -> None:
        kernel.bind(
            **arrays, top=top, mass=mass, mean=mean, held=scratch("batch", held, kind)
        )(
            start=start,
            stop=stop,
            last=count - 1,
            row_count=n,
            key_count=m,
            **shares,
        )

    step = round_up(max(1, MIN_PAIRS_PER_TASK // (n * m)), lanes)
    run_tasks([partial(some, k, min(k + step, count)) for k in range(0, count, step)])
    shape = (*problem.leading, n)
    return Sums(
        top[:count].reshape(*shape, 1),
        mass[:count].reshape(*shape, 1),
        mean[:count].reshape(*shape, depth),
    )


def _arrays(
    problem: Problem, spec: BatchSpec
) -> tuple[dict[str, Floats], dict[str, int]]:
    """Return what the kernel reads, and how many runs share a row of each array."""
    given = {"query": problem.queries, "key": problem.keys, "value": problem.values}
    arrays: dict[str, Floats] = {"scale": np.array([problem.scale], problem.kind)}
    shares: dict[str, int] = {}
    for name, a in given.items():
        rows, shares[f"{name}_share"] = _runs(a, problem.leading)
        if name != "value" or not spec.values_are_keys:
            arrays[PLURAL[name]] = np.ascontiguousarray(rows, problem.kind)
    if spec.masked:
        arrays |= _mask(problem)
    return arrays, shares


def _runs(a: AnyArray, leading: tuple[int, ...]) -> tuple[AnyArray, int]:
    """Return `a` with one axis for all runs, and how many follow each other alike."""
    if a.shape[:-2] == (*leading[:-1], 1):  # the heads of a run have one array
        return a.reshape(-1, *a.shape[-2:]), leading[-1]
    if a.shape[:-2] != leading:
        a = np.broadcast_to(a, (*leading, *a.shape[-2:]))
    return a.reshape(-1, *a.shape[-2:]), 1


def _mask(problem: Problem) -> dict[str, Floats]:
    """Return what is added to scores, and what weights are multiplied by: (n, m)."""
    n, m, _, _ = problem.shape
    assert problem.mask is not None
    seen = problem.mask.allow(np.arange(n), np.arange(m))
    allowed = np.ones((n, m), bool) if seen is None else seen
    allowed = np.ascontiguousarray(np.broadcast_to(allowed, (n, m)))
    bias = np.where(allowed, 0.0, -np.inf).astype(problem.kind)
    return {"bias": bias, "allowed": allowed.astype(problem.kind)}
