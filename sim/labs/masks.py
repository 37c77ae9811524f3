"""Look-ahead and padding masks, before softmax and after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from sim.labs import Lab
from sim.models.functions import softmax
from sim.plate import Bars, HeatMap, Panel, Plate, Text
from sim.settings.knobs import Knob

if TYPE_CHECKING:
    from sim.array_types import AnyArray

Table = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Masks(Lab):
    """softmax(S + M), where M is −∞ for later tokens and for padding, else 0.

    A mask of zeros after softmax leaves rows that do not sum to 1; divided by their
    sums they are what the mask before softmax gives.
    """

    kind: ClassVar[str] = "masks"
    number: ClassVar[int] = 8
    title: ClassVar[str] = "Look-ahead and padding masks"
    scores: Annotated[
        Table, Knob("S", -1e3, 1e3, name="Scores S", help="A query in each row.")
    ] = (
        (2.0, 0.5, 1.0, 0.3, 1.2),
        (0.7, 1.5, 0.2, 1.1, 0.4),
        (1.3, 0.9, 1.8, 0.6, 1.0),
        (0.4, 1.2, 0.8, 1.6, 0.9),
        (1.0, 0.3, 0.5, 0.7, 1.4),
    )
    look_ahead: Annotated[
        bool, Knob("look-ahead", name="Look-ahead mask", help="Hide later tokens.")
    ] = True
    padding: Annotated[
        int, Knob("padding", 0, 64, help="Tokens at the end that are filling.")
    ] = 1

    def mask(self) -> AnyArray:
        """Return what is added to scores, 0 or −∞: (n, n)."""
        n = len(self.scores)
        hidden = np.zeros((n, n), bool)
        if self.look_ahead:
            hidden |= ~np.tri(n, dtype=bool)
        hidden[:, n - self.padding :] = True
        return np.where(hidden, -np.inf, 0.0)

    def compute(self) -> Plate:
        scores = np.array(self.scores)
        n = len(scores)
        if scores.shape != (n, n) or self.padding >= n:
            raise ValueError(
                f"scores must be square, with more rows than padding, got "
                f"{scores.shape} and padding {self.padding}. Change one of them."
            )
        mask = self.mask()
        before = softmax(scores + mask)
        after = softmax(scores) * (mask == 0)
        sums = after.sum(1)
        maps = {
            "Scores S": scores,
            "Mask M": mask,
            "S + M": scores + mask,
            "Mask before: softmax(S + M)": before,
            "Mask after: 0 where M is −∞": after,
        }
        said = (
            f"After softmax, the rows sum to {sums.min():.2f} to {sums.max():.2f}. "
            "Divided by these sums they are the weights of the mask before."
        )
        panels = [
            Panel(title, (HeatMap(title, a),), "key", "query")
            for title, a in maps.items()
        ]
        rows = (
            Bars("mask before", before.sum(1)),
            Bars("mask after", sums),
            Text("sums in words", said),
        )
        return Plate((*panels, Panel("Sums of rows", rows, "query")))
