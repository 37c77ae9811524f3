"""Numerical checks of the current state of a run, each with its bound."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import dot, namespace, to_host
from sim.checks.integrator import warning
from sim.measure.check import Check
from sim.theory import not_the_equation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.measure.probe import Probe
    from sim.simulation import Simulation

CHECKED_ROWS = 256  # of the attention matrix
MAX_ULPS = 64  # rounding errors of a sum over the entries of a row
MAX_STEP_ERROR = 1e-3  # of one step, visible on a screen


def check_state(run: Simulation) -> list[Check]:
    """Return the checks of the current state of `run`."""
    probe = run.probe()
    eps = float(namespace(probe.state.x).finfo(probe.state.x.dtype).eps)
    return [
        *_space(run, probe, eps),
        *_rows(probe, eps),
        *_energy(run, eps),
        _step(run),
    ]


def _space(run: Simulation, probe: Probe, eps: float) -> Iterator[Check]:
    x, v = probe.state.x, run.flow(probe.state).x
    size = float(np.abs(to_host(x)).max())
    yield Check(
        "finite",
        0.0 if math.isfinite(size) else math.inf,
        0.0,
        "all coordinates are finite",
    )
    if not run.scenario.space.bounded:
        return
    off = float(np.abs(np.linalg.norm(to_host(x), axis=-1) - 1).max())
    yield Check("length", off, MAX_ULPS * eps, "largest | |xᵢ| − 1 |")
    along = to_host(dot(x, v))
    fast = 1 + float(np.abs(to_host(v)).max())
    yield Check(
        "tangency",
        float(np.abs(along).max()),
        MAX_ULPS * eps * fast,
        "largest |⟨xᵢ,ẋᵢ⟩|",
    )


def _rows(probe: Probe, eps: float) -> Iterator[Check]:
    attention, x = probe.attention, probe.normalised.x
    if attention is None or not attention.stochastic:
        return
    xp, n = namespace(x), x.shape[-2]
    rows = attention.attention_weights(x, xp.arange(min(n, CHECKED_ROWS)))
    off = np.abs(to_host(xp.sum(rows, axis=-1)) - 1).max()
    note = "largest |Σⱼ pᵢⱼ − 1|; for Sinkhorn attention, raise rounds"
    yield Check("row sums", float(off), MAX_ULPS * n**0.5 * eps, note)


def _energy(run: Simulation, eps: float) -> Iterator[Check]:
    s, probe = run.scenario, run.probe()
    law, rate = s.dynamics.energy_behaviour(s.space), probe.energy_rate
    if law == "none":
        return
    wrong = {"ascends": -rate, "descends": rate, "conserves": abs(rate)}[law]
    bound = 10 * eps ** (2 / 3) * max(1.0, abs(probe.energy))
    note = f"the law {law[:-1]}s its energy here, and dE/dt = {rate:.3g}"
    yield Check("energy", max(0.0, wrong), bound, note)
    if text := warning(s):
        yield Check("integrator", 1.0, 0.0, text)


def _step(run: Simulation) -> Check:
    s = run.scenario
    if why := not_the_equation(s):
        return Check("step", math.nan, MAX_STEP_ERROR, why)
    if s.step == 1 and run.probe().field.whole_step is not None:
        why = "a step of h = 1 is the law's own map, and approximates nothing"
        return Check("step", math.nan, MAX_STEP_ERROR, why)
    note = f"error of a step of h = {s.step:g}; if too large, halve h"
    return Check("step", run.step_error(), MAX_STEP_ERROR, note)
