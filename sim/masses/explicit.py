"""Masses given as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.masses import Masses, normalised
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.array_types import Floats
    from sim.expressions.symbols import Symbol


@dataclass(frozen=True)
class GivenMasses(Masses):
    """One number per token, in any unit; k equal tokens are one of mass k."""

    kind: ClassVar[str] = "explicit"
    title: ClassVar[str] = "Explicit"
    masses: Annotated[
        tuple[tuple[float, ...], ...],
        Knob(
            "m",
            0,
            1e6,
            help="The n masses, in one row or several; only their ratios matter.  "
            "Empty is equal masses.",
        ),
    ] = ()

    def fixed_tokens(self) -> str:
        return super().fixed_tokens() if self.masses else ""

    def shares(self, n: int) -> Floats | None:
        if not self.masses:
            return None
        return normalised(np.array(self.masses).reshape(-1), n, "the explicit masses m")

    def formula(self, j: str, path: str) -> Symbol | None:
        return Masses.formula(self, j, path) if self.masses else None
