"""How attention is looked at: heads, direction, order of the matrix, pinned tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from sim.settings.knobs import Knob, Settings

Order = Literal["auto", "cluster", "index", "label", "angle"]
MAX_PINS = 8  # each has a card and a row of its own
MAX_HEADS, MAX_LAYERS = 64, 200
MAX_ID = 2**31 - 1


@dataclass(frozen=True)
class AttentionLook(Settings):
    """What matrix, arcs and card of a token show of attention.

    Attributes
    ----------
    pins : tuple of int
        Ids of the tokens that stay marked, at most eight.
    """

    order: Annotated[
        Order,
        Knob(
            "Order of the matrix",
            help="Auto: by cluster, or by index where each token attends to earlier "
            "ones.  Label: by name, or by index where there are none.  Angle: by "
            "longitude on the globe.",
        ),
    ] = "auto"
    head: Annotated[
        int, Knob("Head", 0, MAX_HEADS, help="Counted from 1; 0 is the mean of all.")
    ] = 0
    minus: Annotated[
        int, Knob("Minus head", 0, MAX_HEADS, help="Which is subtracted; 0 for none.")
    ] = 0
    layer: Annotated[
        int,
        Knob(
            "Layer",
            0,
            MAX_LAYERS,
            help="Of a trained model, counted from 1; 0 is the layer at the time.",
        ),
    ] = 0
    incoming: Annotated[
        bool, Knob("Who attends", help="Columns of the matrix in the place of rows.")
    ] = False
    pins: Annotated[
        tuple[int, ...],
        Knob("Pinned tokens", 0, MAX_ID, help="Ids of tokens that stay marked."),
    ] = ()

    def __post_init__(self) -> None:
        Settings.__post_init__(self)
        if len(self.pins) > MAX_PINS:
            raise ValueError(
                f"AttentionLook.pins (Pinned tokens) must be {MAX_PINS} tokens at "
                f"most, got {len(self.pins)}. Unpin one first."
            )

    @property
    def heads_text(self) -> str:
        """What is shown of the heads, such as ``head 1 − head 2``."""
        first = f"head {self.head}" if self.head else "mean of heads"
        return f"{first} − head {self.minus}" if self.minus else first
