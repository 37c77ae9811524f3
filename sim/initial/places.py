"""Tokens at given places, which travel inside the scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.initial import Initial, Start
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from numpy.random import Generator

MAX_ROWS = 5000  # a larger table belongs in a file of its own
MIN_COLUMNS = 2
LARGEST = 1e6  # of a coordinate


@dataclass(frozen=True)
class Places(Initial):
    """Tokens at the rows of a table, such as those that were painted on the globe."""

    kind: ClassVar[str] = "places"
    title: ClassVar[str] = "Places"
    at: Annotated[
        tuple[tuple[float, ...], ...],
        Knob(
            "Places",
            -LARGEST,
            LARGEST,
            live=False,
            help="A row of coordinates for every token; the space normalises them.  "
            "I paints them on the globe.",
        ),
    ] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < len(self.at) <= MAX_ROWS:
            raise ValueError(
                f"initial.at (Places) must have 1 to {MAX_ROWS:,} rows, got "
                f"{len(self.at):,}. Start more tokens from a file."
            )
        if len(self.at[0]) < MIN_COLUMNS:
            raise ValueError(
                f"initial.at (Places) must have rows of {MIN_COLUMNS} coordinates or "
                f"more, got {len(self.at[0])}. Add coordinates."
            )

    def shape(self, n: int, d: int) -> tuple[int, int]:
        return len(self.at), len(self.at[0])

    def place(self, n: int, d: int, rng: Generator) -> Start:
        return Start(np.array(self.at))
