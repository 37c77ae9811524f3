"""What can be checked of a state in force, in numbers with bounds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import dot, namespace, to_host
from sim.checks.integrator import warning
from sim.measure.check import Check
from sim.theory import not_clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.measure.probe import Probe
    from sim.simulation import Simulation

ROWS = 256  # of the attention matrix are looked at
ULPS = 64  # rounding errors that a sum of a row's length may collect
STEP = 1e-3  # error of one step that is seen on a screen


def check_state(run: Simulation) -> list[Check]:
    """Return the certificates of the state that `run` is in."""
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
        "all tokens are numbers",
    )
    if not run.scenario.space.bounded:
        return
    off = float(np.abs(np.linalg.norm(to_host(x), axis=-1) - 1).max())
    yield Check("length", off, ULPS * eps, "largest | |xᵢ| − 1 |")
    along = to_host(dot(x, v))
    fast = 1 + float(np.abs(to_host(v)).max())
    yield Check(
        "tangency", float(np.abs(along).max()), ULPS * eps * fast, "largest |⟨xᵢ,ẋᵢ⟩|"
    )


def _rows(probe: Probe, eps: float) -> Iterator[Check]:
    attention, x = probe.attention, probe.normalised.x
    if attention is None or not attention.stochastic:
        return
    xp, n = namespace(x), x.shape[-2]
    rows = attention.attention_weights(x, xp.arange(min(n, ROWS)))
    off = np.abs(to_host(xp.sum(rows, axis=-1)) - 1).max()
    note = "largest |Σⱼ pᵢⱼ − 1|; for Sinkhorn attention, raise rounds"
    yield Check("row sums", float(off), ULPS * n**0.5 * eps, note)


def _energy(run: Simulation, eps: float) -> Iterator[Check]:
    s, probe = run.scenario, run.probe()
    law, rate = s.dynamics.energy_behaviour(s.space), probe.energy_rate
    if law == "none":
        return
    wrong = {"ascends": -rate, "descends": rate, "conserves": abs(rate)}[law]
    bound = 10 * eps ** (2 / 3) * max(1.0, abs(probe.energy))
    note = f"the law {law[:-1]}s its energy here, and dE/dt = {rate:.3g}"
    yield Check("energy", max(0.0, wrong), bound, note)
    if said := warning(s):
        yield Check("integrator", 1.0, 0.0, said)


def _step(run: Simulation) -> Check:
    s = run.scenario
    if why := not_clean(s):
        return Check("step", math.nan, STEP, why)
    note = f"error of a step of h = {s.step:g}; if too large, halve h"
    return Check("step", run.step_error(), STEP, note)
