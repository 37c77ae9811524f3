"""Quantities of a frame: fields computed on request."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, TypeVar

from sim.arrays import to_host

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.array_types import Floats
    from sim.measure.probe import Probe

T = TypeVar("T")
COMPUTE = "compute"  # key of a field's metadata


def quantity(compute: Callable[[Probe], T | None]) -> T | None:
    """Return a field of `Frame` that `compute` fills if its name is requested."""
    return field(default=None, metadata={COMPUTE: compute})


def mode_energies(probe: Probe) -> Floats | None:
    """Return frequency and energy of each mode of the law's graph: (k, 2)."""
    modes = probe.field.measures.get("modes")
    return None if modes is None else to_host(modes(probe.state))


def edge_weights(probe: Probe) -> Floats | None:
    """Return how strong each edge of the law's graph is: (m,)."""
    weight = probe.field.edge_weight
    return None if weight is None else to_host(weight(probe.state))[:, 0]
