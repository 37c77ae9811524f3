"""Momenta that stand beside tokens in an archive of arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.tables.array_tokens import TOKEN_AXES
from sim.tables.arrays import finite, headers
from sim.tables.source import located, readable

if TYPE_CHECKING:
    from sim.array_types import Floats

MOMENTA = "momenta"  # name of the array


def read_momenta(path: str) -> Floats | None:
    """Return the array called momenta of an .npz, (m, d); None without one.

    Raises
    ------
    ValueError
        If it is no table of finite numbers; says where.
    """
    if not path.lower().endswith(".npz"):
        return None
    with readable(path):
        place = located(path)
        found = next((h for h in headers(place) if h.name == MOMENTA), None)
        if found is None:
            return None
        if len(found.shape) != TOKEN_AXES:
            raise ValueError(
                f"{place.name}: {found.described()} must have one row for each token "
                "or edge, and d columns. Give it another name if it is no momenta."
            )
        return finite(place, found)
