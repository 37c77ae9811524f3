"""Density of tokens, and the flow of a token without mass, on the globe (d = 3).

The flow is the velocity field X[μ] of the continuity equation ∂μ + div(μX) = 0: at a
point y, the velocity that the law gives a token there which moves no other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.arrays import namespace, to_host
from sim.attention.softmax import (
    SoftmaxAttention,
    append_column,
    append_ones,
    outer_entries,
    symmetric_from_entries,
)
from sim.measure.potential import GLOBE, GRID, globe
from sim.sums.choose import attend

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.arrays import Array
    from sim.measure.probe import Probe

KAPPA = 40.0  # concentration of the density's kernel: about 9 degrees
SEEDS = 420  # streaks on the globe
PIECES = 5  # straight pieces of a streak
REACH = 0.3  # radians: length of a streak at the highest speed


class Streaks(NamedTuple):
    """Streamlines of one moment: `paths`, (m, 6, 3), and the highest speed at a start.

    Each shows the same span of time, `reach` over that speed.
    """

    paths: Floats
    speed: float


def token_density(probe: Probe) -> Floats | None:
    """Return 4π Σⱼ mⱼ κ/(4π sinh κ) e^{κ⟨y,xⱼ⟩} at the places y of `globe`: (96, 192).

    The kernel estimate by von Mises and Fisher, κ = 40, in units of the uniform
    density 1/4π, so that its mean over the globe is 1; None elsewhere than on S².
    """
    if not _on_globe(probe):
        return None
    x, a = probe.state.x, probe.attention
    log_mass = None if a is None else a.log_mass
    y = _points(globe().reshape(-1, 3), x)
    keys = append_column(x, log_mass)
    log_z = to_host(attend(append_ones(KAPPA * y, log_mass), keys, x).log_z)[:, 0]
    scale = 2 * KAPPA / -np.expm1(-2 * KAPPA) / x.shape[-2]
    return (scale * np.exp(log_z - KAPPA)).reshape(GRID)


def flow_divergence(probe: Probe) -> Floats | None:
    """Return div X at the places of `globe`, (96, 192); None where X is not known.

    tr J − ⟨y, Jy⟩ − 2⟨y, v⟩, with v the ambient velocity and J its derivative.
    """
    a = _flow(probe)
    if a is None:
        return None
    y = _points(globe().reshape(-1, 3), probe.state.x)
    v, jacobian = (to_host(part) for part in velocity_at(a, probe.state.x, y))
    at = to_host(y)
    trace = np.trace(jacobian, axis1=-2, axis2=-1)
    across = np.einsum("ni,nij,nj->n", at, jacobian, at)
    return (trace - across - 2 * (at * v).sum(-1)).reshape(GRID)


def streaks(probe: Probe) -> Streaks | None:
    """Return short streamlines from evenly spread points; None where X is not known.

    By the midpoint rule, with the tokens held where they are.
    """
    a = _flow(probe)
    if a is None:
        return None

    def along(y: Floats) -> Floats:
        v = to_host(velocity_at(a, probe.state.x, _points(y, probe.state.x))[0])
        return v - (v * y).sum(-1, keepdims=True) * y

    y = spread(SEEDS)
    v = along(y)
    speed = float(np.linalg.norm(v, axis=-1).max())
    h = REACH / PIECES / speed if speed > 0 else 0.0
    path = [y]
    for _ in range(PIECES):
        y = _unit(y + h * along(_unit(y + h / 2 * v)))
        v = along(y)
        path.append(y)
    return Streaks(np.stack(path, axis=1), speed)


def velocity_at(a: SoftmaxAttention, x: Array, y: Array) -> tuple[Array, Array]:
    """Return the ambient velocity of tokens without mass, and its derivative.

    At y, (m, d), among the tokens x, (n, d): shapes (m, d) and (m, d, d).
    """
    d, n = x.shape[-1], x.shape[-2]
    queries = append_ones(a.queries(y), a.log_mass)
    keys = append_column(a.keys(x), a.log_mass)
    columns = namespace(x).concat([x, outer_entries(x)], axis=-1)[None]
    found = attend(queries, keys, columns)
    second = symmetric_from_entries(found.mean[..., d:], d)
    moments = found.log_z, found.mean[..., :d], second
    output, derivative = a.from_moments(*moments, n)
    return a.residual_update(output, y), a.jacobian(derivative, output, y)


def spread(count: int) -> Floats:
    """Return points spread evenly on the globe, on a spiral: (count, 3)."""
    z = 1 - (2 * np.arange(count) + 1) / count
    turn = np.arange(count) * np.pi * (3 - 5**0.5)
    r = np.sqrt(1 - z * z)
    return np.stack([r * np.cos(turn), r * np.sin(turn), z], axis=-1)


def _flow(probe: Probe) -> SoftmaxAttention | None:
    """Return the attention whose flow is known; None with a mask or another law."""
    a = probe.attention
    if not _on_globe(probe) or not isinstance(a, SoftmaxAttention):
        return None
    first = namespace(probe.state.x).arange(1)
    masked = a.mask.allow(first, first) is not None
    known = probe.field.velocity_and_jacobian is not None
    return a if known and not masked else None


def _on_globe(probe: Probe) -> bool:
    return probe.space.kind == "sphere" and probe.state.x.shape[-1] == GLOBE


def _points(y: Floats, like: Array) -> Array:
    """Return points beside the tokens: on their device, of their precision."""
    return namespace(like).asarray(y, dtype=like.dtype)


def _unit(y: Floats) -> Floats:
    return y / np.linalg.norm(y, axis=-1, keepdims=True)
