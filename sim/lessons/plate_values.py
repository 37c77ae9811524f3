"""The values of expressions over what a lab shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.plate import Bars, Curve, HeatMap
from sim.settings.near_misses import did_you_mean

if TYPE_CHECKING:
    from sim.array_types import AnyArray
    from sim.plate import Plate

CONSTANTS = {"pi": np.pi, "e": np.e}


class PlateValues:
    """Gives bars, points of curves and cells of a plate by name; all count from 1."""

    def __init__(self, plate: Plate) -> None:
        self._plate = plate

    def number(self, name: str) -> float:
        """Return a named number."""
        if name not in CONSTANTS:
            raise ValueError(f"{name!r} is no number. Known are pi and e.")
        return float(CONSTANTS[name])

    def value(self, name: str, args: tuple[Any, ...]) -> float:
        """Return a bar, the sum of bars or their count, a cell, or a curve at x.

        Or the highest or the lowest value of a curve.

        Raises
        ------
        ValueError
            If the plate has nothing of that name.
        """
        if name == "curve":
            curve = self._item(args[0], Curve)
            return float(np.interp(args[1], curve.x, curve.y))
        if name in ("highest", "lowest"):
            curve = self._item(args[0], Curve)
            return float((np.nanmax if name == "highest" else np.nanmin)(curve.y))
        if name == "cell":
            return float(self._item(args[0], HeatMap).values[args[1] - 1, args[2] - 1])
        if name not in ("bar", "total", "bars"):
            raise ValueError(f"{name} is a function of runs, and the cue has a lab.")
        heights: AnyArray = self._item(args[0], Bars).heights
        if name == "bars":
            return float(len(heights))
        return float(heights.sum() if name == "total" else heights[args[1] - 1])

    def _item(self, name: str, kind: type) -> Any:
        found = [i for i in self._plate.items if i.name == name]
        if not found or not isinstance(found[0], kind):
            names = [i.name for i in self._plate.items if isinstance(i, kind)]
            raise ValueError(
                f"the lab shows no {kind.__name__.lower()} {name!r}."
                f"{did_you_mean(name, names)} It has {', '.join(names) or 'none'}."
            )
        return found[0]
