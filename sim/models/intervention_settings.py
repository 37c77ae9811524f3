"""The settings of an intervention in a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from sim.models.intervention import Intervention
from sim.settings.knobs import Knob, Settings


@dataclass(frozen=True)
class InterventionSettings(Settings):
    """What is changed in the half layers of a model; see `Intervention`."""

    action: Annotated[
        Literal["none", "off", "frozen", "identity", "beta"],
        Knob(
            "Intervention",
            live=False,
            help="off: adds nothing.  frozen: attention as in the pass without "
            "interventions.  identity: a head attends to its own token alone, an MLP "
            "leaves the states as they are.  beta: scores, or what an MLP adds, × β.",
            name="Intervene",
        ),
    ] = "none"
    part: Annotated[
        Literal["attention", "mlp", "skip"],
        Knob(
            "on",
            live=False,
            help="Attention, the MLP, or the skip connection: without it an update "
            "takes the place of the states.",
            name="Part",
        ),
    ] = "attention"
    layer: Annotated[
        int,
        Knob(
            "l",
            0,
            200,
            live=False,
            help="Layer l, counted from 1; 0 is every layer.",
            name="In layer",
            soft=(0, 12),
        ),
    ] = 0
    head: Annotated[
        int,
        Knob(
            "h",
            0,
            200,
            live=False,
            help="Head h, counted from 1; 0 is every head.",
            name="On head",
            soft=(0, 12),
        ),
    ] = 0
    beta: Annotated[
        float,
        Knob(
            "× β",
            -100.0,
            100.0,
            live=False,
            help="What scores, or what an MLP adds, are multiplied by.",
            soft=(0.0, 4.0),
        ),
    ] = 2.0

    def inactive(self) -> frozenset[str]:
        if self.action == "none":
            return frozenset({"part", "layer", "head", "beta"})
        unused = set[str]() if self.action == "beta" else {"beta"}
        return frozenset(unused if self.part == "attention" else unused | {"head"})

    def edits(self) -> tuple[Intervention, ...]:
        """Return the interventions: one, or none."""
        if self.action == "none":
            return ()
        head = self.head if self.part == "attention" else 0
        layer, head = (k - 1 if k else None for k in (self.layer, head))
        return (Intervention(self.action, layer, head, self.part, self.beta),)

    def said(self) -> str:
        """Return it in words, such as "layer 3, head 5: off"."""
        where = f"layer {self.layer}" if self.layer else "all layers"
        part = {"attention": "attention", "mlp": "MLP", "skip": "skip"}[self.part]
        if self.part == "attention" and self.head:
            part = f"head {self.head}"
        what = f"× {self.beta:g}" if self.action == "beta" else self.action
        return f"{where}, {part}: {what}"
